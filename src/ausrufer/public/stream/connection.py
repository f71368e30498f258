"""One connection of a reader: requests one after the other, or the stream until it goes."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import cast
from urllib.parse import parse_qs, urlsplit

import httptools

from ausrufer.public.stream.files import SAFETY, PublicFiles, Response, Span
from ausrufer.public.stream.hub import MAX_BACKLOG, Hub, Wish
from ausrufer.public.stream.visitors import Visitors

MAX_HEAD = 16_384  # bytes of one request; nobody has to send us more
PATIENCE = 75.0  # seconds a connection may be idle, longer than the poll interval; or an answer may not move on
PIECE = 131_072  # bytes of a large file read at a time
HURRY = 15.0  # seconds within which a request that was begun has to be complete
STREAM_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-store\r\n"
    b"X-Accel-Buffering: no\r\nConnection: keep-alive\r\n"
    + "".join(f"{name}: {value}\r\n" for name, value in SAFETY.items()).encode()
    + b"\r\n"
)
TOO_MANY = Response(
    HTTPStatus.TOO_MANY_REQUESTS,
    {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store", "Retry-After": "60", **SAFETY},
    "Von dieser Adresse sind schon sehr viele Seiten offen. Neue Beiträge zeigt „Neu laden“.\n".encode(),
)


class Connection(asyncio.Protocol):
    __slots__ = (
        "ended",
        "files",
        "headers",
        "hub",
        "left",
        "parser",
        "received",
        "sending",
        "target",
        "timer",
        "transport",
        "visitor",
        "visitors",
        "wish",
    )

    transport: asyncio.Transport

    def __init__(self, hub: Hub, files: PublicFiles, visitors: Visitors) -> None:
        self.hub = hub
        self.files = files
        self.visitors = visitors
        self.visitor: str | None = None  # whose stream this is, once it is one
        self.parser: httptools.HttpRequestParser | None = httptools.HttpRequestParser(self)
        self.headers: dict[bytes, bytes] = {}
        self.target = b""
        self.received = 0
        self.left = 0  # bytes that were still to be sent when we last looked
        self.ended = False  # nothing more is read: it is refused, closing, or a stream
        self.wish = Wish()
        self.sending: Sending | None = None
        self.timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.start_timer(HURRY)

    def connection_lost(self, error: Exception | None) -> None:
        self.ended = True
        self.hub.leave(self)
        if self.visitor is not None:
            self.visitors.leave(self.visitor)
            self.visitor = None
        self.stop_timer()
        self.stop_sending()
        self.parser = None

    def data_received(self, data: bytes) -> None:
        if self.ended or self.parser is None:
            return
        if not self.received:
            self.start_timer(HURRY)
        self.received += len(data)
        if self.received > MAX_HEAD:
            self.refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            return
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:  # answered already, as if it had not asked for another protocol
            if not self.ended:
                self.ended = True
                self.transport.close()
        except httptools.HttpParserError:
            self.refuse(HTTPStatus.BAD_REQUEST)

    def on_url(self, url: bytes) -> None:
        self.target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers[name.lower()] = value

    def on_message_complete(self) -> None:
        if self.ended or self.parser is None:
            return
        method, target = self.parser.get_method(), self.target.decode("latin-1")
        headers, stays = self.headers, self.parser.should_keep_alive()
        self.headers, self.target, self.received = {}, b"", 0
        if self.backlog() > MAX_BACKLOG:  # asks for more without taking what is there
            self.ended = True
            self.drop()
        elif method not in (b"GET", b"HEAD"):
            self.refuse(HTTPStatus.METHOD_NOT_ALLOWED)
        elif target.partition("?")[0] == "/stream":
            self.start_stream(target, headers, with_body=method == b"GET")
        else:
            self.send(self.files.answer(target, headers), with_body=method == b"GET", stays=stays)

    def start_stream(self, target: str, headers: dict[bytes, bytes], *, with_body: bool) -> None:
        peer = self.transport.get_extra_info("peername") or ("",)
        visitor = self.visitors.name(str(peer[0]), headers.get(b"x-forwarded-for", b""))
        if not self.visitors.let_in(visitor):
            self.send(TOO_MANY, with_body=with_body, stays=False)
            return
        self.visitor = visitor
        self.ended = True
        self.stop_timer()
        self.wish = wish(target, headers.get(b"last-event-id", b""))
        self.transport.write(STREAM_HEAD)
        if with_body:
            self.hub.join(self)
        else:
            self.transport.close()

    def send(self, response: Response, *, with_body: bool, stays: bool) -> None:
        head = [f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}"]
        head += [f"{name}: {value}" for name, value in response.headers.items()]
        # After a large file the connection ends: what was asked meanwhile need not wait in a row.
        stays = stays and not (with_body and response.source)
        head += [f"Content-Length: {response.length}"] if response.status != HTTPStatus.NOT_MODIFIED else []
        head += [f"Connection: {'keep-alive' if stays else 'close'}", "", ""]
        # In two pieces: a body that has to wait is then the cached one, not a copy for each reader.
        self.transport.write("\r\n".join(head).encode("latin-1"))
        if with_body and response.body:
            self.transport.write(response.body)
        self.start_timer(PATIENCE)
        self.ended = self.ended or not stays
        if with_body and response.source:
            self.start_sending(response.source)
        elif not stays:
            self.transport.close()

    def start_sending(self, span: Span) -> None:
        try:
            self.sending = Sending(span)
        except OSError:  # taken down a moment ago
            self.transport.abort()
            return
        self.resume_writing()

    def pause_writing(self) -> None:
        if self.sending:
            self.sending.is_paused = True

    def resume_writing(self) -> None:
        """The reader took what was on the way: a large file goes on."""
        if not self.sending:
            return
        self.sending.is_paused = False
        while self.sending and not self.sending.is_paused:
            piece = self.sending.piece()
            if not piece:
                self.stop_sending()
                self.transport.close()
                return
            self.transport.write(piece)

    def stop_sending(self) -> None:
        if self.sending:
            self.sending.file.close()
            self.sending = None

    def refuse(self, status: HTTPStatus) -> None:
        if not self.ended:
            self.send(Response(status, {"Allow": "GET, HEAD"} if status == 405 else {}), with_body=False, stays=False)

    def start_timer(self, seconds: float) -> None:
        self.stop_timer()
        self.left = self.backlog()
        self.timer = asyncio.get_running_loop().call_later(seconds, self.expire)

    def stop_timer(self) -> None:
        if self.timer:
            self.timer.cancel()
            self.timer = None

    def expire(self) -> None:
        """A slow reader may take its time as long as something moves."""
        if 0 < self.backlog() < self.left:
            self.start_timer(PATIENCE)
        else:
            self.transport.abort()

    def backlog(self) -> int:
        return self.transport.get_write_buffer_size() + (self.sending.left if self.sending else 0)

    def write(self, data: bytes) -> None:
        self.transport.write(data)

    def drop(self) -> None:
        self.transport.abort()


class Sending:
    """A large file's part on its way, read as fast as the reader takes it."""

    def __init__(self, span: Span) -> None:
        self.file = span.path.open("rb")
        self.file.seek(span.start)
        self.left = span.length  # bytes
        self.is_paused = False

    def piece(self) -> bytes:
        """ "" at the end, also when the file turned out shorter than it was."""
        content = self.file.read(min(PIECE, self.left))
        self.left -= len(content)
        return content


def wish(target: str, last_event_id: bytes) -> Wish:
    asked = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
    last = int(last_event_id) if last_event_id.isdigit() and len(last_event_id) < 20 else None
    return Wish(asked.get("topic", ""), last, asked.get("after", ""))
