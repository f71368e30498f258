"""`python -m sandbox.threads --port 8082`: plays the Threads API on the loopback address."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sandbox.http import MAX_BODY, HangUp, Reply, Request
from sandbox.serving import is_loopback, serve
from sandbox.threads import profile_page, routes
from sandbox.threads.control import control, count
from sandbox.threads.errors import Refused
from sandbox.threads.faults import faults
from sandbox.threads.oauth import OAuth
from sandbox.threads.state import State
from sandbox.threads.world import World


class StandIn:
    largest = MAX_BODY

    def __init__(self, world: World, state: State | None) -> None:
        self.world = world
        self.state = state
        self.faults = faults()
        self.oauth = OAuth(world)

    def begin(self) -> None:
        if self.state:
            self.state.load()
            self.world.changed = self.state.changed
        self.world.add_account("stadt_trier", "demo-token", "Stadt Trier")

    def end(self) -> None:
        if self.state:
            self.state.save()

    async def answer(self, request: Request) -> Reply:
        """Raises HangUp."""
        if request.path.startswith("/_sim/"):
            return control(self.world, self.faults, request)
        if self.faults.is_dark():
            raise HangUp
        if request.method in ("GET", "HEAD") and (page := profile_page.answer(self.world, request.path)):
            return page
        count(self.world, request)
        return await self.faults.around(request, lambda: self.played(request))

    async def played(self, request: Request) -> Reply:
        try:
            return self.oauth.answer(request) or await routes.answer(self.world, request)
        except Refused as refused:
            return refused.reply()


def opened(address: str, file: Path | None, takes_time: bool, seed: int = 1) -> StandIn:
    world = World(seed, takes_time, address)
    return StandIn(world, State(file, world) if file else None)


def main() -> None:
    parser = argparse.ArgumentParser(prog="sandbox.threads", description="Plays the Threads API for demo and tests.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1, help="the same seed meets the same chances")
    parser.add_argument("--delay", choices=["real", "none"], default="real", help="how long containers take")
    parser.add_argument("--state", type=Path, help="a file in which posts survive a restart")
    arguments = parser.parse_args()
    if not is_loopback(arguments.host):
        parser.error("Das nachgestellte Threads spricht nur mit diesem Rechner: --host 127.0.0.1")
    host, port = arguments.host, arguments.port
    standin = opened(f"http://{host}:{port}", arguments.state, arguments.delay == "real", arguments.seed)
    try:
        serve({port: standin}, host)
    except OSError as error:
        sys.exit(f"Das nachgestellte Threads kann nicht starten: {error.strerror or error}")


if __name__ == "__main__":
    main()
