"""A small HTTP/1.1 server for stand-ins: asyncio and httptools, nothing else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import parse_qsl, unquote, urlsplit

import httptools

MAX_BODY = 1_000_000  # bytes; what platforms take as text is far below


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    params: dict[str, str]  # query, form and JSON fields together, as Meta takes them
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: bytes = b""
    type: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    is_endless: bool = False  # 200 MB follow


class HangUp(Exception):
    """The connection is closed without an answer."""


Answer = Callable[[Request], Awaitable[Reply]]


def as_json(value: Any, status: int = 200, **headers: str) -> Reply:
    return Reply(status, json.dumps(value, ensure_ascii=False).encode(), headers=headers)


def as_html(text: str, status: int = 200) -> Reply:
    return Reply(status, text.encode(), "text/html; charset=utf-8")


class Connection(asyncio.Protocol):
    """Requests of one connection, answered in their order."""

    transport: asyncio.Transport

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.parser = httptools.HttpRequestParser(self)
        self.begin()
        self.waiting: asyncio.Queue[tuple[Request, bool]] = asyncio.Queue()
        self.work: asyncio.Task[None] | None = None

    def begin(self) -> None:
        self.target, self.headers, self.body = b"", {}, bytearray()

    target: bytes
    headers: dict[str, str]
    body: bytearray

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.work = asyncio.get_running_loop().create_task(self.serve())

    def connection_lost(self, error: Exception | None) -> None:
        if self.work:
            self.work.cancel()

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
        if len(self.body) > MAX_BODY:
            self.transport.abort()

    def on_message_complete(self) -> None:
        method = self.parser.get_method().decode()
        request = parsed(method, self.target.decode("latin-1"), bytes(self.body), self.headers)
        self.waiting.put_nowait((request, self.parser.should_keep_alive()))

    async def serve(self) -> None:
        while True:
            request, stays = await self.waiting.get()
            try:
                reply = await self.answer(request)
            except HangUp:
                self.transport.abort()
                return
            await self.send(reply, stays=stays)
            if not stays:
                self.transport.close()
                return

    async def send(self, reply: Reply, *, stays: bool) -> None:
        length = 200_000_000 if reply.is_endless else len(reply.body)
        head = [f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}", f"Content-Type: {reply.type}"]
        head += [f"{name}: {value}" for name, value in reply.headers.items()]
        head += [f"Content-Length: {length}", f"Connection: {'keep-alive' if stays else 'close'}", "", ""]
        self.transport.write("\r\n".join(head).encode() + reply.body)
        while reply.is_endless and length > 0 and not self.transport.is_closing():
            self.transport.write(b" " * 100_000)
            length -= 100_000
            await asyncio.sleep(0)


def parsed(method: str, target: str, body: bytes, headers: dict[str, str]) -> Request:
    parts = urlsplit(target)
    params = dict(parse_qsl(parts.query, keep_blank_values=True))
    kind = headers.get("content-type", "")
    if kind.startswith("application/x-www-form-urlencoded"):
        params |= dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    elif kind.startswith("application/json"):
        try:
            found = json.loads(body or b"{}")
        except ValueError:
            found = {}
        params |= {key: value if isinstance(value, str) else json.dumps(value) for key, value in found.items()}
    return Request(method, unquote(parts.path), params, body, headers)
