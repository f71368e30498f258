"""The states of a delivery and its moves: DESIGN, section 7, as one dictionary."""

from __future__ import annotations

from django.db import models


class State(models.TextChoices):
    WAITING = "waiting", "wartet"
    SENDING = "sending", "wird gesendet"
    SENT = "sent", "angenommen, noch nicht gesehen"
    ONLINE = "online", "online"
    UNCLEAR = "unclear", "unklar"
    FAILED = "failed", "nicht angenommen"
    LAPSED = "lapsed", "nicht mehr gesendet"
    WITHDRAWN = "withdrawn", "zurückgenommen"


class Act(models.TextChoices):
    PUBLISH = "publish", "veröffentlichen"
    CORRECT = "correct", "berichtigen"
    WITHDRAW = "withdraw", "zurücknehmen"
    FOLLOW = "follow", "Bilder folgen lassen"


MOVES: dict[State, frozenset[State]] = {
    State.WAITING: frozenset({State.SENDING, State.LAPSED, State.FAILED}),
    State.SENDING: frozenset({State.SENT, State.WAITING, State.UNCLEAR, State.FAILED}),
    State.SENT: frozenset({State.ONLINE, State.WITHDRAWN, State.UNCLEAR}),
    State.ONLINE: frozenset({State.UNCLEAR, State.WITHDRAWN}),
    State.UNCLEAR: frozenset({State.SENT, State.WAITING, State.FAILED, State.WITHDRAWN, State.LAPSED}),
    State.FAILED: frozenset(),
    State.LAPSED: frozenset(),
    State.WITHDRAWN: frozenset(),
}

DONE = frozenset({State.ONLINE, State.FAILED, State.LAPSED, State.WITHDRAWN})


def came_from(to: State) -> list[State]:
    return [state for state, targets in MOVES.items() if to in targets]
