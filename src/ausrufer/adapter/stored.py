"""Stored pictures and videos for platforms: their bytes, or the address from which somebody fetches them."""

from __future__ import annotations

from ausrufer.adapter.errors import Rejected
from ausrufer.adapter.supplies import Supplies

GONE = "Das Bild oder Video ist nicht mehr gespeichert."


def stored_bytes(supplies: Supplies, digest: str, start: int = 0, length: int = -1) -> bytes:
    """All of it, or `length` bytes from `start`: a film may have 500 MB. Raises Rejected when the file is gone."""
    try:
        if supplies.media:
            return supplies.media.read(digest, start, length)
    except FileNotFoundError:
        pass
    raise Rejected(GONE, diagnostic=digest)


def public_address(supplies: Supplies, digest: str) -> str:
    """Raises Rejected when the file is gone, or nobody could fetch it."""
    if supplies.media is None:
        raise Rejected("Die Bilder sind nicht öffentlich erreichbar.")
    try:
        return supplies.media.public_url(digest)
    except FileNotFoundError as error:
        raise Rejected(GONE, diagnostic=digest) from error
