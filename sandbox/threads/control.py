"""`/_sim/`: how tests and benches move the clock, plan faults and look behind the scenes."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from sandbox.faults import Faults
from sandbox.http import Reply, Request, as_json, json_object
from sandbox.threads.accounts import MENTIONS, SCOPES
from sandbox.threads.world import World


def control(world: World, faults: Faults, request: Request) -> Reply:
    wanted = json_object(request.body)
    try:
        match request.method, request.path:
            case "POST", "/_sim/faults":
                faults.plan(wanted)
            case "POST", "/_sim/reset":
                faults.reset()
                world.limits = world.usual_limits()
                if wanted.get("posts"):
                    empty(world)
            case "POST", "/_sim/clock":
                world.shift += float(wanted["seconds"])
            case "POST", "/_sim/limits":
                world.limits = replace(world.limits, **wanted)
            case "POST", "/_sim/accounts":
                account = world.add_account(wanted["username"], wanted["token"], wanted.get("name", ""))
                account.scopes = wanted.get("scopes", [*SCOPES, MENTIONS])  # a citizen answers whomever she likes
                account.is_eligible_for_geo_gating = wanted.get("geo_gating", False)
            case "GET", "/_sim/state":
                return as_json(state(world, everything=request.params.get("all") == "1"))
            case _:
                return as_json({"error": "unknown control"}, 404)
    except (KeyError, TypeError, ValueError) as error:
        return as_json({"error": f"{type(error).__name__}: {error}"}, 400)
    return as_json({"ok": True})


def empty(world: World) -> None:
    """Posts, containers, counts and what the day used up; accounts and their tokens stay."""
    world.posts.clear()
    world.containers.clear()
    world.calls.clear()
    for account in world.accounts.values():
        account.posted, account.replied, account.deleted = [], [], []
    world.changed()


def state(world: World, *, everything: bool) -> dict[str, Any]:
    shown = [each for each in world.posts.values() if everything or not each.is_deleted]
    posts = [
        {**asdict(each), "timestamp": each.timestamp, "permalink": world.permalink(each), "deleted": each.is_deleted}
        for each in shown
    ]
    return {"posts": posts, "containers": len(world.containers), "calls": world.calls}


def count(world: World, request: Request) -> None:
    """By route: names stay as they are, ids become {id}."""
    parts = request.path.removeprefix("/v1.0").strip("/").split("/")
    route = "/".join("{id}" if part.isdecimal() else part for part in parts)[:60]
    name = f"{request.method} /{route}"
    if name in world.calls or len(world.calls) < 200:
        world.calls[name] = world.calls.get(name, 0) + 1
