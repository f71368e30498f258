"""Telling the stream: a row with the finished fragment, and a NOTIFY with its number."""

from __future__ import annotations

from django.db import connection, transaction

from ausrufer.kernel.database_clock import database_now
from ausrufer.public.models import PublicEntry, PublicEvent

CHANNEL = "ausrufer_public"
IN_TURN = 5_713_402  # an advisory lock's number, known to nobody else


def announce(entry: PublicEntry) -> None:
    """Once for each post: a page that is written again brings nothing new."""
    tell("post", entry.post, entry.topic, entry.fragment)


def announce_gone(post: str, topic: str) -> None:
    tell("gone", post, topic, "")


def tell(kind: str, post: str, topic: str, fragment: str) -> None:
    """Readers hear of it when the outermost transaction ends."""
    with transaction.atomic(), connection.cursor() as cursor:
        # The hub reads on from the last number it saw, so numbers must become visible in their order.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IN_TURN])
        if PublicEvent.objects.filter(kind=kind, post=post).exists():
            return
        event = PublicEvent.objects.create(kind=kind, post=post, topic=topic, fragment=fragment, at=database_now())
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(event.pk)])
