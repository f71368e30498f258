"""`python -m sandbox.bluesky --port 8083`: plays Bluesky on the loopback address."""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import ipaddress
import signal
import sys
from pathlib import Path

from sandbox.bluesky import profile_page, routes
from sandbox.bluesky.control import control, count
from sandbox.bluesky.errors import Refused
from sandbox.bluesky.faults import faults
from sandbox.bluesky.state import State
from sandbox.bluesky.world import World
from sandbox.http import Connection, HangUp, Reply, Request

PR_SET_PDEATHSIG = 1
LARGEST_BODY = 310_000_000  # bytes; a video's


class StandIn:
    def __init__(self, world: World) -> None:
        self.world = world
        self.faults = faults()

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
            return routes.answer(self.world, request)
        except Refused as refused:
            return refused.reply()


async def serve(host: str, port: int, world: World, state: State | None) -> None:
    """Until SIGTERM. Raises OSError when the port is taken."""
    loop, standin, stopped = asyncio.get_running_loop(), StandIn(world), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    await loop.create_server(lambda: Connection(standin.answer, LARGEST_BODY), host, port, backlog=1024)
    if state:
        state.load()
        world.changed = state.changed
    world.add_account("stadt-trier.test", "demo-demo-demo-demo", "Stadt Trier")
    world.add_account("dora.test", "dora-dora-dora-dora", "Dora")
    await stopped.wait()
    if state:
        state.save()


def is_loopback(host: str) -> bool:
    """It does whatever it is told."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def main() -> None:
    parser = argparse.ArgumentParser(prog="sandbox.bluesky", description="Plays Bluesky for demo and tests.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state", type=Path, help="a file in which posts survive a restart")
    arguments = parser.parse_args()
    if not is_loopback(arguments.host):
        parser.error("Das nachgestellte Bluesky spricht nur mit diesem Rechner: --host 127.0.0.1")
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    world = World(f"http://{arguments.host}:{arguments.port}")
    state = State(arguments.state, world) if arguments.state else None
    try:
        asyncio.run(serve(arguments.host, arguments.port, world, state))
    except OSError as error:
        sys.exit(f"Das nachgestellte Bluesky kann nicht starten: {error.strerror or error}")


if __name__ == "__main__":
    main()
