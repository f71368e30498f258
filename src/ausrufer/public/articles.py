"""What stands on the own pages, read from the deliveries to the own channel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

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
from ausrufer.public.typography import kept_together, paragraphs, with_links

SHOWN = (
    State.SENDING,
    State.SENT,
    State.ONLINE,
    State.UNCLEAR,
)  # from the first writing on; never taken back by itself
WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)


@dataclass(frozen=True)
class Elsewhere:
    """A copy on a platform, with the moment it was first seen there."""

    name: str
    address: str
    seen_at: datetime
    is_shortened: bool


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

    @property
    def online_at(self) -> datetime:
        """When it was first seen on this page; while nobody has looked yet, when it was released."""
        return local(self.seen_at or self.released_at)

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
    def day(self) -> str:
        return f"{local(self.released_at):%Y-%m-%d}"

    @property
    def day_label(self) -> str:
        moment = local(self.released_at)
        return kept_together(f"{WEEKDAYS[moment.weekday()]}, {moment.day}. {MONTHS[moment.month - 1]}")

    @property
    def time(self) -> str:
        return f"{local(self.released_at):%H:%M}"

    @property
    def month(self) -> str:
        return f"{local(self.released_at):%Y-%m}"


def own_deliveries() -> QuerySet[Delivery]:
    """To the own channel, newest first, joined with what a page needs."""
    rows = Delivery.objects.filter(channel__platform__in=registry.own_keys(), act=Act.PUBLISH)
    return rows.select_related("release__post__topic", "release").order_by("-release__clicked_at", "-id")


def shown() -> QuerySet[Delivery]:
    """Those a reader may see."""
    written = Q(state__in=SHOWN, started_at__isnull=False) | Q(placement__isnull=False)
    return own_deliveries().filter(written)


def articles(deliveries: Iterable[Delivery]) -> list[Article]:
    """Three queries, however many there are."""
    own = list(deliveries)
    releases = [each.release_id for each in own]
    approvals = {each.release.approval_id: each for each in own}
    bodies = {
        (each.approval_id, each.channel_id, each.rank): each.body
        for each in FrozenRendition.objects.filter(approval__in=approvals)
    }
    copies: dict[int, list[Elsewhere]] = defaultdict(list)
    others = Delivery.objects.filter(release__in=releases, state=State.ONLINE).exclude(address="")
    for each in others.exclude(channel__platform__in=registry.own_keys()).select_related("channel", "release"):
        body = bodies.get((each.release.approval_id, each.channel_id, each.rank), {})
        shortened = body.get("wording") == "shortened"
        if each.seen_at:
            copies[each.release_id].append(Elsewhere(each.channel.name, each.address, each.seen_at, shortened))
    return [
        article(each, bodies[each.release.approval_id, each.channel_id, each.rank], tuple(copies[each.release_id]))
        for each in own
    ]


def article(delivery: Delivery, body: dict[str, object], elsewhere: tuple[Elsewhere, ...]) -> Article:
    post = delivery.release.post
    return Article(
        address=post.address,
        key=str(delivery.key),
        released_at=delivery.release.starts_at,
        rendition=from_body(body),
        topic_key=post.topic.key if post.topic else "",
        topic=post.topic.short_label if post.topic else "",
        urgent=post.urgent,
        seen_at=delivery.seen_at,
        elsewhere=elsewhere,
    )
