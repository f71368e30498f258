"""Fetching a picture as Meta does: really, from the address that was named."""

from __future__ import annotations

import asyncio
import struct
import urllib.error
import urllib.request

from sandbox.threads.errors import NOT_FETCHED, Refused

MAX_SIZE = 8_000_000  # bytes (section 5.1)
MAX_RATIO = 10.0
PATIENCE = 5.0  # seconds


async def fetch_picture(address: str) -> None:
    """Raises Refused when it is no picture that Threads takes."""
    await asyncio.get_running_loop().run_in_executor(None, fetch, address)


def fetch(address: str) -> None:
    request = urllib.request.Request(address, headers={"User-Agent": "facebookexternalhit/1.1"})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            kind, content = answer.headers.get_content_type(), answer.read(MAX_SIZE + 1)
    except (OSError, ValueError) as error:
        raise Refused(*NOT_FETCHED) from error
    size = dimensions(content)
    if kind not in ("image/jpeg", "image/png") or size is None or len(content) > MAX_SIZE:
        raise Refused(*NOT_FETCHED)
    if max(size) > MAX_RATIO * min(size):
        raise Refused("The aspect ratio is not supported.", 1, 2207009)


def dimensions(content: bytes) -> tuple[int, int] | None:
    """(width, height) from the head of a PNG or JPEG; None when it is neither."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if not content.startswith(b"\xff\xd8"):
        return None
    place = 2
    while place + 9 < len(content) and content[place] == 0xFF:
        marker, length = content[place + 1], struct.unpack(">H", content[place + 2 : place + 4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return width, height
        place += 2 + length
    return None
