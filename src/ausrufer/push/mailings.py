"""Opening a mailing: recipients fixed and a job begun in one transaction (`adapter.supplies.Mailings`)."""

from __future__ import annotations

import json
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Q

from ausrufer.adapter.contract import Order, Profile, Rendition
from ausrufer.adapter.errors import LockedOut, Rejected
from ausrufer.adapter.supplies import Mailing
from ausrufer.kernel.database_clock import database_now
from ausrufer.kernel.sentence import Sentence
from ausrufer.kernel.text import first_sentence
from ausrufer.kernel.turns import is_free
from ausrufer.push.encryption import MOST
from ausrufer.push.models import Fate, PushMailing, Subscription

LIVES = 86_400  # seconds a push service keeps a routine message
IN_TURN = 5_713_404  # kind of turn: one job at a time carries out a mailing
CALL_AGAIN = timedelta(seconds=10)  # a job that was called and has no turn by then is dead
LIVES_URGENT = 3_600  # a warning that comes a day late does harm
RECIPIENTS = """
INSERT INTO push_pushrecipient (mailing_id, subscription_id, fate, tries)
SELECT %s, s.id, 'waiting', 0 FROM push_subscription s WHERE s.topics = '{}' OR %s = ANY(s.topics) ORDER BY s.id
"""


class PushMailings:
    def open(self, order: Order, rendition: Rendition) -> Mailing:
        """How far it is; begun by the first call, and later ones revive a job that died."""
        with transaction.atomic():
            mailing, is_new = PushMailing.objects.get_or_create(
                key=order.key,
                defaults={
                    "urgent": order.urgent,
                    "page": rendition.page,
                    "message": message(order, rendition),
                    "topic": topic_of(order),
                    "lives": LIVES_URGENT if order.urgent else LIVES,
                    "opened_at": database_now(),
                },
            )
            if is_new:
                with connection.cursor() as cursor:
                    cursor.execute(RECIPIENTS, [mailing.pk, order.topic])
            told = standing(mailing)
            if told.open and is_forgotten(mailing):
                call(mailing)
        return told

    def look(self, key: str) -> Mailing | None:
        mailing = PushMailing.objects.filter(key=key).first()
        return standing(mailing) if mailing else None

    def profile(self) -> Profile:
        return Profile(ask_for_contact(), readers=Subscription.objects.count())


def ask_for_contact() -> str:
    """RFC 8292, section 2.1: a push service may refuse who cannot be asked. Raises LockedOut."""
    contact = str(settings.PUSH_CONTACT)
    if contact.startswith("https://") or (contact.startswith("mailto:") and "@" in contact):
        return contact
    text = "Ansprechpartner für Push-Dienste: {contact}. Bitte AUSRUFER_PUSH_CONTACT setzen: mailto:… oder https://…"
    raise LockedOut(Sentence(text, {"contact": contact}))


def is_forgotten(mailing: PushMailing) -> bool:
    """Nobody was called, or whoever was is dead and nobody is due later."""
    if mailing.called_at is None:
        return True
    return mailing.called_at + CALL_AGAIN <= database_now() and is_free(IN_TURN, mailing.pk)


def call(mailing: PushMailing, seconds: float = 0.0) -> None:
    """A job, in the same transaction as what it is to carry out. One too many is harmless."""
    from ausrufer.push.tasks import carry_out

    PushMailing.objects.filter(pk=mailing.pk).update(called_at=database_now() + timedelta(seconds=seconds))
    job = carry_out.configure(
        priority=10 if mailing.urgent else 0, schedule_in={"seconds": int(seconds) + 1} if seconds else None
    )
    job.defer(mailing=mailing.pk)


def standing(mailing: PushMailing) -> Mailing:
    counted = mailing.recipients.aggregate(
        total=Count("pk"),
        sent=Count("pk", filter=Q(fate=Fate.SENT)),
        failed=Count("pk", filter=Q(fate__in=[Fate.GONE, Fate.FAILED])),
        open=Count("pk", filter=Q(fate=Fate.WAITING)),
    )
    return Mailing(**counted, unclear=0, address=mailing.page)


def message(order: Order, rendition: Rendition) -> bytes:
    """The full text travels with the push, so that nobody has to load a page to be warned. Raises Rejected."""
    title, rest = first_sentence(rendition.text)
    facts = {
        "id": order.post,
        "title": title,
        "body": rest,
        "url": rendition.page,
        "topic": rendition.topic,
        "lang": rendition.language,
        "severity": "crisis" if order.urgent else "routine",
    }
    made = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()
    if len(made) > MOST:
        raise Rejected("Für eine Push-Nachricht ist der Text zu lang.", diagnostic=f"{len(made)} bytes")
    return made


def topic_of(order: Order) -> str:
    """At most 32 letters of base64url; a correction of the post replaces what was not delivered yet."""
    return (order.post or order.key.replace("-", ""))[:32]
