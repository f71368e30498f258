"""What a person decides where a machine must not guess."""

from __future__ import annotations

from django.db import transaction

from ausrufer.deliveries.carrying import is_by_hand
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.orders import has_begun
from ausrufer.deliveries.receipts import tell_of_gone, tell_of_seen
from ausrufer.deliveries.states import State
from ausrufer.deliveries.wake import wake_dispatcher
from ausrufer.kernel.database_clock import database_now
from ausrufer.kernel.sentence import Sentence
from ausrufer.people import audit
from ausrufer.people.models import User
from ausrufer.posts.trouble import NotAllowed, PostTrouble


class Settled(PostTrouble):
    """The delivery went on by itself in the meantime."""

    def __init__(self) -> None:
        super().__init__("Die Zustellung ist inzwischen weiter. Es wurde nichts geändert.")


def give_up(delivery: Delivery, *, by: User) -> None:
    """Not sent any more. Raises Settled or NotAllowed, also while it is being sent: then it is too late to say so."""
    if delivery.state == State.SENDING:
        raise Settled
    words = "Auf Wunsch von {who} nicht mehr gesendet."
    if has_begun(delivery):
        words = "Auf Wunsch von {who} nicht mehr gesendet. Was davon schon dort steht, entfernt die Rücknahme."
    said = Sentence(words, {"who": by.shown_name})
    decide(delivery, State.FAILED, "gave up", by, look_at=None, needs_person=False, sentence=said.as_json())


def send_again(delivery: Delivery, *, by: User) -> None:
    """The person looked: it is not there. Raises Settled, also for what a person carries herself, or NotAllowed."""
    if delivery.state != State.UNCLEAR or not delivery.needs_person or is_by_hand(delivery):
        raise Settled
    forgotten: dict[str, object] = {"so_far": {}, "placement": None, "address": "", "sent_at": None, "looks": 0}
    decide(delivery, State.WAITING, "sent again", by, look_at=None, needs_person=False, not_before=None, **forgotten)


def confirm_online(delivery: Delivery, address: str, *, by: User) -> None:
    """The person saw it there. Raises Settled or NotAllowed."""
    now = database_now()
    with transaction.atomic():
        changes = {"address": address} if address else {}
        sent_at = delivery.sent_at or now
        decide(delivery, State.SENT, "confirmed", by, look_at=None, needs_person=False, sent_at=sent_at, **changes)
        delivery.claim += 1
        delivery.move(State.ONLINE, seen_at=now, confirmed_by="person", sentence=None)
        tell_of_seen(delivery)


def confirm_gone(withdrawal: Delivery, *, by: User) -> None:
    """The person took it down there, or did not find it any more. Raises Settled or NotAllowed."""
    now = database_now()
    facts: dict[str, object] = {"sent_at": now, "seen_at": now, "confirmed_by": "person", "sentence": None}
    with transaction.atomic():
        decide(withdrawal, State.WITHDRAWN, "confirmed", by, look_at=None, needs_person=False, **facts)
        tell_of_gone(withdrawal)


def decide(delivery: Delivery, to: State, act: str, by: User, **changes: object) -> None:
    if not by.may_release:
        raise NotAllowed("Das entscheidet die Pressestelle.")
    with transaction.atomic():
        # The claim moves on, so that a look which is under way cannot overrule the person.
        if not delivery.move(to, claim=delivery.claim + 1, **changes):
            raise Settled
        audit.record(act, f"delivery {delivery.key}", by=by, channel=delivery.channel.key)
        wake_dispatcher(delivery.pk)
