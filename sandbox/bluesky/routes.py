"""The calls of the protocol that the stand-in plays."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from sandbox.bluesky import reading, repo, videos
from sandbox.bluesky.accounts import Account, check_in_use
from sandbox.bluesky.errors import Refused, invalid
from sandbox.bluesky.world import World
from sandbox.http import Reply, Request, as_json, json_object


def answer(world: World, request: Request) -> Reply:
    """Raises Refused."""
    name = request.path.removeprefix("/xrpc/")
    try:
        found = for_everybody(world, request, name)
        if found is None:
            found = for_the_account(world, request, name)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise invalid(f"{type(error).__name__}: {error}") from error
    if found is None:
        raise Refused("MethodNotImplemented", "Method Not Implemented", 501)
    return as_json(found)


def for_everybody(world: World, request: Request, name: str) -> dict[str, Any] | None:
    params = request.params
    match request.method, name:
        case "POST", "com.atproto.server.createSession":
            return repo.create_session(world, json_object(request.body))
        case "POST", "com.atproto.server.refreshSession":
            return world.refresh_session(bearer(request))
        case "GET", "com.atproto.repo.getRecord":
            return repo.get_record(world, params)
        case "GET", "com.atproto.identity.resolveHandle":
            return reading.resolve_handle(world, params["handle"])
        case "GET", "app.bsky.feed.getPosts":
            return reading.get_posts(world, parse_qs(request.query).get("uris", []))
        case "GET", "app.bsky.feed.getPostThread":
            return reading.get_thread(world, params)
        case "GET", "app.bsky.actor.getProfile":
            return reading.get_profile(world, params["actor"])
        case "POST", "app.bsky.video.uploadVideo":
            return videos.upload(world, request, bearer(request))
        case "GET", "app.bsky.video.getUploadLimits":
            return videos.upload_limits(world, bearer(request))
        case "GET", "app.bsky.video.getJobStatus":
            return videos.look(world, params["jobId"])
    return None


def for_the_account(world: World, request: Request, name: str) -> dict[str, Any] | None:
    account = world.account_of(bearer(request), "access")
    match request.method, name:
        case "GET", "com.atproto.server.getSession":
            return world.facts(account)
        case "GET", "com.atproto.server.getServiceAuth":
            return videos.ticket(world, account.did, request.params)
        case "GET", "app.bsky.notification.listNotifications":
            return reading.notifications(world, account, parse_qs(request.query))
        case "POST", _:
            return writing(world, account, request, name)
    return None


def writing(world: World, account: Account, request: Request, name: str) -> dict[str, Any] | None:
    check_in_use(account)
    if name == "com.atproto.repo.uploadBlob":
        return repo.upload_blob(world, request)
    if len(request.body) > repo.LARGEST_BODY:
        raise Refused("PayloadTooLarge", "request entity too large", 413)
    calls = {
        "com.atproto.repo.createRecord": repo.create_record,
        "com.atproto.repo.putRecord": repo.put_record,
        "com.atproto.repo.deleteRecord": repo.delete_record,
    }
    return calls[name](world, account, json_object(request.body)) if name in calls else None


def bearer(request: Request) -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ")
