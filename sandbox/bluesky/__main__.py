"""`python -m sandbox.bluesky --port 8083`: plays Bluesky on the loopback address."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sandbox.bluesky import profile_page, routes
from sandbox.bluesky.control import control, count
from sandbox.bluesky.errors import Refused
from sandbox.bluesky.faults import faults
from sandbox.bluesky.quotas import knock
from sandbox.bluesky.state import State
from sandbox.bluesky.world import World
from sandbox.http import HangUp, Reply, Request
from sandbox.serving import is_loopback, serve


class StandIn:
    largest = 310_000_000  # a video's

    def __init__(self, world: World, state: State | None) -> None:
        self.world = world
        self.state = state
        self.faults = faults()

    def begin(self) -> None:
        if self.state:
            self.state.load()
            self.world.changed = self.state.changed
        self.world.add_account("stadt-trier.test", "demo-demo-demo-demo", "Stadt Trier")
        self.world.add_account("dora.test", "dora-dora-dora-dora", "Dora")

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
            knock(self.world.arrivals, self.world.limits, self.world.now())
            return routes.answer(self.world, request)
        except Refused as refused:
            return refused.reply()


def opened(address: str, file: Path | None, takes_time: bool) -> StandIn:
    world = World(address)
    return StandIn(world, State(file, world) if file else None)


def main() -> None:
    parser = argparse.ArgumentParser(prog="sandbox.bluesky", description="Plays Bluesky for demo and tests.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state", type=Path, help="a file in which posts survive a restart")
    arguments = parser.parse_args()
    if not is_loopback(arguments.host):
        parser.error("Das nachgestellte Bluesky spricht nur mit diesem Rechner: --host 127.0.0.1")
    host, port = arguments.host, arguments.port
    try:
        serve({port: opened(f"http://{host}:{port}", arguments.state, False)}, host)
    except OSError as error:
        sys.exit(f"Das nachgestellte Bluesky kann nicht starten: {error.strerror or error}")


if __name__ == "__main__":
    main()
