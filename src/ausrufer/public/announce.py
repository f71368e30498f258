"""Telling the stream: a row with the finished fragment, and a NOTIFY with its number."""

from __future__ import annotations

from django.db import connection, transaction

from ausrufer.kernel.database_clock import database_now
from ausrufer.public.articles import Article
from ausrufer.public.models import PublicEvent
from ausrufer.public.site import fragment

CHANNEL = "ausrufer_public"


def announce(kind: str, one: Article) -> None:
    """Once for each post and kind: a page that is written again brings nothing new."""
    if PublicEvent.objects.filter(kind=kind, post=one.address).exists():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        event = PublicEvent.objects.create(
            kind=kind, post=one.address, topic=one.topic_key, fragment=fragment(one), at=database_now()
        )
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(event.pk)])
