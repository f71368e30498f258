"""Finished entries: kept in the database, so that a list costs one query, whoever writes it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.template.loader import render_to_string

from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.states import State
from ausrufer.public import feeds
from ausrufer.public.articles import Article
from ausrufer.public.models import PublicEntry

CHANGING = [
    *("key", "topic", "released_at", "updated_at", "day", "day_label", "urgent", "fragment", "atom", "item"),
    "rendered_at",
]
UNTIL_STORED = timedelta(seconds=0.2)  # from the moment a copy is seen until whoever asks the database hears of it
AWAITED = '<p class="awaited"'  # in the fragment: the place of a film that is still being made
RECENT = 500  # posts among which some may have been seen somewhere since they were rendered


def keep(articles: Iterable[Article]) -> list[PublicEntry]:
    """Finish them, in one statement; an entry that is there already is replaced."""
    finished = [
        PublicEntry(
            post=one.address,
            key=one.key,
            topic=one.topic_key,
            released_at=one.released_at,
            updated_at=one.updated_at,
            day=one.day,
            day_label=one.day_label,
            urgent=one.urgent,
            fragment=render_to_string("public/article.html", {"article": one}).strip(),
            atom=feeds.atom_entry(one),
            item=feeds.json_item(one),
            rendered_at=one.read_at,
        )
        for one in articles
    ]
    PublicEntry.objects.bulk_create(finished, update_conflicts=True, unique_fields=["post"], update_fields=CHANGING)
    return finished


def forget(address: str) -> None:
    PublicEntry.objects.filter(post=address).delete()


def stale() -> list[str]:
    """Addresses of posts that were seen somewhere since their entry was finished, or wait for a film in it."""
    seen = Delivery.objects.filter(state=State.ONLINE, seen_at__isnull=False)
    awaits = ExpressionWrapper(Q(fragment__contains=AWAITED), BooleanField())
    newest = PublicEntry.objects.order_by("-id").values_list("post", "rendered_at", awaits)[:RECENT]
    finished = {address: rendered_at for address, rendered_at, _ in newest}
    recent = seen.filter(release__post__address__in=finished).values_list("release__post__address", "seen_at")
    told = {address for address, seen_at in recent if seen_at and seen_at > finished[address] - UNTIL_STORED}
    return sorted(told | {address for address, _, is_awaiting in newest if is_awaiting})


class Entry(NamedTuple):
    """A finished entry as lists and feeds show it."""

    post: str
    topic: str
    released_at: datetime
    updated_at: datetime
    day: date
    day_label: str
    urgent: bool
    fragment: str
    atom: str
    item: str


def latest(limit: int, *, topic: str = "") -> list[Entry]:
    rows = PublicEntry.objects.all()
    return listed(rows.filter(topic=topic) if topic else rows, limit)


def listed(rows: QuerySet[PublicEntry], limit: int | None = None) -> list[Entry]:
    """Forty model instances would take longer to build than to read."""
    return [Entry(*row) for row in rows.values_list(*Entry._fields)[:limit]]


def months() -> dict[str, int]:
    """{"2026-11": posts}, newest first."""
    rows = PublicEntry.objects.order_by().annotate(month=TruncMonth("day")).values("month").annotate(number=Count("id"))
    return {f"{each['month']:%Y-%m}": each["number"] for each in rows.order_by("-month")}


def of_month(month: str) -> list[Entry]:
    year, number = map(int, month.split("-"))
    return listed(PublicEntry.objects.filter(day__year=year, day__month=number))
