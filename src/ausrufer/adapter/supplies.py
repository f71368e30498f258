"""What the house gives to a platform: a frozen record of plain functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ausrufer.adapter.contract import Order, Placement, Profile, Rendition
    from ausrufer.adapter.http import Http


class Pages(Protocol):
    """The city's own pages, written by `public`. Raises TryLater when they cannot be written."""

    def put(self, order: Order, rendition: Rendition) -> Placement:
        """Write every page the post touches, atomically; the same again when repeated."""
        ...

    def remove(self, placement: Placement) -> None: ...


class Media(Protocol):
    """The stored pictures, videos and captions, each by its digest."""

    def size(self, digest: str) -> int:
        """In bytes. Raises FileNotFoundError."""
        ...

    def read(self, digest: str, start: int = 0, length: int = -1) -> bytes:
        """The bytes of a stored file, or `length` of them from `start`. Raises FileNotFoundError."""
        ...

    def public_url(self, digest: str) -> str:
        """A public address of the file; links it into the public folder at first use."""
        ...

    def smaller(self, digest: str, sides: tuple[int, int]) -> str | None:
        """The digest of a copy of a stored film whose longer and shorter side (pixels) are at most these.

        H.264 High, yuv420p and AAC-LC, upright. None while it is being made, which asking for it brings about. Raises
        Rejected when it cannot be made.
        """
        ...


class Ledger(Protocol):
    """What posts cost (Ausgaben), counted against the channel's monthly budget."""

    def spend(self, channel: str, cents: float, what: str, *, key: str, urgent: bool, always: bool = False) -> None:
        """Count it, once for each `key`, before the call that costs. `always`: counted and never refused (taking down).

        Raises TryLater (this delivery waits until the next month) when the budget does not cover it, and LockedOut when
        there is none: what costs money is off until somebody says how much.
        """
        ...

    def give_back(self, *, key: str) -> None:
        """The act was refused, and what is refused is not charged. Harmless where nothing was counted."""
        ...


class Secrets(Protocol):
    """Tokens that rotate: committed under a lock on the channel's row before anybody uses them."""

    def renew(self, channel: str, change: Callable[[Mapping[str, str]], Mapping[str, str]]) -> Mapping[str, str]:
        """`change` gets the stored secrets and returns the new ones, or the same when another caller was faster."""
        ...


@dataclass(frozen=True)
class Mailing:
    """How far a mass delivery is; final when `open` is 0."""

    total: int  # recipients
    sent: int
    failed: int  # bad addresses, subscriptions that are gone
    unclear: int  # whose fate a crash left open
    open: int
    address: str = ""  # of the post on the own pages
    trouble: str = ""  # German; what holds it up


class Mailings(Protocol):
    """Mass delivery: recipients are fixed and a job is begun in one transaction, the same again when repeated."""

    def open(self, order: Order, rendition: Rendition) -> Mailing: ...

    def look(self, key: str) -> Mailing | None:
        """How far the order with this key is; None when it was never opened."""
        ...

    def profile(self) -> Profile:
        """Who sends, and to how many. Raises LockedOut or TryLater with what is not set up."""
        ...


@dataclass(frozen=True)
class Supplies:
    http: Http
    pages: Pages | None = None
    media: Media | None = None
    ledger: Ledger | None = None
    secrets: Secrets | None = None
    newsletter: Mailings | None = None
    push: Mailings | None = None
    monotonic: Callable[[], float] | None = None
