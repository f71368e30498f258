"""What everybody reads without a login: posts, threads, profiles."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sandbox.bluesky.accounts import Account
from sandbox.bluesky.errors import Refused, invalid
from sandbox.bluesky.world import Record, World

MOST = 25  # posts in one question
MOST_NOTIFICATIONS = 100
DEEPEST = 1_000  # of a thread, downwards and upwards


def get_posts(world: World, uris: list[str]) -> dict[str, Any]:
    if not 0 < len(uris) <= MOST:
        raise invalid(f"Error: uris must have between 1 and {MOST} elements")
    found = [world.records[uri] for uri in uris if uri in world.records]
    return {"posts": [post(world, each) for each in found if world.is_shown(each)]}


def get_thread(world: World, params: dict[str, str]) -> dict[str, Any]:
    uri, depth, height = params["uri"], int(params.get("depth", 6)), int(params.get("parentHeight", 80))
    if not (0 <= depth <= DEEPEST and 0 <= height <= DEEPEST):
        raise invalid(f"Error: depth and parentHeight can not be greater than {DEEPEST}")
    record = world.records.get(uri)
    if record is None or not world.is_shown(record):
        raise Refused("NotFound", f"Post not found: {uri}")
    return {"thread": thread(world, record, depth)}


def get_profile(world: World, actor: str) -> dict[str, Any]:
    account = world.account_named(actor)
    if account is None:
        raise invalid("Profile not found")
    return author(account)


def resolve_handle(world: World, handle: str) -> dict[str, str]:
    account = next((each for each in world.accounts.values() if each.handle == handle), None)
    if account is None:
        raise Refused("HandleNotFound", "Unable to resolve handle")
    return {"did": account.did}


def notifications(world: World, account: Account, params: dict[str, list[str]]) -> dict[str, Any]:
    """Who answered us, newest first; other reasons there are none here."""
    limit = int(params.get("limit", ["50"])[0])
    if not 1 <= limit <= MOST_NOTIFICATIONS:
        raise invalid(f"Error: limit must be between 1 and {MOST_NOTIFICATIONS}")
    if "reply" not in params.get("reasons", ["reply"]):
        return {"notifications": []}
    mine = [each for each in world.shown_posts() if each.did != account.did and answers(each, account)]
    return {"notifications": [post(world, each) | {"reason": "reply"} for each in reversed(mine[-limit:])]}


def answers(record: Record, account: Account) -> bool:
    return str(record.value.get("reply", {}).get("parent", {}).get("uri", "")).startswith(f"at://{account.did}/")


def thread(world: World, record: Record, depth: int) -> dict[str, Any]:
    below = [thread(world, each, depth - 1) for each in world.replies_to(record.uri)] if depth > 0 else []
    return {"$type": "app.bsky.feed.defs#threadViewPost", "post": post(world, record), "replies": below}


def post(world: World, record: Record) -> dict[str, Any]:
    at = datetime.fromtimestamp(record.indexed_at, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    counts = {"likeCount": 0, "repostCount": 0, "quoteCount": 0, "replyCount": len(world.replies_to(record.uri))}
    facts = {"uri": record.uri, "cid": record.cid, "author": author(world.accounts[record.did])}
    return facts | {"record": record.value, "indexedAt": at} | counts


def author(account: Account) -> dict[str, str]:
    return {"did": account.did, "handle": account.handle, "displayName": account.name}
