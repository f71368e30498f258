"""Carrying a mailing out, batch by batch: whatever stops it, the next call goes on with those who still wait."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from ausrufer.kernel.apart import run_apart
from ausrufer.kernel.database_clock import database_now
from ausrufer.push import vapid
from ausrufer.push.models import Fate, PushMailing, PushRecipient, Subscription
from ausrufer.push.sender import Letter, Outcome, Target, send

BATCH = 2_000  # recipients; small enough that a crash repeats little, and that a crisis need not wait
MOST_TRIES = 6


def carry_out(mailing_id: int) -> float | None:
    """Seconds until the next call is wanted; None when nobody waits any more."""
    mailing = PushMailing.objects.get(pk=mailing_id)
    letter = Letter(bytes(mailing.message), mailing.topic, mailing.lives, mailing.urgent)
    key = vapid.kept(Path(settings.DATA) / "vapid.key", settings.PUSH_CONTACT)
    while targets := batch(mailing):
        store(run_apart(send(letter, targets, key, settings.ALLOWED_ORIGINS)))
        if not mailing.urgent and crisis_waits():
            return 1.0
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
        for seconds in set(outcome.later.values()):
            waiting = [recipient for recipient, wait in outcome.later.items() if wait == seconds]
            rows = PushRecipient.objects.filter(pk__in=waiting)
            rows.update(not_before=now + timedelta(seconds=seconds), tries=F("tries") + 1)
        PushRecipient.objects.filter(pk__in=outcome.later, tries__gte=MOST_TRIES).update(fate=Fate.FAILED)


def crisis_waits() -> bool:
    now = database_now()
    open_ones = PushRecipient.objects.filter(Q(not_before=None) | Q(not_before__lte=now), mailing=OuterRef("pk"))
    return PushMailing.objects.filter(Exists(open_ones.filter(fate=Fate.WAITING)), urgent=True).exists()


def until_next(mailing: PushMailing) -> float | None:
    waiting = mailing.recipients.filter(fate=Fate.WAITING).order_by(F("not_before").asc(nulls_first=True)).first()
    if waiting is None:
        return None
    return max(0.5, (waiting.not_before - database_now()).total_seconds()) if waiting.not_before else 0.5
