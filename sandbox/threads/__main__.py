"""`python -m sandbox.threads --port 8082`: plays the Threads API on the loopback address."""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import ipaddress
import signal
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from sandbox.http import Connection, HangUp, Reply, Request
from sandbox.threads import profile_page, routes
from sandbox.threads.control import control, count
from sandbox.threads.errors import Refused
from sandbox.threads.faults import faults
from sandbox.threads.oauth import OAuth
from sandbox.threads.state import State
from sandbox.threads.world import World

PR_SET_PDEATHSIG = 1


class StandIn:
    def __init__(self, world: World) -> None:
        self.world = world
        self.faults = faults()
        self.oauth = OAuth(world)

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


async def serve(host: str, port: int, world: World, state: State | None) -> None:
    """Until SIGTERM. Raises OSError when the port is taken."""
    loop, standin, stopped = asyncio.get_running_loop(), StandIn(world), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    await loop.create_server(lambda: Connection(standin.answer), host, port, backlog=1024)
    if state:
        state.load()
        world.changed = state.changed
    world.add_account("stadt_trier", "demo-token", "Stadt Trier")
    await stopped.wait()
    if state:
        state.save()


def runner() -> Callable[[Coroutine[Any, Any, None]], None]:
    """uvloop's where it is installed."""
    try:
        import uvloop
    except ImportError:
        return asyncio.run
    return uvloop.run


def is_loopback(host: str) -> bool:
    """It has no password, and it fetches whatever address it is told."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


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
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    world = World(arguments.seed, arguments.delay == "real", f"http://{arguments.host}:{arguments.port}")
    state = State(arguments.state, world) if arguments.state else None
    try:
        runner()(serve(arguments.host, arguments.port, world, state))
    except OSError as error:
        sys.exit(f"Das nachgestellte Threads kann nicht starten: {error.strerror or error}")


if __name__ == "__main__":
    main()
