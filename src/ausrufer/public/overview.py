"""What stands around every list: topics with their number of posts, and the city's channels; in one statement."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from ausrufer.posts.models import Topic
from ausrufer.public.models import PublicEntry

OVERVIEW = """
WITH counts AS (SELECT topic, count(*) AS number FROM public_publicentry GROUP BY topic),
topics AS (
    SELECT json_build_array(t.key, t.label, t.short_label, c.number) AS one FROM posts_topic t
    JOIN counts c ON c.topic = t.key ORDER BY t.position, t.key
),
channels AS (
    SELECT json_build_array(platform, name, is_active, CASE WHEN stopped_at IS NOT NULL AND EXISTS (
        SELECT 1 FROM deliveries_delivery d WHERE d.channel_id = c.id AND d.sent_at IS NOT NULL
    ) THEN redirect ELSE '' END) AS one
    FROM channels_channel c ORDER BY position, key
)
SELECT (SELECT coalesce(sum(number), 0)::int FROM counts),
    (SELECT coalesce(json_agg(one), '[]') FROM topics), (SELECT coalesce(json_agg(one), '[]') FROM channels)
"""


@dataclass(frozen=True)
class ShownTopic:
    key: str
    label: str
    short_label: str


@dataclass(frozen=True)
class ShownChannel:
    platform: str
    name: str
    is_active: bool
    redirect: str  # what to say in its place when it was stopped; "" else, and where nothing ever appeared


@dataclass(frozen=True)
class Overview:
    total: int  # posts
    topics: list[tuple[ShownTopic, int]]  # those with posts, in the concept's order
    channels: list[ShownChannel]


def overview() -> Overview:
    with connection.cursor() as cursor:
        cursor.execute(OVERVIEW)
        total, topics, channels = cursor.fetchone()
    counted = [(ShownTopic(key, label, short), number) for key, label, short, number in topics]
    return Overview(total, counted, [ShownChannel(*each) for each in channels])


def topics_without_posts() -> list[ShownTopic]:
    used = PublicEntry.objects.values("topic")
    found = Topic.objects.exclude(key__in=used)
    return [ShownTopic(each.key, each.label, each.short_label) for each in found]


def topic_of(key: str) -> ShownTopic | None:
    """Whether it has posts or not; None for "" and for one that is gone."""
    found = Topic.objects.filter(key=key).first()
    return ShownTopic(found.key, found.label, found.short_label) if found else None
