"""Opening a mailing and carrying it out: `adapter.supplies.Mailings` for the newsletter."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from email.utils import parseaddr
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Min
from procrastinate.contrib.django.utils import connector_params

from ausrufer.adapter import supplies
from ausrufer.adapter.contract import Order, Profile, Rendition
from ausrufer.kernel.apart import run_apart
from ausrufer.kernel.database_clock import database_now
from ausrufer.kernel.turns import is_free
from ausrufer.newsletter import readiness
from ausrufer.newsletter.journal import IN_TURN, Journal
from ausrufer.newsletter.letter import Sender, compose
from ausrufer.newsletter.lines import Lines
from ausrufer.newsletter.models import Fate, Mailing, Recipient, Standing, Subscriber
from ausrufer.newsletter.smtp import Relay

log = logging.getLogger("ausrufer.newsletter")

SNAPSHOT = """
INSERT INTO newsletter_recipient (mailing_id, address, token, state, tries, answer)
SELECT %s, address, token, 'waiting', 0, '' FROM newsletter_subscriber
WHERE state = 'confirmed' AND (topics = '{}' OR %s = ANY (topics)) ORDER BY id
"""
CALL_AGAIN = timedelta(seconds=10)  # a job that was called and does not hold its lock by then is dead
RELAY_PAUSE = 15.0  # seconds before a relay that is away is tried again
GIVING_WAY = 2.0  # seconds before an ordinary mailing looks whether the crisis is over
RELAY_AWAY = "Der Mailserver nimmt gerade nichts an; es geht von selbst weiter."


class LetterPost:
    def open(self, order: Order, rendition: Rendition) -> supplies.Mailing:
        """Recipients and job in one transaction; called again it says how far it is, and revives a job that died."""
        with transaction.atomic():
            mailing = Mailing.objects.filter(key=order.key).first() or begun(order, rendition)
            standing = standing_of(mailing)
            if standing.open and is_forgotten(mailing):
                call(mailing)
        return standing

    def look(self, key: str) -> supplies.Mailing | None:
        mailing = Mailing.objects.filter(key=key).first()
        return standing_of(mailing) if mailing else None

    def profile(self) -> Profile:
        readiness.ask_for_sender()
        readiness.greet_relay()
        who = sender()
        return Profile(who.name, who.address, readers=Subscriber.objects.filter(state=Standing.CONFIRMED).count())


def begun(order: Order, rendition: Rendition) -> Mailing:
    """Written by exactly one of two who try at once; the other gets an IntegrityError and is called again."""
    letter = compose(order.key, rendition, sender(), urgent=order.urgent, at=order.released_at)
    mailing = Mailing.objects.create(
        key=order.key, urgent=order.urgent, page=rendition.page, letter=letter, opened_at=database_now()
    )
    with connection.cursor() as cursor:
        cursor.execute(SNAPSHOT, [mailing.pk, order.topic])
    return mailing


def standing_of(mailing: Mailing) -> supplies.Mailing:
    rows = Recipient.objects.filter(mailing=mailing).order_by().values_list("state").annotate(number=Count("id"))
    counts = dict(rows)
    return supplies.Mailing(
        total=sum(counts.values()),
        sent=counts.get(Fate.SENT, 0),
        failed=counts.get(Fate.FAILED, 0),
        unclear=counts.get(Fate.UNCLEAR, 0),
        open=counts.get(Fate.WAITING, 0) + counts.get(Fate.SENDING, 0),
        address=mailing.page,
        trouble=mailing.trouble,
    )


def is_forgotten(mailing: Mailing) -> bool:
    """Nobody was called, or whoever was is dead and nobody is due later."""
    if mailing.called_at is None:
        return True
    if mailing.called_at + CALL_AGAIN > database_now():
        return False
    return is_free(IN_TURN, mailing.pk)


def call(mailing: Mailing, seconds: float = 0.0) -> None:
    """A job, in the same transaction as what it is to carry out. One too many is harmless."""
    from ausrufer.newsletter.tasks import CRISIS, send_letters

    Mailing.objects.filter(pk=mailing.pk).update(called_at=database_now() + timedelta(seconds=seconds))
    priority = CRISIS if mailing.urgent else 0
    job = send_letters.configure(priority=priority, schedule_in={"seconds": int(seconds)} if seconds >= 1 else None)
    job.defer(mailing=mailing.pk)


def carry_out(number: int, is_stopping: Callable[[], bool] = lambda: False) -> None:
    """Everybody who is due gets the letter; whoever is left has a job that comes back."""
    mailing = Mailing.objects.filter(pk=number).first()
    if mailing is None:
        return
    lines = run_apart(hand_over(mailing, is_stopping), patiently=not mailing.urgent)
    if lines is None:
        return
    if lines.trouble:
        log.warning("mailing %s: %s", mailing.key, lines.trouble)
    with transaction.atomic():
        waiting = Recipient.objects.filter(mailing=mailing, state=Fate.WAITING)
        is_stuck = bool(lines.trouble) and waiting.exists()
        Mailing.objects.filter(pk=number).update(trouble=RELAY_AWAY if is_stuck else "")
        if waiting.exists():
            due = waiting.aggregate(first=Min("not_before", default=None))["first"]
            call(mailing, pause(lines, due))
        else:
            transaction.on_commit(lambda: slip_of(mailing).unlink(missing_ok=True))


async def hand_over(mailing: Mailing, is_stopping: Callable[[], bool]) -> Lines | None:
    """None when another job is at it."""
    async with await psycopg.AsyncConnection.connect(**connector_params(), autocommit=True) as database:
        with closing(Journal(database, mailing.pk, slip_of(mailing))) as journal:
            if not await journal.take_turn():
                return None
            await journal.clear_up(repeat=mailing.urgent)
            lines = Lines(mailing, journal, Relay.from_address(settings.SMTP), sender(), is_stopping)
            await lines.run()
            return lines


def slip_of(mailing: Mailing) -> Path:
    return Path(settings.DATA) / "newsletter" / f"{mailing.key}.slip"


def pause(lines: Lines, due: datetime | None) -> float:
    """Seconds until the rest is tried."""
    if lines.gives_way:
        return GIVING_WAY
    if lines.trouble or due is None:
        return RELAY_PAUSE
    return max(1.0, (due - database_now()).total_seconds() + 1)


def sender() -> Sender:
    name, address = parseaddr(settings.MAIL_FROM)
    return Sender(name or address, address, settings.DESK_URL)
