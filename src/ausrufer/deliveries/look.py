"""Looking: as a reader at what was sent, and for what may be out although its answer was lost."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from ausrufer.adapter.contract import Platform, Rendition, Seen
from ausrufer.adapter.errors import Holds, LockedOut, Trouble, TryLater
from ausrufer.channels import hold
from ausrufer.deliveries.claim import LEASE, Claimed
from ausrufer.deliveries.keep import surely
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.orders import load, order_of, placement_of, platform_of, rendition_of
from ausrufer.deliveries.receipts import plan_look, store_gone, store_seen, store_sent
from ausrufer.deliveries.states import Act, State
from ausrufer.kernel.database_clock import database_now
from ausrufer.kernel.sentence import Sentence

log = logging.getLogger("ausrufer.deliveries")

PATIENCE = (0.2, 0.3, 0.5, 1.0, 1.0, 2.0, 3.0, 5.0, 10.0)  # seconds between looks, then every 30
LATER = 30.0
NOT_SEEN = Sentence("Angenommen, aber bis jetzt nicht zu sehen. Bitte selbst nachsehen.")
NOT_FOUND = Sentence("Zweimal nachgesehen, nichts gefunden. Es wird noch einmal gesendet.")


def look_again(claimed: Claimed) -> None:
    """A planned look at a delivery that is sent or unclear."""
    delivery = load(claimed)
    if delivery is None:
        return
    try:
        platform = platform_of(delivery.channel)
        if delivery.placement:
            look(delivery, platform)
        else:
            look_for_lost(delivery, platform)
    except LockedOut as trouble:
        put_off(delivery, trouble)
    except Exception as error:
        log.exception("%s: unexpected while looking", delivery.key)
        put_off(delivery, TryLater("Beim Nachsehen ging etwas schief.", seconds=10.0, diagnostic=repr(error)))


def look(delivery: Delivery, platform: Platform) -> None:
    """One look at what was accepted; the next one is planned when it is not to be seen yet."""
    if delivery.act == Act.WITHDRAW and not placement_of(delivery).parts:
        surely(lambda: store_gone(delivery))
        return None
    try:
        seen = platform.is_online(placement_of(delivery))
    except Trouble as trouble:
        return put_off(delivery, trouble)
    if delivery.act == Act.WITHDRAW:
        surely(lambda: not_gone(delivery) if seen.online else store_gone(delivery))
        return None
    if not seen.online:
        return surely(lambda: not_yet(delivery, platform, seen))
    if delivery.state == State.UNCLEAR and not delivery.move(State.SENT):
        return None
    surely(lambda: store_seen(delivery, seen))
    return None


def not_gone(delivery: Delivery) -> bool:
    pause = PATIENCE[delivery.looks] if delivery.looks < len(PATIENCE) else LATER
    plan_look(delivery, seconds=pause, looks=delivery.looks + 1)
    return False


def not_yet(delivery: Delivery, platform: Platform, seen: Seen) -> None:
    late = database_now() - (delivery.sent_at or database_now())
    if delivery.state == State.SENT and late > timedelta(seconds=platform.capabilities.seen_within):
        # Taken but not to be seen: never sent again by itself. A person is told, and we go on looking.
        delivery.move(State.UNCLEAR, needs_person=True, sentence=NOT_SEEN.as_json())
    pause = PATIENCE[delivery.looks] if delivery.looks < len(PATIENCE) else LATER
    plan_look(delivery, seconds=pause, looks=delivery.looks + 1, diagnostic=seen.sentence)


def put_off(delivery: Delivery, trouble: Trouble) -> None:
    """Reading is in trouble; that says nothing about the post."""
    log.info("%s cannot be looked at: %s", delivery.key, trouble)
    seconds = trouble.seconds if isinstance(trouble, TryLater) else 60.0
    surely(lambda: plan_look(delivery, seconds=seconds, looks=delivery.looks, diagnostic=trouble.diagnostic))
    if isinstance(trouble, LockedOut) or (isinstance(trouble, TryLater) and trouble.holds != Holds.DELIVERY):
        hold.hold_reading(delivery.channel_id, database_now() + timedelta(seconds=seconds))


def look_for_lost(delivery: Delivery, platform: Platform) -> None:
    """Found: it is sent. Not there twice, the second time when even the longest call must have ended: send again."""
    if not platform.capabilities.can_find:
        return surely(lambda: ask_person(delivery))
    try:
        rendition = rendition_of(delivery)
        placement = platform.find(order_of(delivery), rendition)
    except Trouble as trouble:
        return put_off(delivery, trouble)
    if placement is not None:
        if surely(lambda: store_sent(delivery, placement)):
            look(delivery, platform)
        return None
    missing = (second_look_at(delivery, platform, rendition) - database_now()).total_seconds()
    if delivery.looks == 0 or missing > 0:
        return surely(lambda: plan_look(delivery, seconds=max(missing, 1.0), looks=1))
    surely(lambda: delivery.move(State.WAITING, look_at=None, not_before=None, sentence=NOT_FOUND.as_json()))
    return None


def ask_person(delivery: Delivery) -> None:
    """Nobody else can tell whether it is out."""
    Delivery.objects.filter(pk=delivery.pk, claim=delivery.claim, state=State.UNCLEAR).update(
        needs_person=True, look_at=None
    )


def second_look_at(delivery: Delivery, platform: Platform, rendition: Rendition) -> datetime:
    """When the last act's call must have ended and the platform's usual delay has passed.

    A call with words and pictures ends before the shortest lease, one that carries a film may take longer.
    """
    acted = delivery.acted_at or delivery.started_at or delivery.release.released_at
    longest = timedelta(seconds=platform.capabilities.longest_call)
    return acted + (longest if rendition.videos else min(LEASE, longest)) + usual_delay(platform)


def usual_delay(platform: Platform) -> timedelta:
    return timedelta(seconds=platform.capabilities.usual_delay)
