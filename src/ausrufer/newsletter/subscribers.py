"""Subscribing and leaving: nobody gets a letter who did not confirm it by a link in his own mailbox."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from ausrufer.kernel.database_clock import database_now
from ausrufer.newsletter.models import Fate, Mailing, Recipient, Standing, Subscriber, new_token

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z][A-Za-z0-9-]{1,62}")
UNCONFIRMED = timedelta(days=7)
ENDED = timedelta(days=30)  # long enough to answer a complaint
LISTS = timedelta(days=30)  # of recipients, once their mailing is through
ONE_LINK = timedelta(hours=24)  # one mail with a link for an address, whoever asks for it
HARD_BOUNCES = 3  # on different days


class NoAddress(ValueError):
    """What was typed is no mail address."""


def subscribe(address: str, topics: Sequence[str], consent: str) -> Subscriber:
    """Ask for the newsletter; `consent` is the version of the text that was agreed to. Raises NoAddress.

    Says nothing about whether the address was known: the answer is in its mailbox.
    """
    address = cleaned(address)
    now = database_now()
    with transaction.atomic():
        Subscriber.objects.get_or_create(address=address, defaults={"requested_at": now, "consent": consent})
        known = Subscriber.objects.select_for_update().get(address=address)
        if known.state != Standing.CONFIRMED:
            if known.state == Standing.ENDED:
                known.token, known.bounces, known.confirmed_at = new_token(), 0, None
            known.state, known.topics, known.consent = Standing.REQUESTED, list(topics), consent
            known.requested_at, known.ended_at, known.ended_because = now, None, ""
            known.save()
        mail_link(known)
    return known


def mail_link(subscriber: Subscriber) -> None:
    """At most one a day, so that nobody can fill a stranger's mailbox through us."""
    from ausrufer.newsletter.tasks import send_link

    now = database_now()
    if subscriber.link_sent_at is None or subscriber.link_sent_at + ONE_LINK < now:
        Subscriber.objects.filter(pk=subscriber.pk).update(link_sent_at=now)
        send_link.defer(subscriber=subscriber.pk)


def ask_for_link(address: str) -> None:
    """From the page where somebody has only his address; a stranger's answer looks the same."""
    known = Subscriber.objects.filter(address=address.strip().lower()).exclude(state=Standing.ENDED).first()
    if known:
        with transaction.atomic():
            mail_link(known)


def confirm(token: str) -> bool:
    """True when it is confirmed, by this or an earlier call."""
    asked = Subscriber.objects.filter(token=token, state=Standing.REQUESTED)
    asked.update(state=Standing.CONFIRMED, confirmed_at=database_now())
    return Subscriber.objects.filter(token=token, state=Standing.CONFIRMED).exists()


def unsubscribe(token: str, because: str = "person") -> bool:
    """False for a token nobody has. Whoever leaves during a mailing is taken off its list as well."""
    with transaction.atomic():
        gone = Subscriber.objects.filter(token=token).exclude(state=Standing.ENDED)
        gone.update(state=Standing.ENDED, ended_at=database_now(), ended_because=because)
        Recipient.objects.filter(token=token, state=Fate.WAITING).delete()
    return Subscriber.objects.filter(token=token).exists()


def note_hard_bounce(token: str) -> None:
    """Once a day counts; after the third the subscription ends."""
    now = database_now()
    with transaction.atomic():
        known = Subscriber.objects.select_for_update().filter(token=token, state=Standing.CONFIRMED).first()
        if known is None or (known.bounced_at and known.bounced_at + timedelta(hours=20) > now):
            return
        known.bounces, known.bounced_at = known.bounces + 1, now
        known.save(update_fields=["bounces", "bounced_at"])
        if known.bounces >= HARD_BOUNCES:
            unsubscribe(token, because="bounces")


def forget() -> None:
    """Personal data goes when its time is over."""
    now = database_now()
    Subscriber.objects.filter(state=Standing.REQUESTED, requested_at__lt=now - UNCONFIRMED).delete()
    Subscriber.objects.filter(state=Standing.ENDED, ended_at__lt=now - ENDED).delete()
    open_ones = Recipient.objects.filter(state__in=[Fate.WAITING, Fate.SENDING]).values("mailing")
    Mailing.objects.filter(opened_at__lt=now - LISTS).exclude(pk__in=open_ones).delete()


def cleaned(address: str) -> str:
    address = address.strip().lower()
    if len(address) > 254 or not ADDRESS.fullmatch(address):
        raise NoAddress(f"„{address[:80]}“ ist keine Mailadresse.")
    return address
