"""`python -m sandbox.threads --port 8082`: plays the Threads API on the loopback address."""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import signal
from pathlib import Path

from sandbox.http import Connection, Reply, Request
from sandbox.threads import profile
from sandbox.threads.api import Api
from sandbox.threads.control import control
from sandbox.threads.errors import Refused
from sandbox.threads.faults import Faults
from sandbox.threads.oauth import OAuth
from sandbox.threads.world import World

PR_SET_PDEATHSIG = 1
SAVE_EVERY = 1.0  # seconds


class StandIn:
    def __init__(self, world: World) -> None:
        self.world = world
        self.faults = Faults()
        self.api = Api(world)
        self.oauth = OAuth(world)

    async def answer(self, request: Request) -> Reply:
        if request.path.startswith("/_sim/"):
            return control(self.world, self.faults, request)
        if page := self.page(request.path):
            return page
        name = f"{request.method} {request.path.removeprefix('/v1.0')}"
        if len(self.world.calls) < 1000 or name in self.world.calls:
            self.world.calls[name] = self.world.calls.get(name, 0) + 1
        return await self.faults.around(request, lambda: self.played(request))

    async def played(self, request: Request) -> Reply:
        try:
            return self.oauth.answer(request) or await self.api.answer(request)
        except Refused as refused:
            return refused.reply()

    def page(self, path: str) -> Reply | None:
        if path == "/":
            return Reply(302, headers={"Location": "/@stadt_trier"})
        if path == "/style.css":
            return profile.style()
        if not path.startswith("/@"):
            return None
        username, _, rest = path[2:].partition("/")
        account = self.world.account_named(username)
        if account and not rest:
            return profile.profile(self.world, account)
        code = rest.removeprefix("post/")
        found = [post for post in self.world.posts.values() if post.shortcode == code and not post.is_deleted]
        return profile.single(self.world, found[0]) if found else profile.missing()


async def serve(host: str, port: int, world: World) -> None:
    loop, standin, stopped = asyncio.get_running_loop(), StandIn(world), asyncio.Event()
    await loop.create_server(lambda: Connection(standin.answer), host, port, backlog=1024)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    while not stopped.is_set():
        try:
            await asyncio.wait_for(stopped.wait(), SAVE_EVERY)
        except TimeoutError:
            world.save()
    world.save()


def main() -> None:
    parser = argparse.ArgumentParser(prog="sandbox.threads")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--delay", choices=["real", "none"], default="real")
    parser.add_argument("--state", type=Path)
    arguments = parser.parse_args()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    base = f"http://{arguments.host}:{arguments.port}"
    world = World(arguments.seed, arguments.delay == "real", base, arguments.state)
    world.add_account("stadt_trier", "demo-token", "Stadt Trier")
    world.load()
    asyncio.run(serve(arguments.host, arguments.port, world))


if __name__ == "__main__":
    main()
