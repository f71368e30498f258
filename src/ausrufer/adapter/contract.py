"""What crosses the border between the core and a platform: frozen records and two musts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol

from ausrufer.adapter.capabilities import Capabilities, Look
from ausrufer.adapter.supplies import Supplies


@dataclass(frozen=True)
class Framed:
    """A picture as JPEG between 4:5 and 1.91:1, with bars where it is narrower or broader."""

    digest: str
    width: int  # pixels
    height: int  # pixels
    size: int  # bytes


@dataclass(frozen=True)
class Picture:
    """One image of a rendition, already decoded, re-encoded and stripped of metadata."""

    digest: str  # SHA-256 of the stored file, hexadecimal; `Supplies.media` finds it by this
    mime: str  # image/jpeg or image/png
    width: int  # pixels
    height: int  # pixels
    size: int  # bytes
    alt: str  # "" only for decorative pictures
    framed: Framed | None = None  # for platforms that take no other; None: the picture itself is such a one

    def within(self, most: int) -> Picture:
        """Itself, or the JPEG made of it when it has more than `most` bytes: a PNG may have six times as many."""
        return self if self.size <= most else self.as_framed()

    def as_framed(self) -> Picture:
        if self.framed is None:
            return self
        framed = self.framed
        return Picture(framed.digest, "image/jpeg", framed.width, framed.height, framed.size, self.alt)


@dataclass(frozen=True)
class Captions:
    """Subtitles of a video, WebVTT."""

    digest: str
    language: str  # "de"
    size: int  # bytes


@dataclass(frozen=True)
class Video:
    """One video of a rendition, already checked, repackaged or transcoded: MP4, H.264 and AAC, index first."""

    digest: str  # SHA-256 of the stored file, hexadecimal
    width: int  # pixels
    height: int  # pixels
    seconds: float
    size: int  # bytes
    alt: str
    poster: str = ""  # digest of the JPEG that stands for it
    captions: tuple[Captions, ...] = ()
    mime: str = "video/mp4"
    # Key of the upload it is still being made from: no digest yet, no size and no length. "" as soon as it is there.
    awaited: str = ""


@dataclass(frozen=True)
class Card:
    """A link card (Vorschaukarte) for platforms that do not draw it themselves."""

    address: str
    title: str
    description: str = ""
    picture: Picture | None = None


@dataclass(frozen=True)
class Rendition:
    """What a channel will show (Ausgabe): computed by `Platform.render`, frozen at approval, sent unchanged."""

    text: str
    language: str = "de"
    pictures: tuple[Picture, ...] = ()
    videos: tuple[Video, ...] = ()
    more: tuple[str, ...] = ()  # a chain's following parts, each a reply to the one before; `text` is the first
    card: Card | None = None
    warning: str = ""  # content warning (Inhaltshinweis) in front of the text
    link: str = ""  # a link card the platform draws beside the text; "" for none
    page: str = ""  # address of the post on the city's own pages
    topic: str = ""  # the topic's label
    count: int = 0  # length of the text in the platform's own measure
    limit: int | None = None  # None: the platform has no limit
    wording: str = "whole"  # whole | own | shortened | linked | described | chain | text_only: what the receipt names
    extra: Mapping[str, Any] = field(default_factory=dict)  # a platform's own plain data

    @property
    def media(self) -> tuple[Picture | Video, ...]:
        return (*self.pictures, *self.videos)

    @property
    def fits(self) -> bool:
        return self.limit is None or self.count <= self.limit

    @property
    def awaits(self) -> tuple[str, ...]:
        """Keys of the films that are still being made; such a rendition is never sent to a platform."""
        return tuple(each.awaited for each in self.videos if each.awaited)


@dataclass(frozen=True)
class Draft:
    """What an editor wrote for one channel, before a platform renders it."""

    text: str
    page: str  # address on the own pages, minted with the draft
    language: str = "de"
    topic: str = ""
    pictures: tuple[Picture, ...] = ()
    videos: tuple[Video, ...] = ()
    is_variant: bool = False  # an editor's own wording for this channel
    urgent: bool = False
    when_long: str = "shorten"  # shorten | chain: what becomes of a text over the limit, where the platform can do both
    warning: str = ""  # content warning, where the platform has one
    known: Mapping[str, str] = field(default_factory=dict)  # what `Platform.look_up` found, e.g. {"@trier.de": "did:…"}


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
    note: str = ""  # German: what of the rendition the platform did not take; it stands on the receipt

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
    topic: str = ""  # the topic's key, e.g. for subscribers of single topics


@dataclass(frozen=True)
class Seen:
    """What a look at the platform showed."""

    online: bool
    address: str = ""  # public address, when this look learned it
    confirmed_by: str = "api"  # page | api | accepted | person
    sentence: str = ""  # German; why it is not online


@dataclass(frozen=True)
class Field:
    """What a person enters to connect a channel; the desk draws the form from it."""

    name: str  # key in `settings`, or in `secrets` when it is one
    label: str  # German
    help: str = ""  # German: where to find it
    is_secret: bool = False
    is_required: bool = True
    kind: str = "text"  # text | url | email | number
    default: str = ""


@dataclass(frozen=True)
class Connection:
    """What connecting or renewing brought."""

    settings: Mapping[str, Any]
    secrets: Mapping[str, str]
    expires_at: datetime | None = None  # None: until somebody revokes it


@dataclass(frozen=True)
class Profile:
    """Whom our access belongs to: shown after connecting and by the test."""

    name: str
    handle: str = ""
    address: str = ""
    readers: int | None = None  # who ordered it here; None: only the platform knows


@dataclass(frozen=True)
class Reply:
    """What a citizen answered in public (Rückmeldung)."""

    id: str
    author: str
    text: str
    at: datetime
    address: str = ""
    answers: str = ""  # id of what it answers
    is_hidden: bool = False


@dataclass(frozen=True)
class Metric:
    """A number a platform counts (Kennzahl)."""

    name: str  # views | likes | replies | reposts | quotes | shares | followers | clicks
    value: int


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
        channel: str = "",
    ) -> None:
        self.supplies = supplies
        self.settings = settings
        self.secrets = secrets
        self.limits = limits or {}
        self.channel = channel  # the channel's key, for `Supplies.ledger` and `Supplies.secrets`

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

    def begun(self, order: Order, rendition: Rendition) -> Placement:
        """What is out of an order that goes no further, so that it can be withdrawn. Announced by `public_so_far`.

        Also what an interrupted call may have published; nothing is a placement without parts.
        Raises TryLater or LockedOut.
        """
        raise NotImplementedError

    def read_limits(self) -> Mapping[str, Any]:
        """Limits as the platform states them now, to be stored with the channel. Announced by `has_limits`."""
        raise NotImplementedError

    def names(self, draft: Draft) -> tuple[str, ...]:
        """What `look_up` would ask for, as it stands in the text: "@trier.de". Pure. Announced by `has_look_ups`."""
        raise NotImplementedError

    def look_up(self, draft: Draft) -> Mapping[str, str]:
        """What rendering this draft has to know (handles, …); asked while composing. Announced by `has_look_ups`."""
        raise NotImplementedError

    def edit(self, order: Order, placement: Placement, rendition: Rendition, keep: Keep) -> Placement:
        """Show `rendition` instead, in the same place. Announced by `can_edit`; elsewhere a linked reply corrects."""
        raise NotImplementedError

    def withdraw(self, placement: Placement) -> None:
        """Take it down; harmless when it is gone already. Announced by `can_withdraw`.

        Gone is what `is_online` no longer sees. Raises one of the four errors.
        """
        raise NotImplementedError

    def replies(self, placement: Placement) -> list[Reply]:
        """Oldest first. Announced by `has_replies`."""
        raise NotImplementedError

    def metrics(self, placement: Placement) -> list[Metric]:
        """Announced by `has_metrics`."""
        raise NotImplementedError

    def profile(self) -> Profile:
        """Whom our access belongs to. Nothing public changes. Announced by `has_profile`."""
        raise NotImplementedError

    def has_access(self) -> bool:
        """Whether everything that connecting asks for is there. No network, no promise that it is still good."""
        needed = [field for field in self.fields() if field.is_required and not field.default]
        return all((self.secrets if each.is_secret else self.settings).get(each.name) for each in needed)

    def rehearse(self) -> None:
        """Make a draft that nobody sees, to know that we may publish. Announced by `can_rehearse`.

        Nothing of it stays in public. Raises one of the four errors.
        """
        raise NotImplementedError

    def connect_url(self, redirect: str, state: str) -> str:
        """Where a person agrees that we may publish (OAuth). Announced by `connects_by_redirect`."""
        raise NotImplementedError

    def connected(self, answer: Mapping[str, str], redirect: str) -> Connection:
        """From the parameters with which the platform sent the person back. Raises Rejected or LockedOut."""
        raise NotImplementedError

    def renew(self) -> Connection:
        """A fresh token before the old one ends. Announced by `renews`; called under a lock on the channel's row."""
        raise NotImplementedError

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        """What a person enters to connect a channel."""
        return ()
