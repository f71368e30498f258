"""What every small stand-in shares: one server on the loopback address, `/_sim/` to steer it, SIGTERM to end it."""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import json
import signal
from collections.abc import Callable, Iterator
from email.message import Message
from email.parser import BytesParser
from typing import Any, Protocol

from sandbox.http import Connection, HangUp, Reply, Request, as_json, json_object
from sandbox.misbehaving import Faults
from sandbox.pages import STYLE

PR_SET_PDEATHSIG = 1
LARGEST = 12_000_000  # bytes of one call: a picture, or a piece of a video


class Played(Protocol):
    faults: Faults

    async def played(self, request: Request) -> Reply: ...

    def page(self, request: Request) -> Reply | None:
        """What a citizen sees; None when the call is not for a page."""
        ...

    def shown(self) -> list[dict[str, Any]]:
        """The posts that are online, oldest first."""
        ...


def answering(standin: Played) -> Callable[[Request], Any]:
    async def answer(request: Request) -> Reply:
        match request.method, request.path:
            case "POST", "/_sim/faults":
                standin.faults.plan(json_object(request.body))
                return as_json({"ok": True})
            case "POST", "/_sim/reset":
                standin.faults.planned.clear()
                return as_json({"ok": True})
            case "GET", "/_sim/state":
                return as_json({"posts": standin.shown()})
            case "GET", "/style.css":
                return STYLE
        if standin.faults.is_dark():
            raise HangUp
        return standin.page(request) or await standin.faults.around(request, lambda: standin.played(request))

    return answer


def play(name: str, standin: Played, *, most: int = LARGEST) -> None:
    """`most` are the bytes of one call that it reads."""
    parser = argparse.ArgumentParser(prog=f"sandbox.{name}", description="Plays a platform on the loopback address.")
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)

    async def serve() -> None:
        loop, stopped = asyncio.get_running_loop(), asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopped.set)
        await loop.create_server(lambda: Connection(answering(standin), most=most), "127.0.0.1", port)
        await stopped.wait()

    asyncio.run(serve())


def parts(request: Request) -> dict[str, Any]:
    """The fields of a JSON or multipart body; files as bytes."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        return json.loads(request.body) if kind.startswith("application/json") else dict(request.params)
    found: dict[str, Any] = {}
    for name, part in form_of(request):
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        found[name] = content if part.get_filename() else content.decode().removesuffix("\r\n")
    return found


def named_file(request: Request, wanted: str) -> tuple[str, str]:
    """(name, type) of a file in a multipart body; empty when there is none."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return "", ""
    files = [(str(part.get_filename()), part.get_content_type()) for name, part in form_of(request) if name == wanted]
    return files[0] if files else ("", "")


def form_of(request: Request) -> Iterator[tuple[str, Message]]:
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n"
    message: Message = BytesParser().parsebytes(head.encode() + request.body)
    for part in message.get_payload():
        assert isinstance(part, Message)
        yield str(part.get_param("name", header="content-disposition")), part
