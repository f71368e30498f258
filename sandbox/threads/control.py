"""`/_sim/`: how tests and benches move the clock, plan faults and look behind the scenes."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from sandbox.http import Reply, Request, as_json
from sandbox.threads.faults import Fault, Faults
from sandbox.threads.world import World


def control(world: World, faults: Faults, request: Request) -> Reply:
    wanted: dict[str, Any] = json.loads(request.body or b"{}")
    match request.path:
        case "/_sim/faults":
            try:
                faults.plan(Fault(wanted.pop("fault"), **wanted))
            except (KeyError, TypeError, ValueError) as error:
                return as_json({"error": str(error)}, 400)
        case "/_sim/reset":
            faults.reset()
            if wanted.get("posts"):
                world.posts.clear()
                world.containers.clear()
                world.is_changed = True
            for account in world.accounts.values():
                account.posted, account.deleted, account.is_restricted = [], [], False
        case "/_sim/clock":
            world.shift += float(wanted["seconds"])
        case "/_sim/accounts":
            world.add_account(wanted["username"], wanted["token"])
        case "/_sim/state":
            everything = request.params.get("all") == "1"
            shown = [each for each in world.posts.values() if everything or not each.is_deleted]
            posts = [asdict(each) | {"permalink": world.permalink(each)} for each in shown]
            return as_json({"posts": posts, "containers": len(world.containers), "calls": world.calls})
        case _:
            return as_json({"error": "unknown control"}, 404)
    return as_json({"ok": True})
