"""What every small stand-in shares: `/_sim/` to steer it, its pages, and posts that are kept."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from typing import Any, Protocol

from sandbox.http import HangUp, Reply, Request, as_json, json_object
from sandbox.keeping import Keeper, Kept
from sandbox.misbehaving import Faults
from sandbox.pages import STYLE
from sandbox.serving import Opening, serve

LARGEST = 12_000_000  # bytes of one call: a picture, or a piece of a video


class Played(Kept, Protocol):
    faults: Faults

    async def played(self, request: Request) -> Reply: ...

    def page(self, request: Request) -> Reply | None:
        """What a citizen sees; None when the call is not for a page."""
        ...

    def shown(self) -> list[dict[str, Any]]:
        """The posts that are online, oldest first."""
        ...


class Playing:
    """One of them at its address."""

    def __init__(self, standin: Played, file: Path | None, largest: int) -> None:
        self.standin = standin
        self.largest = largest
        self.keeper = Keeper(file, standin) if file else None

    def begin(self) -> None:
        if self.keeper:
            self.keeper.load()

    def end(self) -> None:
        if self.keeper:
            self.keeper.save()

    async def answer(self, request: Request) -> Reply:
        """Raises HangUp."""
        faults = self.standin.faults
        match request.method, request.path:
            case "POST", "/_sim/faults":
                faults.plan(json_object(request.body))
                return as_json({"ok": True})
            case "POST", "/_sim/reset":
                faults.reset()
                return as_json({"ok": True})
            case "GET", "/_sim/state":
                return as_json({"posts": self.standin.shown()})
            case "GET", "/style.css":
                return STYLE
        if faults.is_dark():
            raise HangUp
        return self.standin.page(request) or await faults.around(request, lambda: self.played(request))

    async def played(self, request: Request) -> Reply:
        """Kept before it is answered: what was seen outlives a kill."""
        reply = await self.standin.played(request)
        self.end()
        return reply


def opening(make: Callable[[], Played], *, largest: int = LARGEST) -> Opening:
    """`largest`: bytes of one call that it reads. They take no time of their own."""
    return lambda address, file, takes_time: Playing(make(), file, largest)


def play(name: str, opened: Opening) -> None:
    parser = argparse.ArgumentParser(prog=f"sandbox.{name}", description="Plays a platform on the loopback address.")
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    serve({port: opened(f"http://127.0.0.1:{port}", None, False)})


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
