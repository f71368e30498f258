"""What crosses the border between the core and a platform: frozen records and two musts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol

from ausrufer.adapter.capabilities import Capabilities, Look
from ausrufer.adapter.supplies import Supplies


@dataclass(frozen=True)
class Picture:
    """One image of a rendition, already decoded, re-encoded and stripped of metadata."""

    digest: str  # SHA-256 of the stored file, hexadecimal; `Supplies.media` finds it by this
    mime: str  # image/jpeg or image/png
    width: int  # pixels
    height: int  # pixels
    size: int  # bytes
    alt: str  # "" only for decorative pictures


@dataclass(frozen=True)
class Rendition:
    """What a channel will show (Ausgabe): computed by `Platform.render`, frozen at approval, sent unchanged."""

    text: str
    language: str = "de"
    pictures: tuple[Picture, ...] = ()
    link: str = ""  # a link card the platform draws beside the text; "" for none
    page: str = ""  # address of the post on the city's own pages
    topic: str = ""  # the topic's label
    count: int = 0  # length of the text in the platform's own measure
    limit: int | None = None  # None: the platform has no limit
    wording: str = "whole"  # whole | own | shortened | text_only: what the receipt names
    extra: Mapping[str, Any] = field(default_factory=dict)  # a platform's own plain data

    @property
    def fits(self) -> bool:
        return self.limit is None or self.count <= self.limit


@dataclass(frozen=True)
class Draft:
    """What an editor wrote for one channel, before a platform renders it."""

    text: str
    page: str  # address on the own pages, minted with the draft
    language: str = "de"
    topic: str = ""
    pictures: tuple[Picture, ...] = ()
    is_variant: bool = False  # an editor's own wording for this channel
    urgent: bool = False


@dataclass(frozen=True)
class Part:
    """One thing a platform made: its id there, and where everybody can see it ("" while unknown)."""

    id: str
    address: str = ""


@dataclass(frozen=True)
class Placement:
    """Where a delivery is (Fundstelle): the parts in order; a chain has several."""

    parts: tuple[Part, ...]
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return self.parts[0].address if self.parts else ""


@dataclass(frozen=True)
class Order:
    """What is to be done (Auftrag). From `key` come idempotency keys, record keys, message ids."""

    key: str  # UUID, minted at release, the same for every attempt
    released_at: datetime
    useful_until: datetime | None = None
    urgent: bool = False
    reply_to: Placement | None = None
    so_far: Mapping[str, Any] = field(default_factory=dict)
    post: str = ""  # the post's short address, e.g. "7k4q2m"
    attempt: int = 1  # for the log; never a reason to give up


@dataclass(frozen=True)
class Seen:
    """What a look at the platform showed."""

    online: bool
    address: str = ""  # public address, when this look learned it
    confirmed_by: str = "api"  # page | api | accepted | person
    sentence: str = ""  # German; why it is not online


class Keep(Protocol):
    """Commits progress and renews the lease; call it before every call that must not be repeated.

    Raises LostClaim when the delivery belongs to somebody else by now.
    """

    def __call__(self, so_far: Mapping[str, Any]) -> None: ...


class Platform:
    """Base of every platform. Two musts (`send`, `is_online`); the rest are mays, announced by `capabilities`.

    An instance serves one channel: `settings` are that channel's plain values (address of an instance, handle),
    `secrets` its tokens, `limits` what was last read from the platform.
    """

    key: ClassVar[str]
    name: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    look: ClassVar[Look] = Look()

    def __init__(
        self,
        supplies: Supplies,
        settings: Mapping[str, Any],
        secrets: Mapping[str, str],
        limits: Mapping[str, Any] | None = None,
    ) -> None:
        self.supplies = supplies
        self.settings = settings
        self.secrets = secrets
        self.limits = limits or {}

    def render(self, draft: Draft) -> list[Rendition]:
        """The wanted rendition and its fallbacks, best first. Pure: no network, no clock."""
        raise NotImplementedError

    def send(self, order: Order, rendition: Rendition, keep: Keep) -> Placement:
        """Publish. Raises one of the four errors; never sleeps."""
        raise NotImplementedError

    def is_online(self, placement: Placement) -> Seen:
        """Look as a reader would. Raises TryLater or LockedOut."""
        raise NotImplementedError

    def find(self, order: Order, rendition: Rendition) -> Placement | None:
        """Where an order whose answer was lost is, or None. Announced by `can_find`."""
        raise NotImplementedError

    def read_limits(self) -> Mapping[str, Any]:
        """Limits as the platform states them now, to be stored with the channel. Announced by `has_limits`."""
        raise NotImplementedError

    def withdraw(self, placement: Placement) -> None:
        """Take it down; harmless when it is gone already. Announced by `can_withdraw`."""
        raise NotImplementedError
