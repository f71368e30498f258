"""Sending one claimed delivery, and what each kind of trouble leads to."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction

from ausrufer.adapter.contract import Placement, Platform
from ausrufer.adapter.errors import Holds, LockedOut, LostClaim, Rejected, Trouble, TryLater, Unclear, UnderWay
from ausrufer.channels import hold
from ausrufer.channels.models import HeldFor
from ausrufer.deliveries.claim import Claimed
from ausrufer.deliveries.films import whole_rendition
from ausrufer.deliveries.keep import KeepProgress, surely
from ausrufer.deliveries.look import look
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.orders import is_placed, load, order_of, placement_of, platform_of, rendition_of
from ausrufer.deliveries.receipts import store_sent
from ausrufer.deliveries.states import Act, State
from ausrufer.kernel.database_clock import Now, database_now
from ausrufer.kernel.sentence import Sentence
from ausrufer.kernel.text import writable
from ausrufer.posts.models import FrozenRendition

log = logging.getLogger("ausrufer.deliveries")

UNDECIDED_WAIT = 2.0  # seconds
REPEATED_AFTER = 5.0  # seconds
UNEXPECTED = Sentence("Beim Senden ging etwas Unerwartetes schief. Einzelheiten stehen im Protokoll.")


def deliver(claimed: Claimed) -> None:
    """Send, store, look. Every way out leaves a row that says the truth."""
    delivery = load(claimed)
    if delivery is None:
        return None
    keep = KeepProgress(delivery)
    try:
        platform = platform_of(delivery.channel)
    except LockedOut as trouble:
        return lock_out(delivery, trouble)
    except Exception as error:  # e.g. one whose settings it cannot live with
        log.exception("%s: no platform", delivery.key)
        return wait(delivery, TryLater(UNEXPECTED, seconds=60.0, diagnostic=repr(error)))
    try:
        placement = carry_out(delivery, platform, keep)
    except LostClaim:
        log.warning("%s: the claim is lost", delivery.key)
        return None
    except TryLater as trouble:
        return wait(delivery, trouble)
    except Rejected as trouble:
        return fall_back(delivery, trouble)
    except LockedOut as trouble:
        return lock_out(delivery, trouble)
    except Unclear as trouble:
        return look_first(delivery, platform, trouble)
    except Exception as error:
        return unexpected(delivery, platform, keep, error)
    # Its own step: whatever happens here, this delivery is never sent again.
    if surely(lambda: store_sent(delivery, placement)):
        look(delivery, platform)
    return None


def carry_out(delivery: Delivery, platform: Platform, keep: KeepProgress) -> Placement:
    """The act itself. Raises one of the four errors, or LostClaim."""
    if delivery.act in (Act.PUBLISH, Act.FOLLOW) or delivery.of is None:
        return platform.send(order_of(delivery), whole_rendition(delivery), keep)
    there = placement_of(delivery.of)
    try:
        if delivery.act == Act.WITHDRAW:
            return take_back(delivery.of, platform)
        if platform.capabilities.can_edit:
            return platform.edit(order_of(delivery), there, whole_rendition(delivery), keep)
    except Unclear as trouble:  # both may be repeated without harm
        raise TryLater(trouble.sentence, seconds=REPEATED_AFTER, diagnostic=trouble.diagnostic) from trouble
    return platform.send(order_of(delivery), whole_rendition(delivery), keep)


def take_back(published: Delivery, platform: Platform) -> Placement:
    """Where it was, or as much of it as went out; nowhere, when nothing did."""
    if published.state in (State.SENDING, State.UNCLEAR):
        raise TryLater("Erst muss feststehen, ob der Beitrag hinausging.", seconds=UNDECIDED_WAIT)
    there = placement_of(published)
    if not is_placed(published) and published.so_far and platform.capabilities.public_so_far:
        there = platform.begun(order_of(published), rendition_of(published))
    if there.parts:
        platform.withdraw(there)
    elif published.state in (State.SENT, State.ONLINE):
        raise Rejected("Eine Person hat den Beitrag dort gesehen: bitte dort von Hand entfernen.")
    return there


def wait(delivery: Delivery, trouble: TryLater) -> None:
    """Costs no attempt: it goes on until the post is no longer useful."""
    log.info("%s waits %.1f s (%s): %s", delivery.key, trouble.seconds, trouble.holds, trouble)
    until = database_now() + timedelta(seconds=max(0.0, trouble.seconds))
    changes = words(trouble) | ({"not_before": until} if trouble.holds != Holds.WRITING else {})
    changes |= {"under_way": isinstance(trouble, UnderWay)}

    @transaction.atomic  # else another delivery would slip through before the channel is held
    def put_back() -> None:
        if not delivery.move(State.WAITING, **changes):
            return
        if trouble.holds == Holds.WRITING:
            hold.hold(delivery.channel_id, HeldFor.PATIENCE, until=until, sentence=trouble.sentence)
        elif trouble.holds == Holds.READING:
            hold.hold_reading(delivery.channel_id, until)

    surely(put_back)


def fall_back(delivery: Delivery, trouble: Rejected) -> None:
    """The next approved rendition, or back to the author."""
    log.warning("%s refused: %s", delivery.key, trouble)
    following = FrozenRendition.objects.filter(
        approval=delivery.approval_id, channel=delivery.channel_id, rank=delivery.rank + 1
    )
    if following.exists():
        changes = {"so_far": {}} | words(trouble) | {"rank": delivery.rank + 1, "not_before": None, "under_way": False}
        surely(lambda: delivery.move(State.WAITING, **changes))
    else:
        surely(lambda: delivery.move(State.FAILED, **words(trouble)))


def lock_out(delivery: Delivery, trouble: LockedOut) -> None:
    log.error("%s locked out: %s", delivery.key, trouble)

    @transaction.atomic
    def put_back() -> None:
        if delivery.move(State.WAITING, **words(trouble)):
            hold.lock(delivery.channel_id, trouble)

    surely(put_back)


def look_first(delivery: Delivery, platform: Platform, trouble: Unclear) -> None:
    """It may be out: nothing is repeated before the platform was asked, twice."""
    log.warning("%s unclear: %s", delivery.key, trouble)
    can_ask = platform.capabilities.can_find
    soon = Now() + timedelta(seconds=platform.capabilities.usual_delay)
    changes = words(trouble) | {"looks": 0, "look_at": soon if can_ask else None, "needs_person": not can_ask}
    surely(lambda: delivery.move(State.UNCLEAR, **changes))


def unexpected(delivery: Delivery, platform: Platform, keep: KeepProgress, error: Exception) -> None:
    """A mistake of ours. Before an act nothing can be out; after one we do not know."""
    log.exception("%s: unexpected", delivery.key)
    if keep.acted:
        return look_first(delivery, platform, Unclear(UNEXPECTED, diagnostic=repr(error)))
    seconds = min(300.0, 2.0 ** min(delivery.attempt, 9))
    return wait(delivery, TryLater(UNEXPECTED, seconds=seconds, diagnostic=repr(error)))


def words(trouble: Trouble) -> dict[str, object]:
    said = {"sentence": trouble.sentence.as_json(), "diagnostic": trouble.diagnostic[:2000]}
    found: dict[str, object] = writable(said if trouble.so_far is None else said | {"so_far": dict(trouble.so_far)})
    return found
