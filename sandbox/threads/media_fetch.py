"""What Threads makes of the media it fetched (sheet, section 5.4)."""

from __future__ import annotations

from sandbox import meta_films
from sandbox.fetching import fetch
from sandbox.pictures import dimensions
from sandbox.threads.errors import BAD_RATIO, NOT_FETCHED, Refused

MAX_SIZE = 8_000_000  # bytes (section 5.1)
MAX_RATIO = 10.0
MAX_SECONDS = 300.0  # section 5.2


async def fetch_picture(address: str) -> None:
    """Raises Refused when it is no picture that Threads takes."""
    found = await fetch(address, MAX_SIZE + 1)
    size = dimensions(bytes(found.body)) if found else None
    if found is None or found.type not in ("image/jpeg", "image/png") or size is None or len(found.body) > MAX_SIZE:
        raise Refused(*NOT_FETCHED)
    if max(size) > MAX_RATIO * min(size):
        raise Refused(*BAD_RATIO)


async def trouble_with_video(address: str) -> str:
    """The error_message of its container; empty when it is a film that Threads takes."""
    return meta_films.trouble(await fetch(address, meta_films.HEAD), MAX_SECONDS)
