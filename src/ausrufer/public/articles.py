"""One post as it stands on the own pages, read from its delivery and its frozen rendition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString

from ausrufer.adapter import registry
from ausrufer.adapter.contract import Rendition
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.states import Act, State
from ausrufer.kernel.clock import local
from ausrufer.kernel.text import first_sentence
from ausrufer.posts.models import FrozenRendition
from ausrufer.posts.render import from_body
from ausrufer.public import dates
from ausrufer.public.corrections import Corrected, corrected
from ausrufer.public.models import PublicEntry
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
    address: str  # the post's short address
    key: str  # of the delivery; the marker in the page's head
    released_at: datetime
    rendition: Rendition
    topic_key: str
    topic: str
    urgent: bool
    seen_at: datetime | None
    elsewhere: tuple[Elsewhere, ...]
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
    def seen(self) -> str:
        """When it was first seen on this page; "" while nobody has looked yet."""
        return dates.seen(self.seen_at, self.released_at) if self.seen_at else ""


def own_deliveries() -> QuerySet[Delivery]:
    """To the own channel, joined with what a page needs."""
    rows = Delivery.objects.filter(channel__platform__in=registry.own_keys(), act=Act.PUBLISH)
    return rows.select_related("release__post__topic")


def entered() -> QuerySet[Delivery]:
    """Those that stand in the lists."""
    return own_deliveries().filter(release__post__address__in=PublicEntry.objects.values("post"))


def shown() -> QuerySet[Delivery]:
    """Those a reader may see: what was accepted, and what stands in the lists already while it is not."""
    accepted = own_deliveries().filter(placement__isnull=False).exclude(state=State.WITHDRAWN)
    return accepted | entered()


def articles(deliveries: Iterable[Delivery], *, with_change: Delivery | None = None) -> list[Article]:
    """Three queries, however many there are. `with_change` is being put at this moment."""
    own = list(deliveries)
    newest, copies = around(own, with_change)
    shown = {each.pk: newest[each.pk][0] if newest[each.pk] else each for each in own}
    bodies = frozen_bodies([*own, *shown.values(), *(each for found in copies.values() for each in found)])
    return [
        article(
            each,
            shown[each.pk],
            from_body(bodies[slot(shown[each.pk])]),
            tuple(corrected(one.change) for one in newest[each.pk] if one.change),
            tuple(elsewhere(copy, each, bodies[slot(copy)]) for copy in copies[each.release_id] if can_be_read(copy)),
        )
        for each in own
    ]


Grouped = dict[int, list[Delivery]]


def around(own: list[Delivery], with_change: Delivery | None) -> tuple[Grouped, Grouped]:
    """What a page tells besides its post.

    The corrections that stand on it or are being put there, newest first, by the delivery they correct; and the
    copies that were seen elsewhere, in the order of their channels, by release.
    """
    corrections, copies = defaultdict(list), defaultdict(list)
    told = Q(act=Act.CORRECT) | Q(act=Act.PUBLISH, state=State.ONLINE)
    rows = Delivery.objects.filter(told, release__in=[each.release_id for each in own])
    for each in rows.select_related("channel", "release", "change"):
        is_own = each.channel.platform in registry.own_keys()
        if is_own and each.change and (each.placement is not None or each == with_change):
            corrections[each.of_id or 0].append(each)
        elif not is_own and each.act == Act.PUBLISH:
            copies[each.release_id].append(each)
    for found in corrections.values():
        found.sort(key=lambda each: each.change.number if each.change else 0, reverse=True)
    return corrections, copies


Slot = tuple[int, int, int]


def slot(delivery: Delivery) -> Slot:
    return (delivery.approval_id, delivery.channel_id, delivery.rank)


def frozen_bodies(deliveries: list[Delivery]) -> dict[Slot, dict[str, object]]:
    """Of the renditions these deliveries show."""
    wanted = {slot(each) for each in deliveries}
    rows = FrozenRendition.objects.filter(
        approval__in={approval for approval, _, _ in wanted},
        channel__in={channel for _, channel, _ in wanted},
        rank__in={rank for _, _, rank in wanted},
    )
    return {(each.approval_id, each.channel_id, each.rank): each.body for each in rows}


def can_be_read(copy: Delivery) -> bool:
    """An address that came from a platform is only linked when it is one of the web."""
    return copy.seen_at is not None and copy.address.startswith(("https://", "http://"))


def elsewhere(copy: Delivery, own: Delivery, body: dict[str, object]) -> Elsewhere:
    assert copy.seen_at
    seen = dates.seen(copy.seen_at, own.release.starts_at)
    return Elsewhere(copy.channel.name, copy.address, seen, NOTES.get(str(body.get("wording")), ""))


def article(
    delivery: Delivery,
    shown: Delivery,
    rendition: Rendition,
    corrections: tuple[Corrected, ...],
    copies: tuple[Elsewhere, ...],
) -> Article:
    post = delivery.release.post
    return Article(
        address=post.address,
        key=str(shown.key),
        released_at=delivery.release.starts_at,
        rendition=rendition,
        topic_key=post.topic.key if post.topic else "",
        topic=post.topic.short_label if post.topic else "",
        urgent=post.urgent,
        seen_at=delivery.seen_at,
        elsewhere=copies,
        corrections=corrections,
    )
