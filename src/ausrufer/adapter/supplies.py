"""What the house gives to a platform: a frozen record of plain functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ausrufer.adapter.contract import Order, Placement, Rendition
    from ausrufer.adapter.http import Http


class Pages(Protocol):
    """The city's own pages, written by `public`. Raises TryLater when they cannot be written."""

    def put(self, order: Order, rendition: Rendition) -> Placement:
        """Write every page the post touches, atomically; the same again when repeated."""
        ...

    def remove(self, placement: Placement) -> None: ...


class Media(Protocol):
    """The stored pictures."""

    def read(self, digest: str) -> bytes:
        """The bytes of a stored picture. Raises FileNotFoundError."""
        ...

    def public_url(self, digest: str) -> str:
        """A public address of the picture; links the file into the public folder at first use."""
        ...


@dataclass(frozen=True)
class Supplies:
    http: Http
    pages: Pages | None = None
    media: Media | None = None
    monotonic: Callable[[], float] | None = None
