"""Stored pictures and videos for platforms: their bytes, or the address from which somebody fetches them."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, TypeVar

from ausrufer.adapter.errors import Rejected
from ausrufer.adapter.supplies import Media, Supplies

GONE = "Das Bild oder Video ist nicht mehr gespeichert."

Found = TypeVar("Found")


def stored_bytes(supplies: Supplies, digest: str) -> bytes:
    """All of it: for pictures and captions, since a film may have 500 MB. Raises Rejected when the file is gone."""
    media = media_of(supplies, digest)
    return there(digest, lambda: media.read(digest))


def public_address(supplies: Supplies, digest: str) -> str:
    """Raises Rejected when the file is gone, or nobody could fetch it."""
    if supplies.media is None:
        raise Rejected("Die Bilder sind nicht öffentlich erreichbar.")
    media = supplies.media
    return there(digest, lambda: media.public_url(digest))


class StoredFile(io.RawIOBase):
    """An upload of any size: read while it is sent, 64 KB at once by httpx, and anew when it has to be sent again.

    All of it, or `length` bytes from `start`. Its length is known beforehand, so that a request can announce it.
    Raises Rejected when the file is gone. While it is read, too: what was announced is then never sent to its end,
    so that nothing can have come of it.
    """

    def __init__(self, supplies: Supplies, digest: str, start: int = 0, length: int | None = None) -> None:
        self.media, self.digest, self.start = media_of(supplies, digest), digest, start
        rest = there(digest, lambda: self.media.size(digest)) - start
        self.size = rest if length is None else min(length, rest)
        self.position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self.position = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.position, io.SEEK_END: self.size}[whence]
        return self.position

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), self.size - self.position)
        piece = there(self.digest, lambda: self.media.read(self.digest, self.start + self.position, wanted))
        if len(piece) < wanted:  # the file became shorter than was announced
            raise Rejected(GONE, diagnostic=self.digest)
        buffer[:wanted] = piece
        self.position += wanted
        return wanted


def media_of(supplies: Supplies, digest: str) -> Media:
    if supplies.media is None:
        raise Rejected(GONE, diagnostic=digest)
    return supplies.media


def there(digest: str, look: Callable[[], Found]) -> Found:
    try:
        return look()
    except FileNotFoundError as error:
        raise Rejected(GONE, diagnostic=digest) from error
