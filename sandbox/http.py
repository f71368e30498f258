"""A small HTTP/1.1 server for stand-ins: asyncio and httptools, nothing else."""

from __future__ import annotations

import asyncio
import json
import sys
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import parse_qsl, unquote, urlsplit

import httptools

MAX_BODY = 1_000_000  # bytes; what platforms take as text is far below
HUGE = 200_000_000  # bytes
PIECE = b" " * 100_000
HANG = 3600.0  # seconds; nobody waits as long


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    params: dict[str, str]  # query, form and JSON fields together, as Meta takes them
    body: bytes
    headers: dict[str, str]
    query: str = ""  # as it came, for names that come more than once


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: bytes = b""
    type: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    is_huge: bool = False  # 200 MB follow


class HangUp(Exception):
    """The connection is closed without an answer."""


Answer = Callable[[Request], Awaitable[Reply]]


def as_json(value: Any, status: int = 200, **headers: str) -> Reply:
    return Reply(status, json.dumps(value, ensure_ascii=False).encode(), headers=headers)


def as_html(text: str, status: int = 200) -> Reply:
    return Reply(status, text.encode(), "text/html; charset=utf-8")


def cut(reply: Reply) -> Reply:
    """Half of it, as when a line breaks off behind a proxy that had announced no more."""
    return replace(reply, body=reply.body[: len(reply.body) // 2])


class Connection(asyncio.Protocol):
    """Requests of one connection, answered in their order.

    A request that has arrived is played to its end even when the client leaves: so do real platforms.
    """

    transport: asyncio.Transport
    work: asyncio.Task[None]

    def __init__(self, answer: Answer, most: int = MAX_BODY) -> None:
        self.answer = answer
        self.most = most
        self.parser = httptools.HttpRequestParser(self)
        self.waiting: asyncio.Queue[tuple[Request, bool] | None] = asyncio.Queue()
        self.is_free = asyncio.Event()  # the client keeps up with what we write
        self.is_free.set()
        self.begin()

    def begin(self) -> None:
        self.target: bytes = b""
        self.headers: dict[str, str] = {}
        self.body = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.work = asyncio.get_running_loop().create_task(self.serve())

    def connection_lost(self, error: Exception | None) -> None:
        self.is_free.set()
        self.waiting.put_nowait(None)

    def pause_writing(self) -> None:
        self.is_free.clear()

    def resume_writing(self) -> None:
        self.is_free.set()

    def data_received(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserError:
            self.transport.abort()

    def on_message_begin(self) -> None:
        self.begin()

    def on_url(self, url: bytes) -> None:
        self.target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        self.body += body
        if len(self.body) > self.most:
            self.transport.abort()

    def on_message_complete(self) -> None:
        method = self.parser.get_method().decode()
        request = parsed(method, self.target.decode("latin-1"), bytes(self.body), self.headers)
        self.waiting.put_nowait((request, self.parser.should_keep_alive()))

    async def serve(self) -> None:
        while arrived := await self.waiting.get():
            request, stays = arrived
            try:
                # Carried out to the end although the caller may be gone: that is what makes lost answers dangerous.
                reply = await self.answer(request)
            except HangUp:
                self.transport.abort()
                return
            except Exception:
                traceback.print_exc(file=sys.stderr)
                reply = as_json({"error": {"message": "The stand-in itself broke.", "code": 1}}, 500)
            await self.send(reply, stays=stays, is_head=request.method == "HEAD")
            if not stays:
                self.transport.close()
                return

    async def send(self, reply: Reply, *, stays: bool, is_head: bool) -> None:
        length = HUGE if reply.is_huge else len(reply.body)
        head = [f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}", f"Content-Type: {reply.type}"]
        head += [f"{name}: {value}" for name, value in reply.headers.items()]
        head += [f"Content-Length: {length}", f"Connection: {'keep-alive' if stays else 'close'}", "", ""]
        self.transport.write("\r\n".join(head).encode() + (b"" if is_head else reply.body))
        if reply.is_huge and not is_head:
            await self.stream()

    async def stream(self) -> None:
        for _ in range(HUGE // len(PIECE)):
            await self.is_free.wait()
            if self.transport.is_closing():
                return
            self.transport.write(PIECE)


def parsed(method: str, target: str, body: bytes, headers: dict[str, str]) -> Request:
    parts = urlsplit(target)
    params = dict(parse_qsl(parts.query, keep_blank_values=True))
    kind = headers.get("content-type", "")
    if kind.startswith("application/x-www-form-urlencoded"):
        params |= dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    elif kind.startswith("application/json"):
        params |= {name: as_field(value) for name, value in json_object(body).items()}
    return Request(method, unquote(parts.path), params, body, headers, parts.query)


def as_field(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def json_object(body: bytes) -> dict[str, Any]:
    """Empty when the body is anything else."""
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
