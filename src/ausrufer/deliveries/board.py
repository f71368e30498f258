"""The receipts of a release as a person reads them: shape, word, and what happens next (look sheet, section 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ausrufer.adapter import registry
from ausrufer.channels.hold import reason, remedy, state_words
from ausrufer.channels.models import LOCKED, HeldFor
from ausrufer.deliveries.carrying import is_by_hand
from ausrufer.deliveries.models import Change, Delivery, Release
from ausrufer.deliveries.states import DONE, Act, State
from ausrufer.kernel.clock import clock_words, local
from ausrufer.kernel.database_clock import database_now
from ausrufer.kernel.sentence import Sentence, Words
from ausrufer.posts.models import FILM, FrozenRendition

WORDINGS = {
    "whole": "ganzer Text",
    "own": "eigene Fassung",
    "shortened": "gekürzt mit Link",
    "linked": "ganzer Text mit Link",
    "text_only": "Text mit Link",
    "chain": "als Kette",
    "described": "mit Beschreibung",
}
TAKEN_BACK = {"follow": "Rücknahme der Bilder", "film": "Rücknahme des Videos", "correct": "Rücknahme der Berichtigung"}
BY_HAND = {Act.CORRECT: "berichtigen", Act.WITHDRAW: "entfernen"}  # what a person is asked to do; else to carry it over
CONFIRMED = {
    "page": "öffentliche Seite gesehen",
    "api": "von der Schnittstelle bestätigt",
    "accepted": "angenommen, mehr ist nicht zu erfahren",
    "person": "von Hand bestätigt",
}


@dataclass(frozen=True)
class Row:
    delivery: Delivery
    channel: str
    wording: str  # "ganzer Text, 1 Bild"
    state: str  # State value, and "locked_out", "banned", "patience", "person" where the words differ
    shape: str  # ring | clock | half | ring-dot | tick | broken | cross | dash | back
    words: str
    below: Words
    note: str  # what of it the platform did not take, e.g. captions
    seconds_to_sent: float | None
    seconds_to_seen: float | None
    seconds_open: float | None  # since the click, while it is not done
    seen_at: datetime | None
    address: str
    actions: tuple[str, ...]  # carry | send_again | confirm | give_up | rewrite

    @property
    def follows(self) -> bool:
        """The pictures of a crisis, after their text."""
        return self.delivery.act == Act.FOLLOW

    @property
    def of_what(self) -> str:
        """follow | film: the pictures of a crisis or a film after them, or their withdrawal; "" for all others."""
        of = self.delivery.of
        if not self.follows and (of is None or of.act != Act.FOLLOW):
            return ""
        return what_follows(self.delivery if self.follows or of is None else of)

    @property
    def missed(self) -> int:
        """How many a mass delivery that is through did not reach, as far as is known; 0 for all others."""
        counts = (self.delivery.placement or {}).get("extra", {}) if self.state == State.ONLINE else {}
        return sum(int(counts.get(each, 0)) for each in ("failed", "unclear"))

    @property
    def slot(self) -> str:
        """Its own on the page: "threads", and "threads-1" for the first change of it."""
        key, change, of = self.delivery.channel.key, self.delivery.change, self.delivery.of
        taken_back = of.change.number if of and of.change else ""  # of several corrections on one channel
        parts = [key, change.number if change else "", self.of_what, taken_back]
        return "-".join(str(part) for part in parts if part)


@dataclass(frozen=True)
class ChangeRows:
    change: Change
    rows: list[Row]


@dataclass(frozen=True)
class Board:
    release: Release
    rows: list[Row]
    now: datetime
    changes: list[ChangeRows]  # corrections and a withdrawal, oldest first

    @property
    def online(self) -> int:
        return sum(row.state == State.ONLINE and not row.follows for row in self.rows)

    @property
    def total(self) -> int:
        """Channels: what follows on one of them is no further one."""
        return sum(not row.follows for row in self.rows)

    @property
    def taken_back(self) -> int:
        """Of the channels that had it, or would have got it."""
        return sum(row.state in (State.WITHDRAWN, State.LAPSED) and not row.follows for row in self.rows)

    @property
    def to_take_back(self) -> int:
        return sum(row.state != State.FAILED and not row.follows for row in self.rows)

    @property
    def every_row(self) -> list[Row]:
        return [*self.rows, *(row for each in self.changes for row in each.rows)]

    @property
    def all_done(self) -> bool:
        return all(row.delivery.state in DONE for row in self.every_row)

    @property
    def own_seconds(self) -> float | None:
        """Click to own page seen; None until then."""
        own = registry.own_keys()
        return next((row.seconds_to_seen for row in self.rows if row.delivery.channel.platform in own), None)


def board(release: Release) -> Board:
    now = database_now()
    found = release.deliveries.select_related("channel", "release", "change", "of__change").order_by(
        "channel__position", "id"
    )
    deliveries = list(found)
    of_change = {each.approval_id for each in deliveries}
    frozen = {
        (each.approval_id, each.channel_id, each.rank): each
        for each in FrozenRendition.objects.filter(approval__in=of_change)
    }

    def rows(change: Change | None) -> list[Row]:
        return [
            row(each, frozen.get((each.approval_id, each.channel_id, each.rank)), now)
            for each in deliveries
            if each.change == change
        ]

    changes = [ChangeRows(each, rows(each)) for each in release.changes.select_related("by")]
    return Board(release, rows(None), now, changes)


def row(delivery: Delivery, frozen: FrozenRendition | None, now: datetime) -> Row:
    state, shape, words, below = telling(delivery, now)
    return Row(
        delivery=delivery,
        channel=delivery.channel.name,
        wording=wording(delivery, frozen),
        state=state,
        shape=shape,
        words=words,
        below=below,
        note=note_of(delivery),
        seconds_to_sent=delivery.seconds_to_sent,
        seconds_to_seen=delivery.seconds_to_seen,
        seconds_open=None if delivery.state in DONE else delivery.seconds(now),
        seen_at=delivery.seen_at,
        address="" if is_gone(delivery) else delivery.address,
        actions=actions(delivery),
    )


def wording(delivery: Delivery, frozen: FrozenRendition | None) -> str:
    if delivery.act == Act.WITHDRAW:
        return TAKEN_BACK.get(what_follows(delivery.of) if delivery.of else "", "Rücknahme")
    if is_own(delivery):
        return "Original"
    body = frozen.body if frozen else {}
    pictures, videos = len(body.get("pictures", ())), len(body.get("videos", ()))
    said = WORDINGS.get(body.get("wording", "whole"), "ganzer Text")
    parts = ["folgt als Antwort" if delivery.act == Act.FOLLOW else said]
    parts += [f"{pictures} Bild{'er' if pictures > 1 else ''}"] if pictures else []
    parts += [f"{videos} Video{'s' if videos > 1 else ''}"] if videos else []
    return ", ".join(parts)


def what_follows(delivery: Delivery) -> str:
    """follow | film, or its act when it follows nothing."""
    return "film" if delivery.act == Act.FOLLOW and delivery.rank >= FILM else delivery.act


def telling(delivery: Delivery, now: datetime) -> tuple[str, str, str, Words]:
    """(state, shape, words, the line below)."""
    said: Sentence | str = Sentence.from_json(delivery.sentence) if delivery.sentence else ""
    match State(delivery.state):
        case State.WAITING:
            return waiting(delivery, now, said)
        case State.SENDING:
            return "sending", "half", "wird gesendet", said
        case State.SENT if delivery.act == Act.WITHDRAW:
            return "sent", "ring-dot", "angenommen, noch zu sehen", next_look(delivery)
        case State.ONLINE if delivery.act == Act.CORRECT:
            return "online", "tick", "berichtigt", CONFIRMED.get(delivery.confirmed_by, "")
        case State.SENT:
            return "sent", "ring-dot", "angenommen, noch nicht gesehen", next_look(delivery)
        case State.ONLINE:
            return "online", "tick", "online", reached(delivery) or CONFIRMED.get(delivery.confirmed_by, "")
        case State.UNCLEAR if delivery.needs_person and is_by_hand(delivery):
            if delivery.release.is_withdrawn and delivery.act != Act.WITHDRAW:
                return "person", "ring-dot", "nicht mehr zu übertragen", "Wer es schon tat, nimmt es bitte dort weg."
            return "person", "ring-dot", f"von Hand zu {BY_HAND.get(Act(delivery.act), 'übertragen')}", said
        case State.UNCLEAR if delivery.needs_person:
            return "person", "broken", "unklar: bitte entscheiden", said
        case State.UNCLEAR:
            return (
                "unclear",
                "broken",
                "unklar: wird nachgesehen",
                said or "Antwort blieb aus; geht nicht doppelt hinaus",
            )
        case State.FAILED:
            return "failed", "cross", "nicht angenommen", said
        case State.LAPSED:
            return "lapsed", "dash", "nicht mehr gesendet", said
        case State.WITHDRAWN:
            below = "der Grund steht an seiner Stelle" if is_own(delivery) else "nicht mehr zu sehen"
            if delivery.act == Act.WITHDRAW and delivery.confirmed_by == "person":
                below = CONFIRMED["person"]
            return "withdrawn", "back", "zurückgenommen", below


def note_of(delivery: Delivery) -> str:
    """Only of what a platform holds at this moment."""
    is_there = delivery.state in (State.SENT, State.ONLINE) and delivery.act != Act.WITHDRAW
    return str((delivery.placement or {}).get("note", "")) if is_there else ""


def is_gone(delivery: Delivery) -> bool:
    """Whether its address leads nowhere; the own page stays and says why."""
    of = delivery.of
    shown = of if of and of.address == delivery.address else delivery  # an edit shows what it edited
    return State.WITHDRAWN in (delivery.state, shown.state) and not is_own(delivery)


def is_own(delivery: Delivery) -> bool:
    return delivery.channel.platform in registry.own_keys()


def reached(delivery: Delivery) -> str:
    """How many a mass delivery reached; "" for all others."""
    counts = (delivery.placement or {}).get("extra", {})
    if "total" not in counts or "sent" not in counts:
        return ""
    if not counts["total"]:
        return "niemand hat es bestellt"
    number = f"{counts['sent']} von {counts['total']} übergeben"
    rest = [(counts.get("failed"), "nicht angenommen"), (counts.get("unclear"), "unklar")]
    return ", ".join([number, *(f"{count} {word}" for count, word in rest if count)])


def waiting(delivery: Delivery, now: datetime, said: Sentence | str) -> tuple[str, str, str, Words]:
    channel = delivery.channel
    if channel.paused_at:
        return "paused", "ring", "wartet: Kanal angehalten", channel.paused_because
    if channel.is_held(now):
        held = reason(channel) if channel.held_sentence else said
        if channel.held_for in LOCKED:
            state = "banned" if channel.held_for == HeldFor.BANNED else "locked_out"
            return state, "cross", state_words(channel, now), (held, remedy(channel, channel.held_for))
        return "patience", "clock", state_words(channel, now), (held, "Nichts zu tun, geht von selbst weiter.")
    if delivery.due_at and delivery.due_at > now:
        return "waiting", "ring", f"wartet bis {clock_words(delivery.due_at, now)}", "geht von selbst hinaus"
    if delivery.act == Act.FOLLOW and delivery.under_way:
        return "waiting", "ring", "wartet", said
    if delivery.not_before and delivery.not_before > now:
        until = clock_words(delivery.not_before, now, "%H:%M:%S")
        return "patience", "clock", f"wartet bis {until}", said
    if delivery.act == Act.FOLLOW and delivery.of and delivery.of.state not in (State.SENT, State.ONLINE):
        return "waiting", "ring", "wartet", "folgt dem Text"
    return "waiting", "ring", "wartet", said


def next_look(delivery: Delivery) -> str:
    return f"nächster Blick {local(delivery.look_at):%H:%M:%S}" if delivery.look_at and delivery.looks else ""


def actions(delivery: Delivery) -> tuple[str, ...]:
    if delivery.state == State.UNCLEAR and is_by_hand(delivery) and delivery.act == Act.WITHDRAW:
        return ("confirm",)  # nothing stays online unnoticed
    if delivery.state == State.UNCLEAR and is_by_hand(delivery):
        return ("give_up",) if delivery.release.is_withdrawn else ("carry", "confirm", "give_up")
    if delivery.state == State.UNCLEAR:
        return ("confirm", "send_again", "give_up") if delivery.needs_person else ("confirm", "give_up")
    if delivery.state == State.WAITING:
        return ("give_up",)
    return ("rewrite",) if delivery.state == State.FAILED and not delivery.release.is_withdrawn else ()
