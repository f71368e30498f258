"""Carrying a mailing out, batch by batch: whatever stops it, the next call goes on with those who still wait."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from ausrufer.kernel.apart import run_apart
from ausrufer.kernel.database_clock import database_now
from ausrufer.kernel.turns import turn
from ausrufer.push import vapid
from ausrufer.push.mailings import IN_TURN, call
from ausrufer.push.models import Fate, PushMailing, PushRecipient, Subscription
from ausrufer.push.sender import Letter, Outcome, Target, send

BATCH = 2_000  # recipients; small enough that a crash repeats little, and that a crisis need not wait
PAUSES = (5.0, 15.0, 60.0, 300.0, 900.0)  # seconds before the next try, when a push service does not say how long
GIVING_WAY = 1.0  # seconds before an ordinary mailing looks whether the crisis is over


def carry_out(mailing_id: int) -> None:
    """Everybody who is due gets the message; for those who still wait a job comes back."""
    mailing = PushMailing.objects.get(pk=mailing_id)
    with turn(IN_TURN, mailing_id) as is_ours:
        if not is_ours:
            return
        seconds = carried_out(mailing)
    if seconds is not None:
        with transaction.atomic():
            call(mailing, seconds)


def carried_out(mailing: PushMailing) -> float | None:
    """Seconds until the next call is wanted; None when nobody waits any more."""
    letter = Letter(bytes(mailing.message), mailing.topic, mailing.lives, mailing.urgent)
    key = vapid.kept(Path(settings.DATA) / "vapid.key", settings.PUSH_CONTACT)
    while targets := batch(mailing):
        store(run_apart(send(letter, targets, key, settings.ALLOWED_ORIGINS)))
        if not mailing.urgent and crisis_waits():
            return GIVING_WAY
    return until_next(mailing)


def batch(mailing: PushMailing) -> list[Target]:
    """Those who wait and whose push service does not ask for patience. A lost subscription waits for nobody."""
    mailing.recipients.filter(fate=Fate.WAITING, subscription=None).update(fate=Fate.GONE)
    due = Q(not_before=None) | Q(not_before__lte=database_now())
    rows = mailing.recipients.filter(due, fate=Fate.WAITING).order_by("pk")[:BATCH]
    names = ("pk", "subscription__endpoint", "subscription__p256dh", "subscription__auth")
    return [Target(*row) for row in rows.values_list(*names)]


def store(outcome: Outcome) -> None:
    now = database_now()
    with transaction.atomic():
        PushRecipient.objects.filter(pk__in=outcome.sent).update(fate=Fate.SENT)
        PushRecipient.objects.filter(pk__in=outcome.failed).update(fate=Fate.FAILED)
        gone = PushRecipient.objects.filter(pk__in=outcome.gone)
        subscriptions = list(gone.values_list("subscription", flat=True))
        gone.update(fate=Fate.GONE)
        Subscription.objects.filter(pk__in=subscriptions).delete()
        postpone(outcome.later, now)


def postpone(later: Mapping[int, float | None], now: datetime) -> None:
    """As long as the push service asked for, else a little longer each time; after the last pause it has failed."""
    rows = PushRecipient.objects.filter(pk__in=later)
    rows.filter(tries__gte=len(PAUSES)).update(fate=Fate.FAILED)
    tries = dict(rows.filter(fate=Fate.WAITING).values_list("pk", "tries"))
    by_pause: dict[float, list[int]] = {}
    for recipient, number in tries.items():
        by_pause.setdefault(later[recipient] or PAUSES[number], []).append(recipient)
    for pause, recipients in by_pause.items():
        until = now + timedelta(seconds=pause)
        PushRecipient.objects.filter(pk__in=recipients).update(not_before=until, tries=F("tries") + 1)


def crisis_waits() -> bool:
    now = database_now()
    open_ones = PushRecipient.objects.filter(Q(not_before=None) | Q(not_before__lte=now), mailing=OuterRef("pk"))
    return PushMailing.objects.filter(Exists(open_ones.filter(fate=Fate.WAITING)), urgent=True).exists()


def until_next(mailing: PushMailing) -> float | None:
    waiting = mailing.recipients.filter(fate=Fate.WAITING).order_by(F("not_before").asc(nulls_first=True)).first()
    if waiting is None:
        return None
    return max(0.5, (waiting.not_before - database_now()).total_seconds()) if waiting.not_before else 0.5
