"""The watch: whatever is late, stuck or needs a person, in sentences for the desk and for /healthz."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from ausrufer.adapter import registry
from ausrufer.channels.ledger import used
from ausrufer.channels.models import LOCKED, Channel, HeldFor
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

Deliveries = QuerySet[Delivery]
DUE = Coalesce("due_at", "change__at", "release__released_at")
# Of what comes after a text, it is the text that is late.
UNFOLLOWED = Q(act__in=[Act.FOLLOW, Act.CORRECT]) & ~Q(of__state__in=[State.SENT, State.ONLINE])


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
    found = [alarm(text, each) for text, deliveries_that in QUESTIONS for each in deliveries_that(now)]
    return found + channel_alarms() + budget_alarms()


def are_overdue(now: datetime) -> Deliveries:
    late = unfinished().annotate(since=Greatest(DUE, F("not_before")))
    return late.filter(has_the_way(now), state=State.WAITING, since__lte=now - LATE).exclude(UNFOLLOWED)


def are_put_off(now: datetime) -> Deliveries:
    """Again and again; where the budget is the reason, the channel's own alarm says so."""
    waiting = unfinished().filter(has_the_way(now), state=State.WAITING, not_before__gt=now, under_way=False)
    too_long = Q(since__lte=now - PATIENT) | Q(since__lte=now - HASTY, urgent=True)
    told = [each.channel for each in budget_alarms()]
    return waiting.annotate(since=DUE).filter(too_long).exclude(UNFOLLOWED).exclude(channel__in=told)


def are_stuck(now: datetime) -> Deliveries:
    return unfinished().filter(state=State.SENDING, lease_until__lte=now - LATE)


def are_not_seen(now: datetime) -> Deliveries:
    return unfinished().filter(state=State.SENT, sent_at__lte=now - UNSEEN)


def are_unclear(now: datetime) -> Deliveries:
    return unfinished().filter(state=State.UNCLEAR).exclude(by_hand())


def are_forgotten_by_hand(now: datetime) -> Deliveries:
    return to_carry().filter(forgotten(now)).exclude(act=Act.WITHDRAW)


def are_forgotten_there(now: datetime) -> Deliveries:
    return to_carry().filter(forgotten(now), act=Act.WITHDRAW)


def unfinished() -> Deliveries:
    return Delivery.objects.select_related("channel", "release__post").order_by("-urgent", "id")


def has_the_way(now: datetime) -> Q:
    """Neither held nor paused. What holds the own pages up is nobody's limit but our own trouble."""
    is_ours = Q(channel__platform__in=registry.own_keys(), channel__held_for=HeldFor.PATIENCE)
    return (Q(channel__held_for="") | Q(channel__held_until__lte=now) | is_ours) & Q(channel__paused_at=None)


QUESTIONS: tuple[tuple[str, Callable[[datetime], Deliveries]], ...] = (
    ("{channel}: „{post}“ ist fällig und geht nicht hinaus.", are_overdue),
    ("{channel}: „{post}“ wird immer wieder versucht und ist noch nicht hinausgegangen.", are_put_off),
    ("{channel}: „{post}“ bleibt beim Senden hängen.", are_stuck),
    ("{channel}: „{post}“ ist angenommen, aber nicht zu sehen.", are_not_seen),
    ("{channel}: unklar, ob „{post}“ online ist.", are_unclear),
    ("{channel}: „{post}“ ist seit über vier Stunden von Hand zu übertragen.", are_forgotten_by_hand),
    ("{channel}: „{post}“ ist seit über vier Stunden von Hand zu entfernen.", are_forgotten_there),
)


def channel_alarms() -> list[Alarm]:
    locked = Channel.objects.filter(is_active=True, held_for__in=LOCKED)
    found = [Alarm(locked_words(each), channel=each) for each in locked]
    return found + ending_alarms()


def locked_words(channel: Channel) -> Sentence:
    names = {"channel": channel.name, "platform": registry.platform_class(channel.platform).name}
    if channel.held_for == HeldFor.BANNED:
        return Sentence("{channel}: {platform} hat das Konto gesperrt. Bitte bei {platform} klären.", names)
    return Sentence("{channel}: Der Zugang fehlt. Bitte den Kanal neu verbinden.", names)


def ending_alarms() -> list[Alarm]:
    """At 20, 10 and 5 days; the number is of the step, so that the sentence does not change daily."""
    now, found = database_now(), []
    for each in Channel.objects.filter(is_active=True, expires_at__isnull=False).exclude(held_for__in=LOCKED):
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
