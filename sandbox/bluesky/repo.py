"""Writing: sessions, blobs and records, as the account's server takes them (sheet, sections 2 and 3)."""

from __future__ import annotations

from typing import Any

from sandbox.bluesky.accounts import Account, check_not_taken_down
from sandbox.bluesky.checks import check_gate, check_post
from sandbox.bluesky.errors import WRONG_PASSWORD, Refused, invalid, not_found
from sandbox.bluesky.keys import TID, record_cid, uri_of
from sandbox.bluesky.quotas import COSTS, log_in, spend
from sandbox.bluesky.world import POST, Record, World
from sandbox.http import Request

GATE = "app.bsky.feed.threadgate"
LARGEST_BLOB = 52_428_800  # bytes
LARGEST_BODY = 1_000_000  # of JSON


def create_session(world: World, body: dict[str, Any]) -> dict[str, Any]:
    account = world.account_named(str(body.get("identifier", "")))
    if account is None:
        raise Refused(*WRONG_PASSWORD)
    log_in(account, world.now())
    if body.get("password") != account.password:
        raise Refused(*WRONG_PASSWORD)
    check_not_taken_down(account)
    return world.open_session(account)


def upload_blob(world: World, request: Request) -> dict[str, Any]:
    mime = request.headers.get("content-type", "")
    if not mime or "*" in mime:
        raise invalid("Request encoding (Content-Type) required but not provided")
    if not request.body:
        raise invalid("A request body was expected but none was provided")
    if len(request.body) > LARGEST_BLOB:
        raise Refused("PayloadTooLarge", "request entity too large", 413)
    return {"blob": world.keep_blob(request.body, mime).shown()}


def create_record(world: World, account: Account, body: dict[str, Any]) -> dict[str, Any]:
    """A key that is taken breaks the real server, too: it answers 500."""
    uri = checked(world, account, body)
    if uri in world.records:
        raise Refused("InternalServerError", "Internal Server Error", 500)
    spend(account, COSTS["create"], world.limits, world.now())
    return written(world.write(account, body["collection"], body["rkey"], body["record"]))


def put_record(world: World, account: Account, body: dict[str, Any]) -> dict[str, Any]:
    """The same record again changes nothing, even with a `swapRecord` that would forbid it."""
    spend(account, COSTS["put"], world.limits, world.now())
    uri = checked(world, account, body)
    there = world.records.get(uri)
    if there and there.cid == record_cid(body["record"]):
        return written(there)
    if "swapRecord" in body and body["swapRecord"] != (there.cid if there else None):
        raise Refused("InvalidSwap", f"Record was at {there.cid if there else 'null'}")
    return written(world.write(account, body["collection"], body["rkey"], body["record"]))


def delete_record(world: World, account: Account, body: dict[str, Any]) -> dict[str, Any]:
    """Deleting what is not there is no error."""
    spend(account, COSTS["delete"], world.limits, world.now())
    check_owner(account, body)
    world.delete(uri_of(account.did, body["collection"], body["rkey"]))
    return {}


def get_record(world: World, params: dict[str, str]) -> dict[str, Any]:
    account = world.account_named(params["repo"])
    if account is None:
        raise invalid(f"Could not find repo: {params['repo']}")
    uri = uri_of(account.did, params["collection"], params["rkey"])
    if uri not in world.records:
        raise not_found(uri)
    record = world.records[uri]
    return {"uri": uri, "cid": record.cid, "value": record.value}


def checked(world: World, account: Account, body: dict[str, Any]) -> str:
    check_owner(account, body)
    collection, key, record = body["collection"], body["rkey"], body["record"]
    if not TID.fullmatch(key):
        raise invalid(f'Invalid record key for {collection}: Invalid TID string (got "{key}") at $')
    if collection == POST:
        check_post(world, record)
    elif collection == GATE:
        if record.get("post") != uri_of(account.did, POST, key):
            raise invalid("A threadgate must have the key of its post")
        check_gate(record)
    else:
        raise invalid(f"The stand-in keeps no {collection}")
    return uri_of(account.did, collection, key)


def check_owner(account: Account, body: dict[str, Any]) -> None:
    if body.get("repo") not in (account.did, account.handle):
        raise Refused("AuthenticationRequired", "Invalid repo", 401)


def written(record: Record) -> dict[str, Any]:
    return {"uri": record.uri, "cid": record.cid, "validationStatus": "valid"}
