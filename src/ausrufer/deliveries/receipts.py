"""What a receipt (Beleg) says: when it was taken, when it was seen, and by which evidence."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction

from ausrufer.adapter.contract import Placement, Seen
from ausrufer.channels import hold
from ausrufer.channels.connecting import prove
from ausrufer.deliveries.claim import LOOK_LEASE
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.states import State, came_from
from ausrufer.kernel.database_clock import database_now
from ausrufer.kernel.text import is_writable, writable

LONGEST_ADDRESS = 500  # characters
# What else is to happen, in the same transaction, once a delivery was seen; `config.wiring` fills it.
when_seen: list[Callable[[Delivery], None]] = []


def store_sent(delivery: Delivery, placement: Placement) -> bool:
    """The placement is ours to keep, whether it was just made or found again. False when the claim is lost."""
    now, facts = database_now(), writable(dataclasses.asdict(placement))
    stored = delivery.move(
        State.SENT,
        placement=facts,
        address=fit(placement.address),
        sent_at=now,
        looks=0,
        look_at=now + LOOK_LEASE,  # for whoever lives, should we not; the first look follows at once
        needs_person=False,
        sentence=None,
        diagnostic="",
    )
    delivery.state, delivery.placement, delivery.sent_at = State.SENT, facts, now
    delivery.looks = 0
    if stored and delivery.channel.held_for:
        hold.let_go(delivery.channel_id, held_until=delivery.channel.held_until)
    if stored and delivery.channel.doubt:
        prove(delivery.channel_id)
    return stored


def fit(address: str) -> str:
    """What cannot be stored is no address anybody could follow; the receipt stands without it."""
    return "" if len(address) > LONGEST_ADDRESS or not is_writable(address) else address


def store_seen(delivery: Delivery, seen: Seen) -> bool:
    changes = {"address": fit(seen.address)} if fit(seen.address) else {}
    with transaction.atomic():
        stored = delivery.move(
            State.ONLINE,
            seen_at=database_now(),
            confirmed_by=seen.confirmed_by,
            look_at=None,
            needs_person=False,
            sentence=None,
            diagnostic="",
            **changes,
        )
        if stored:
            tell_of_seen(delivery)
    return stored


def store_gone(delivery: Delivery) -> bool:
    """Withdrawn, and no longer to be seen."""
    with transaction.atomic():
        now = database_now()
        stored = delivery.move(
            State.WITHDRAWN, seen_at=now, look_at=None, needs_person=False, sentence=None, diagnostic=""
        )
        if stored:
            tell_of_gone(delivery)
    return stored


def tell_of_gone(withdrawal: Delivery) -> None:
    """What it took down is withdrawn with it."""
    Delivery.objects.filter(changed_by=withdrawal, state__in=came_from(State.WITHDRAWN)).update(
        state=State.WITHDRAWN, look_at=None, needs_person=False
    )
    tell_of_seen(withdrawal)


def tell_of_seen(delivery: Delivery) -> None:
    for told in when_seen:
        told(delivery)


def plan_look(delivery: Delivery, *, seconds: float, looks: int, diagnostic: str = "") -> None:
    """The next look, while the claim is ours."""
    Delivery.objects.filter(pk=delivery.pk, claim=delivery.claim).update(
        looks=min(looks, 1000),
        look_at=database_now() + timedelta(seconds=seconds),
        diagnostic=writable(diagnostic)[:2000],
    )
