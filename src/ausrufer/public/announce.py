"""Telling the stream: a row with the finished fragment, and a NOTIFY with its number."""

from __future__ import annotations

from django.db import connection, transaction

from ausrufer.public.models import PublicEntry

CHANNEL = "ausrufer_public"
IN_TURN = 5_713_402  # an advisory lock's number, known to nobody else


def announce(entry: PublicEntry) -> None:
    """Once for each post: a page that is written again brings nothing new."""
    tell("post", entry.post, entry.topic, entry.fragment)


def announce_gone(post: str, topic: str) -> None:
    tell("gone", post, topic, "")


# One statement: a post that was announced already brings nothing new, and the NOTIFY arrives with the commit.
TELL = f"""
WITH fresh AS (
    INSERT INTO public_publicevent (kind, post, topic, fragment, at)
    SELECT %(kind)s, %(post)s, %(topic)s, %(fragment)s, ausrufer_now()
    WHERE NOT EXISTS (SELECT 1 FROM public_publicevent WHERE kind = %(kind)s AND post = %(post)s)
    RETURNING id
)
SELECT pg_notify('{CHANNEL}', id::text) FROM fresh
"""


def tell(kind: str, post: str, topic: str, fragment: str) -> None:
    """Readers hear of it when the outermost transaction ends."""
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        # The hub reads on from the last number it saw, so numbers must become visible in their order.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IN_TURN])
        cursor.execute(TELL, {"kind": kind, "post": post, "topic": topic, "fragment": fragment})
