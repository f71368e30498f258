"""`/_sim/`: how tests and benches move the clock, plan faults and look behind the scenes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sandbox.bluesky.accounts import Limits
from sandbox.bluesky.world import World
from sandbox.faults import Faults
from sandbox.http import Reply, Request, as_json, json_object


def control(world: World, faults: Faults, request: Request) -> Reply:
    wanted = json_object(request.body)
    try:
        match request.method, request.path:
            case "POST", "/_sim/faults":
                faults.plan(wanted)
            case "POST", "/_sim/reset":
                reset(world, faults, posts=bool(wanted.get("posts")))
            case "POST", "/_sim/clock":
                world.shift += float(wanted["seconds"])
            case "POST", "/_sim/limits":
                world.limits = replace(world.limits, **wanted)
            case "POST", "/_sim/accounts":
                account = world.add_account(wanted["handle"], wanted["password"], wanted.get("name", ""))
                account.status = wanted.get("status", account.status)
                account.is_confirmed = wanted.get("is_confirmed", account.is_confirmed)
            case "POST", "/_sim/forget_blobs":
                world.blobs.clear()
            case "GET", "/_sim/state":
                return as_json(state(world))
            case _:
                return as_json({"error": "unknown control"}, 404)
    except (KeyError, TypeError, ValueError) as error:
        return as_json({"error": f"{type(error).__name__}: {error}"}, 400)
    return as_json({"ok": True})


def reset(world: World, faults: Faults, *, posts: bool) -> None:
    """No faults, no quota used; with `posts` nothing that was written either. Accounts and sessions stay."""
    faults.reset()
    world.limits = Limits()
    world.calls.clear()
    world.arrivals.clear()
    for account in world.accounts.values():
        account.calm()
    if posts:
        world.records.clear()
        world.blobs.clear()
        world.jobs.clear()
    world.changed()


def state(world: World) -> dict[str, Any]:
    handles = {account.did: account.handle for account in world.accounts.values()}
    posts = [{"uri": each.uri, "handle": handles[each.did], **each.value} for each in world.shown_posts()]
    points = {account.handle: sum(cost for _, cost in account.spent) for account in world.accounts.values()}
    return {"posts": posts, "calls": world.calls, "points": points, "now": world.now()}


def count(world: World, request: Request) -> None:
    name = request.path.rsplit(".", 1)[-1][:60]
    if name in world.calls or len(world.calls) < 200:
        world.calls[name] = world.calls.get(name, 0) + 1
