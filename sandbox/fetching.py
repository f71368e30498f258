"""Fetching media as Meta does: really, from the address that was named, following no redirect."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

import httptools

PATIENCE = 5.0  # seconds


@dataclass
class Fetched:
    """What arrived so far."""

    enough: int  # bytes after which no more is read
    status: int = 0
    type: str = ""
    length: int = 0  # bytes, as announced
    body: bytearray = field(default_factory=bytearray)
    is_whole: bool = False

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"content-type":
            self.type = value.decode("latin-1").partition(";")[0].strip().lower()
        if name.lower() == b"content-length" and value.isdigit():
            self.length = int(value)

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.is_whole = True

    @property
    def is_done(self) -> bool:
        return self.is_whole or len(self.body) >= self.enough


async def fetch(address: str, enough: int) -> Fetched | None:
    """None when it does not come: no answer, another status than 200, cut short, or not HTTP."""
    try:
        found = await asyncio.wait_for(get(urlsplit(address), enough), PATIENCE)
    except (OSError, ValueError, httptools.HttpParserError, TimeoutError):
        return None
    return found if found.status == 200 and found.is_done else None


async def get(where: SplitResult, enough: int) -> Fetched:
    """Raises OSError, ValueError, HttpParserError."""
    if where.scheme not in ("http", "https") or not where.hostname:
        raise ValueError(where.scheme)
    secure = where.scheme == "https"
    reader, writer = await asyncio.open_connection(
        where.hostname, where.port or (443 if secure else 80), ssl=True if secure else None
    )
    try:
        path = f"{where.path or '/'}{'?' + where.query if where.query else ''}"
        head = [f"GET {path} HTTP/1.1", f"Host: {where.netloc.rpartition('@')[2]}", "Accept: */*"]
        head += ["User-Agent: facebookexternalhit/1.1", "Connection: close", "", ""]
        writer.write("\r\n".join(head).encode("ascii"))
        found = Fetched(enough)
        parser = httptools.HttpResponseParser(found)
        while not found.is_done and (piece := await reader.read(65_536)):
            parser.feed_data(piece)
            found.status = parser.get_status_code()
        return found
    finally:
        writer.close()
