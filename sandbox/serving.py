"""Serving stand-ins, one or several in a process: they come back as they were, and end with SIGTERM or the parent."""

from __future__ import annotations

import asyncio
import ctypes
import ipaddress
import signal
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from sandbox.http import Connection, Reply, Request

PR_SET_PDEATHSIG = 1


class StandIn(Protocol):
    largest: int  # bytes of one call

    async def answer(self, request: Request) -> Reply:
        """Raises HangUp."""
        ...

    def begin(self) -> None:
        """Everything that was kept is there again. Called inside the loop, before the first call is taken."""
        ...

    def end(self) -> None: ...


# Its own address, the file that keeps what was posted (None: nothing is kept), and whether it takes its time.
Opening = Callable[[str, Path | None, bool], StandIn]


def serve(standins: Mapping[int, StandIn], host: str = "127.0.0.1") -> None:
    """`standins` by their ports. Raises OSError when one is taken; then none has begun."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    runner()(until_told(standins, host))


async def until_told(standins: Mapping[int, StandIn], host: str) -> None:
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    servers = [
        await loop.create_server(
            partial(Connection, each.answer, each.largest), host, port, backlog=1024, start_serving=False
        )
        for port, each in standins.items()
    ]
    for each in standins.values():
        each.begin()
    for server in servers:
        await server.start_serving()
    await stopped.wait()
    for each in standins.values():
        each.end()


def runner() -> Callable[[Coroutine[Any, Any, None]], None]:
    """uvloop's where it is installed."""
    try:
        import uvloop
    except ImportError:
        return asyncio.run
    return uvloop.run


def is_loopback(host: str) -> bool:
    """Stand-ins have no password, fetch whatever address they are told, and do whatever they are told."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
