"""One post as it stands on the own pages, read from its delivery and its frozen rendition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from ausrufer.adapter import registry
from ausrufer.adapter.contract import Rendition
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.states import Act, State
from ausrufer.kernel.clock import local
from ausrufer.kernel.text import first_sentence
from ausrufer.posts.models import FrozenRendition
from ausrufer.posts.render import from_body
from ausrufer.public import dates, told
from ausrufer.public.corrections import Corrected, corrected
from ausrufer.public.models import PublicEntry
from ausrufer.public.told import Slot, Told
from ausrufer.public.typography import kept_together, paragraphs, with_links

NOTES = {"shortened": "gekürzt", "text_only": "nur Text", "own": "eigene Fassung"}  # how a copy differs, by wording


@dataclass(frozen=True)
class Elsewhere:
    """A copy on a platform, with the moment it was first seen there."""

    name: str
    address: str
    seen: str  # "14:20:07 Uhr"
    note: str  # "gekürzt"


@dataclass(frozen=True)
class Article:
    of: int  # the delivery that published it
    address: str  # the post's short address
    key: str  # of the delivery, or of its last correction; the marker in the page's head
    first_key: str  # of the delivery that published it: feeds know the post by it, whatever is corrected
    released_at: datetime
    rendition: Rendition
    topic_key: str
    topic: str
    urgent: bool
    seen_at: datetime | None
    elsewhere: tuple[Elsewhere, ...]
    read_at: datetime  # by the database's clock: what was seen later is not told here
    corrections: tuple[Corrected, ...] = ()  # newest first

    @property
    def path(self) -> str:
        return f"/b/{self.address}"

    @property
    def first(self) -> SafeString:
        return with_links(first_sentence(self.rendition.text)[0])

    @property
    def title(self) -> str:
        return kept_together(first_sentence(self.rendition.text)[0])

    @property
    def rest(self) -> list[SafeString]:
        return paragraphs(first_sentence(self.rendition.text)[1])

    @property
    def day(self) -> date:
        return local(self.released_at).date()

    @property
    def day_label(self) -> str:
        return dates.day(self.released_at)

    @property
    def long_day(self) -> str:
        return dates.day_with_year(self.released_at)

    @property
    def time(self) -> str:
        return dates.clock(self.released_at)

    @property
    def moment(self) -> str:
        """For machines: 2026-11-23T13:20:03+00:00"""
        return self.released_at.isoformat(timespec="seconds")

    @property
    def updated_at(self) -> datetime:
        """Since when its words are what they are."""
        return self.corrections[0].at if self.corrections else self.released_at

    @property
    def seen(self) -> str:
        """When it was first seen on this page; "" while nobody has looked yet."""
        return dates.seen(self.seen_at, self.released_at) if self.seen_at else ""


def own_deliveries() -> QuerySet[Delivery]:
    """What published posts on the own channel."""
    return Delivery.objects.filter(channel__platform__in=registry.own_keys(), act=Act.PUBLISH)


def entered() -> QuerySet[Delivery]:
    """Those that stand in the lists."""
    return own_deliveries().filter(release__post__address__in=PublicEntry.objects.values("post"))


def shown() -> QuerySet[Delivery]:
    """Those a reader may see: what was accepted, and what stands in the lists already while it is not."""
    accepted = own_deliveries().filter(placement__isnull=False).exclude(state=State.WITHDRAWN)
    return accepted | entered()


def articles(releases: Iterable[int]) -> list[Article]:
    """Two queries, however many there are."""
    return finished(told.of_releases(list(releases)))


def by_key(key: str, rendition: Rendition | None = None) -> Article:
    """Of the delivery with this key, or of the one it corrects. Raises KeyError.

    With the rendition that is being put under the key, which need not be read again.
    """
    rows = told.of_key(key)
    meant = {each.key: each for each in rows}[key]
    at_hand = {meant.slot: rendition} if rendition else {}
    [one] = [one for one in finished(rows, at_hand, being_put=meant) if one.of == (meant.of or meant.id)]
    return one


def finished(
    rows: list[Told], at_hand: Mapping[Slot, Rendition] | None = None, being_put: Told | None = None
) -> list[Article]:
    newest, copies = around(rows, being_put)
    shown = {each.id: (newest[each.id] or [each])[0] for each in rows if each.is_published}
    frozen = renditions([*shown.values(), *(each for found in copies.values() for each in found)], at_hand or {})
    return [
        article(
            each,
            shown[each.id],
            frozen[shown[each.id].slot],
            tuple(map(corrected, newest[each.id])),
            tuple(elsewhere(copy, each, frozen[copy.slot]) for copy in copies[each.release] if can_be_read(copy)),
        )
        for each in rows
        if each.is_published
    ]


Grouped = dict[int, list[Told]]


def around(rows: list[Told], being_put: Told | None) -> tuple[Grouped, Grouped]:
    """What a page tells besides its post.

    The corrections that stand on it or are being put there, newest first, by the delivery they correct; and the
    copies that were seen elsewhere, in the order of their channels, by release.
    """
    corrections, copies = defaultdict(list), defaultdict(list)
    for each in rows:
        if each.of and (each.is_placed or each == being_put):
            corrections[each.of].append(each)
        elif not each.is_own:
            copies[each.release].append(each)
    for found in corrections.values():
        found.sort(key=lambda each: each.number or 0, reverse=True)
    return corrections, copies


def renditions(deliveries: list[Told], at_hand: Mapping[Slot, Rendition]) -> Mapping[Slot, Rendition]:
    """What these deliveries show."""
    wanted = {each.slot for each in deliveries} - at_hand.keys()
    if not wanted:
        return at_hand
    rows = FrozenRendition.objects.filter(
        approval__in={approval for approval, _, _ in wanted},
        channel__in={channel for _, channel, _ in wanted},
        rank__in={rank for _, _, rank in wanted},
    )
    return {(each.approval_id, each.channel_id, each.rank): from_body(each.body) for each in rows} | dict(at_hand)


def can_be_read(copy: Told) -> bool:
    """An address that came from a platform is only linked when it is one of the web."""
    return copy.seen_at is not None and copy.address.startswith(("https://", "http://"))


def elsewhere(copy: Told, own: Told, rendition: Rendition) -> Elsewhere:
    assert copy.seen_at
    seen = dates.seen(copy.seen_at, own.starts_at)
    return Elsewhere(copy.channel_name, copy.address, seen, NOTES.get(rendition.wording, ""))


def article(
    own: Told, shown: Told, rendition: Rendition, corrections: tuple[Corrected, ...], copies: tuple[Elsewhere, ...]
) -> Article:
    return Article(
        of=own.id,
        address=own.post,
        key=shown.key,
        first_key=own.key,
        released_at=own.starts_at,
        rendition=rendition,
        topic_key=own.topic_key,
        topic=own.topic,
        urgent=own.urgent,
        seen_at=own.seen_at,
        elsewhere=copies,
        read_at=own.read_at,
        corrections=corrections,
    )
