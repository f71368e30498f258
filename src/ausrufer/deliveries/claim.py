"""Claiming: each due delivery goes to exactly one sender, one at a time per channel, a crisis in a slot of its own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection

from ausrufer.adapter import registry

LEASE = timedelta(seconds=30)  # longer where a call may take longer: `lease_of`
LOOK_LEASE = timedelta(seconds=60)

# A post that was taken back goes nowhere any more, whatever state it is found in.
IS_WITHDRAWN = "EXISTS (SELECT 1 FROM deliveries_change x WHERE x.release_id = {release} AND x.act = 'withdraw')"
TEXT_IS_OUT = "EXISTS (SELECT 1 FROM deliveries_delivery o WHERE o.id = d.of_id AND o.state IN ('sent', 'online'))"
DUE = f"""
    d.state = 'waiting'
    AND (d.due_at IS NULL OR d.due_at <= now) AND (d.not_before IS NULL OR d.not_before <= now)
    AND (d.useful_until IS NULL OR d.useful_until > now)
    AND (d.act NOT IN ('follow', 'correct') OR {TEXT_IS_OUT})
    AND (d.act = 'withdraw' OR NOT {IS_WITHDRAWN.format(release="d.release_id")})
    AND c.paused_at IS NULL AND (c.held_for = '' OR c.held_until <= now)
"""
CLAIM = f"""
WITH moment AS MATERIALIZED (SELECT ausrufer_now() AS now),
best AS (
    SELECT DISTINCT ON (d.channel_id, d.urgent) d.id, d.urgent, c.position, c.platform
    FROM moment, deliveries_delivery d JOIN channels_channel c ON c.id = d.channel_id
    WHERE {DUE} AND (NOT %(own_only)s OR c.platform = ANY(%(own)s))
      AND NOT EXISTS (SELECT 1 FROM deliveries_delivery s
                      WHERE s.channel_id = d.channel_id AND s.urgent = d.urgent AND s.state = 'sending')
    ORDER BY d.channel_id, d.urgent, d.due_at NULLS FIRST, d.id
),
lined_up AS (
    SELECT id, row_number() OVER (PARTITION BY urgent ORDER BY position, id) AS place, urgent, platform FROM best
),
ours AS (
    SELECT d.id, lined_up.platform FROM deliveries_delivery d JOIN lined_up USING (id)
    WHERE d.state = 'waiting' AND place <= CASE WHEN lined_up.urgent THEN %(urgent)s ELSE %(ordinary)s END
    ORDER BY lined_up.urgent DESC, place
    FOR UPDATE OF d SKIP LOCKED
)
UPDATE deliveries_delivery d
SET state = 'sending', claim = claim + 1, claimed_by = %(dispatcher)s, attempt = attempt + 1, acted_at = NULL,
    lease_until = now + coalesce((%(leases)s::jsonb ->> ours.platform)::float * interval '1 s', %(lease)s),
    started_at = coalesce(started_at, now)
FROM ours, moment WHERE d.id = ours.id
RETURNING d.id, d.claim, d.urgent
"""
CLAIM_LOOKS = """
WITH moment AS MATERIALIZED (SELECT ausrufer_now() AS now),
ours AS (
    SELECT d.id FROM moment, deliveries_delivery d JOIN channels_channel c ON c.id = d.channel_id
    WHERE d.look_at <= now AND d.state IN ('sent', 'unclear')
      AND (c.reading_held_until IS NULL OR c.reading_held_until <= now)
    ORDER BY d.urgent DESC, d.look_at LIMIT %(limit)s FOR UPDATE OF d SKIP LOCKED
)
UPDATE deliveries_delivery d SET claim = claim + 1, claimed_by = %(dispatcher)s, look_at = now + %(lease)s
FROM ours, moment WHERE d.id = ours.id
RETURNING d.id, d.claim, d.urgent
"""
NEXT = """
SELECT extract(epoch FROM least(
    (SELECT min(greatest(d.due_at, d.not_before, c.held_until))
     FROM deliveries_delivery d JOIN channels_channel c ON c.id = d.channel_id
     WHERE d.state = 'waiting' AND c.paused_at IS NULL AND (c.held_for = '' OR c.held_until IS NOT NULL)
       AND greatest(d.due_at, d.not_before, c.held_until) > since),
    (SELECT min(greatest(d.look_at, c.reading_held_until))
     FROM deliveries_delivery d JOIN channels_channel c ON c.id = d.channel_id
     WHERE greatest(d.look_at, c.reading_held_until) > since AND d.look_at IS NOT NULL),
    (SELECT min(lease_until) FROM deliveries_delivery WHERE state = 'sending' AND lease_until > since),
    (SELECT min(useful_until) FROM deliveries_delivery WHERE state = 'waiting' AND useful_until > since)
) - now)::float FROM (SELECT ausrufer_now() AS now, %(since)s::timestamptz AS since) moment
"""


@dataclass(frozen=True)
class Claimed:
    delivery: int
    claim: int
    urgent: bool


def lease_of(platform: str) -> timedelta:
    """How long a sender may be silent before others think it stuck: as long as its platform's longest call."""
    return max(LEASE, timedelta(seconds=registry.capabilities(platform).longest_call))


def claim_due(dispatcher: int, *, ordinary: int, urgent: int, own_only: bool = False) -> list[Claimed]:
    """Due deliveries, now ours, best first: at most `ordinary`, and `urgent` crises besides."""
    leases = {each.key: lease_of(each.key).total_seconds() for each in registry.platforms()}
    values = {
        "dispatcher": dispatcher,
        "ordinary": ordinary,
        "urgent": urgent,
        "own_only": own_only,
        "own": registry.own_keys(),
        "leases": json.dumps(leases),
        "lease": LEASE,
    }
    try:
        return claimed(CLAIM, values)
    except IntegrityError:
        return []  # another dispatcher took this channel in the same moment; the unique index keeps it to one


def claim_looks(dispatcher: int, *, limit: int) -> list[Claimed]:
    """Deliveries to look at, now ours for `LOOK_LEASE`."""
    return claimed(CLAIM_LOOKS, {"dispatcher": dispatcher, "limit": limit, "lease": LOOK_LEASE})


def claimed(sql: str, values: dict[str, Any]) -> list[Claimed]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [Claimed(*row) for row in cursor.fetchall()]


def seconds_to_next(since: datetime) -> float | None:
    """Until something becomes due, may be looked at or runs out; None when nothing is planned.

    `since` is when claiming began: what became due after it may have been missed, so it is due at once. What was due
    before and is still there could not be taken; whatever keeps it back wakes us when it ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(NEXT, {"since": since})
        seconds: float | None = cursor.fetchone()[0]
        return seconds
