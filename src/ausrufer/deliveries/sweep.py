"""What a dead sender left behind, and what is no longer useful. No row may be stuck."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection, transaction

from ausrufer.adapter import registry
from ausrufer.deliveries.claim import IS_WITHDRAWN
from ausrufer.kernel.sentence import Sentence

LOCK_CLASS = 7321  # advisory locks (7321, number): each living dispatcher holds the one of its number

LAPSED = Sentence("Die Meldung war nicht mehr nützlich, bevor sie hinausgehen konnte.")
LAPSED_HALF = Sentence("Die Meldung war nicht mehr nützlich, bevor alles davon hinausging. Was dort steht, bleibt.")
TAKEN_BACK = Sentence("Zurückgenommen, bevor es hinausging.")
TAKEN_BACK_HALF = Sentence("Zurückgenommen, bevor alles davon hinausging.")
ALONE = Sentence("Der Text dazu ging nicht hinaus.")
INTERRUPTED = Sentence("Das Senden wurde unterbrochen. Es wird nachgesehen, damit nichts doppelt hinausgeht.")

# Of a chain: some of it is out.
HAS_BEGUN = """EXISTS (
    SELECT 1 FROM jsonb_each(so_far) kept WHERE kept.key = ANY(%(public)s) AND kept.value NOT IN ('[]', 'null')
)"""
LAPSE = f"""
UPDATE deliveries_delivery SET state = 'lapsed',
    sentence = CASE WHEN {HAS_BEGUN} THEN %(lapsed_half)s ELSE %(lapsed)s END::jsonb
WHERE state = 'waiting' AND useful_until <= ausrufer_now()
"""
WITHDRAWN = f"""
UPDATE deliveries_delivery d SET state = 'lapsed',
    sentence = CASE WHEN {HAS_BEGUN} THEN %(withdrawn_half)s ELSE %(withdrawn)s END::jsonb
WHERE state = 'waiting' AND act <> 'withdraw' AND {IS_WITHDRAWN.format(release="d.release_id")}
"""
NOTHING_TO_FOLLOW = """
UPDATE deliveries_delivery d SET state = 'lapsed', sentence = %(alone)s FROM deliveries_delivery o
WHERE (d.state = 'waiting' OR d.state = 'unclear' AND d.act IN ('correct', 'withdraw') AND d.attempt = 0)
    AND (d.act IN ('follow', 'correct') OR d.state = 'unclear') AND o.id = d.of_id
    AND o.state IN ('failed', 'lapsed', 'withdrawn')
"""
# A sender that is gone, or silent for longer than its lease. Before `keep` nothing can be public: it may simply go
# again, and should the sender live after all, its next `keep` finds the claim lost. After it, we look first.
DEAD = """NOT EXISTS (
    SELECT 1 FROM pg_locks l
    WHERE l.locktype = 'advisory' AND l.classid = %(lock_class)s AND l.objsubid = 2 AND l.objid = claimed_by)
"""
ABANDONED = f"state = 'sending' AND (lease_until <= ausrufer_now() OR {DEAD})"
BACK = f"""
UPDATE deliveries_delivery SET state = 'waiting', claim = claim + 1, claimed_by = NULL
WHERE {ABANDONED} AND acted_at IS NULL
"""
UNCLEAR = f"""
UPDATE deliveries_delivery SET state = 'unclear', claim = claim + 1, claimed_by = NULL, looks = 0,
    look_at = ausrufer_now(), sentence = %(interrupted)s, diagnostic = 'the sender died or fell silent after an act'
WHERE {ABANDONED} AND acted_at IS NOT NULL
"""
# A look that died with its looker need not wait for its lease: looking twice harms nobody.
LOOK_NOW = f"""
UPDATE deliveries_delivery SET look_at = ausrufer_now(), claimed_by = NULL
WHERE state = 'sent' AND look_at > ausrufer_now() AND claimed_by IS NOT NULL AND {DEAD}
"""


def sweep() -> int:
    """How many rows were moved. Harmless however often and by however many it is called."""
    values: dict[str, Any] = {
        "lock_class": LOCK_CLASS,
        "public": sorted({name for each in registry.platforms() for name in each.capabilities.public_so_far}),
        "withdrawn": json.dumps(TAKEN_BACK.as_json()),
        "withdrawn_half": json.dumps(TAKEN_BACK_HALF.as_json()),
        "alone": json.dumps(ALONE.as_json()),
        "lapsed": json.dumps(LAPSED.as_json()),
        "lapsed_half": json.dumps(LAPSED_HALF.as_json()),
        "interrupted": json.dumps(INTERRUPTED.as_json()),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        moved = 0
        for sql in (LAPSE, WITHDRAWN, NOTHING_TO_FOLLOW, BACK, UNCLEAR, LOOK_NOW):
            cursor.execute(sql, values)
            moved += cursor.rowcount
    return moved
