"""What a page tells of deliveries, in one statement: a new post waits for it, and Django's own takes thrice as long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from ausrufer.adapter import registry
from ausrufer.deliveries.states import Act

Slot = tuple[int, int, int]

TOLD = """
SELECT d.id, d.key::text, d.act, d.of_id, d.placement IS NOT NULL, d.address, d.seen_at, d.rank, d.channel_id,
    coalesce(x.approval_id, d.newer_approval_id, r.approval_id), c.platform = ANY (%(own)s), c.name, d.release_id,
    greatest(r.clicked_at, r.due_at), p.address, p.urgent, coalesce(t.key, ''), coalesce(t.short_label, ''),
    x.number, x.clicked_at, x.reason, x.before, x.after, ausrufer_now()
FROM deliveries_delivery d
JOIN deliveries_release r ON r.id = d.release_id
JOIN channels_channel c ON c.id = d.channel_id
JOIN posts_post p ON p.id = r.post_id
LEFT JOIN posts_topic t ON t.id = p.topic_id
LEFT JOIN deliveries_change x ON x.id = d.change_id
WHERE {which}
    AND (c.platform = ANY (%(own)s) AND d.act IN ('publish', 'correct') OR d.act = 'publish' AND d.state = 'online'
        AND d.placement->'extra'->'total' IS DISTINCT FROM '0')  -- a mailing that nobody ordered is no copy
ORDER BY c.position, d.id
"""
OF_RELEASES = TOLD.format(which="d.release_id = ANY (%(of)s)")
OF_KEY = TOLD.format(which="d.release_id = (SELECT release_id FROM deliveries_delivery WHERE key = %(of)s)")


@dataclass(frozen=True)
class Told:
    """A delivery with its channel, its release, its post and the change it carries out."""

    id: int
    key: str
    act: str
    of: int | None  # the delivery it corrects
    is_placed: bool
    address: str
    seen_at: datetime | None
    rank: int
    channel: int
    approval: int  # of the rendition it shows
    is_own: bool
    channel_name: str
    release: int
    starts_at: datetime
    post: str  # short address
    urgent: bool
    topic_key: str
    topic: str
    number: int | None  # of the change; and what follows, too
    changed_at: datetime | None
    reason: str | None
    before: str | None
    after: str | None
    read_at: datetime  # by the database's clock

    @property
    def slot(self) -> Slot:
        """Of its frozen rendition."""
        return (self.approval, self.channel, self.rank)

    @property
    def is_published(self) -> bool:
        """The page's own delivery, neither a copy nor a correction."""
        return self.is_own and self.act == Act.PUBLISH


def of_releases(releases: Sequence[int]) -> list[Told]:
    """What published them on the own channel, its corrections, and copies that were seen; in the order of channels."""
    return rows(OF_RELEASES, list(releases))


def of_key(key: str) -> list[Told]:
    """The same of the release to which the delivery with this key belongs."""
    return rows(OF_KEY, key)


def rows(sql: str, of: Any) -> list[Told]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"of": of, "own": registry.own_keys()})
        return [Told(*row) for row in cursor.fetchall()]
