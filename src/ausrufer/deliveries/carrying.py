"""What a person has to carry over by hand: a task at first, an alarm when it was forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from ausrufer.adapter import registry
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.states import Act, State

# Half a working day: whoever carries it has other work, too, or is on the way with a notice. Later it was forgotten.
CARRIED_WITHIN = timedelta(hours=4)
MENDED = (Act.CORRECT, Act.WITHDRAW)


def by_hand() -> Q:
    """Of deliveries that only a person's word makes online, and that wait for it."""
    return Q(state=State.UNCLEAR, channel__platform__in=registry.by_hand_keys()) | to_mend()


def to_mend() -> Q:
    """Of corrections and withdrawals that no machine can make: a person's from the beginning, never sent."""
    return Q(state=State.UNCLEAR, act__in=MENDED, attempt=0)


def is_by_hand(delivery: Delivery) -> bool:
    """Whether a person serves the channel, or mends there what a machine cannot."""
    is_to_mend = delivery.state == State.UNCLEAR and delivery.act in MENDED and not delivery.attempt
    return is_to_mend or registry.capabilities(delivery.channel.platform).is_by_hand


def to_carry() -> QuerySet[Delivery]:
    """Oldest first; nobody has to carry what was taken back."""
    waiting = Delivery.objects.filter(by_hand()).exclude(needed_no_more())
    return waiting.select_related("channel", "release__post").order_by("-urgent", "started_at", "id")


def needed_no_more() -> Q:
    """Of deliveries: the post was taken back, so nobody misses what did not arrive."""
    return Q(release__changes__act=Act.WITHDRAW) & ~Q(act=Act.WITHDRAW)


def forgotten(now: datetime) -> Q:
    return Q(started_at__lte=now - CARRIED_WITHIN)
