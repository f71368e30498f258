"""Telling the stream: a row with the finished fragment, and a NOTIFY with its number."""

from __future__ import annotations

from django.db import connection, transaction

from ausrufer.kernel.database_clock import database_now
from ausrufer.public.models import PublicEntry, PublicEvent

CHANNEL = "ausrufer_public"


def announce(kind: str, entry: PublicEntry) -> None:
    """Once for each post and kind: a page that is written again brings nothing new."""
    if PublicEvent.objects.filter(kind=kind, post=entry.post).exists():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        event = PublicEvent.objects.create(
            kind=kind, post=entry.post, topic=entry.topic, fragment=entry.fragment, at=database_now()
        )
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(event.pk)])
