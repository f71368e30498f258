"""The watch: whatever is late, stuck or needs a person, in sentences for the desk and for /healthz."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest

from ausrufer.adapter import registry
from ausrufer.channels.ledger import used
from ausrufer.channels.models import Channel, HeldFor
from ausrufer.channels.renewal import TOLD_AT, days_left
from ausrufer.deliveries.carrying import by_hand, forgotten, to_carry
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.states import Act, State
from ausrufer.kernel.database_clock import database_now
from ausrufer.kernel.sentence import Sentence

LATE = timedelta(seconds=10)  # due and not taken up, on a channel that is neither held nor paused
PATIENT = timedelta(minutes=10)  # tried again and again; ordinary posts wait up to five minutes for their media
HASTY = timedelta(minutes=1)  # the same in a crisis
UNSEEN = timedelta(seconds=60)  # accepted and not seen
SCARCE = 80  # percent of a channel's monthly budget


@dataclass(frozen=True)
class Alarm:
    sentence: Sentence
    delivery: Delivery | None = None
    channel: Channel | None = None

    def __str__(self) -> str:
        return str(self.sentence)

    @property
    def without_text(self) -> str:
        """For whoever is not logged in: the post's address instead of its words."""
        address = self.delivery.release.post.address if self.delivery else ""
        return str(Sentence(self.sentence.text, {**self.sentence.values, "post": address}))


def alarms() -> list[Alarm]:
    """Most urgent first; empty when all is well."""
    now = database_now()
    unfinished = Delivery.objects.select_related("channel", "release__post").order_by("-urgent", "id")
    # What holds the own pages up is nobody's limit but our own trouble.
    is_ours = Q(channel__platform__in=registry.own_keys(), channel__held_for=HeldFor.PATIENCE)
    free = (Q(channel__held_for="") | Q(channel__held_until__lte=now) | is_ours) & Q(channel__paused_at=None)
    due = Coalesce("due_at", "change__at", "release__released_at")
    late = unfinished.annotate(since=Greatest(due, F("not_before")))
    # Of what comes after a text, it is the text that is late.
    unfollowed = Q(act__in=[Act.FOLLOW, Act.CORRECT]) & ~Q(of__state__in=[State.SENT, State.ONLINE])
    found = [
        alarm("{channel}: „{post}“ ist fällig und geht nicht hinaus.", each)
        for each in late.filter(free, state=State.WAITING, since__lte=now - LATE).exclude(unfollowed)
    ]
    told = budget_alarms()
    put_off = unfinished.annotate(since=due).filter(free, state=State.WAITING, not_before__gt=now, under_way=False)
    found += [
        alarm("{channel}: „{post}“ wird immer wieder versucht und ist noch nicht hinausgegangen.", each)
        for each in put_off.filter(Q(since__lte=now - PATIENT) | Q(since__lte=now - HASTY, urgent=True))
        .exclude(unfollowed)
        .exclude(channel__in=[each.channel for each in told])
    ]
    found += [
        alarm("{channel}: „{post}“ bleibt beim Senden hängen.", each)
        for each in unfinished.filter(state=State.SENDING, lease_until__lte=now - LATE)
    ]
    found += [
        alarm("{channel}: „{post}“ ist angenommen, aber nicht zu sehen.", each)
        for each in unfinished.filter(state=State.SENT, sent_at__lte=now - UNSEEN)
    ]
    found += [
        alarm("{channel}: unklar, ob „{post}“ online ist.", each)
        for each in unfinished.filter(state=State.UNCLEAR).exclude(by_hand())
    ]
    found += [
        alarm("{channel}: „{post}“ ist seit über vier Stunden von Hand zu übertragen.", each)
        for each in to_carry().filter(forgotten(now))
    ]
    return found + channel_alarms() + told


def channel_alarms() -> list[Alarm]:
    locked = Channel.objects.filter(is_active=True, held_for=HeldFor.ACCESS)
    said = "{channel}: Der Zugang fehlt. Bitte den Kanal neu verbinden."
    found = [Alarm(Sentence(said, {"channel": each.name}), channel=each) for each in locked]
    return found + ending_alarms()


def ending_alarms() -> list[Alarm]:
    """At 20, 10 and 5 days; the number is of the step, so that the sentence does not change daily."""
    now, found = database_now(), []
    for each in Channel.objects.filter(is_active=True, expires_at__isnull=False).exclude(held_for=HeldFor.ACCESS):
        left = days_left(each, now)
        step = next((days for days in reversed(TOLD_AT) if left is not None and left <= days), None)
        if step is not None:
            text = "{channel}: Die Anmeldung läuft in höchstens {days} Tagen ab. Bitte den Kanal neu verbinden."
            found.append(Alarm(Sentence(text, {"channel": each.name, "days": str(step)}), channel=each))
    return found


def budget_alarms() -> list[Alarm]:
    now = database_now()
    found = []
    for each in Channel.objects.filter(is_active=True, settings__monthly_budget_cents__gt=0):
        percent = used(each, now)
        said = "{channel}: Das Budget dieses Monats ist aufgebraucht."
        if percent < 100:
            said = "{channel}: {percent} % des Budgets dieses Monats sind verbraucht."
        if percent >= SCARCE:
            found.append(Alarm(Sentence(said, {"channel": each.name, "percent": str(percent)}), channel=each))
    return found


def alarm(text: str, delivery: Delivery) -> Alarm:
    values = {"channel": delivery.channel.name, "post": delivery.release.post.text[:60]}
    return Alarm(Sentence(text, values), delivery=delivery, channel=delivery.channel)
