"""The one drawing of the desk: where on the way from the click to being seen each delivery is."""

from __future__ import annotations

from dataclasses import dataclass

from ausrufer.deliveries.board import Board, Row
from ausrufer.desk.moments import decimal_sign, unit

STEPS = (0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600)
MOST_TICKS = 7
SHORTEST = 2.0  # seconds the line shows at least
OPEN_SHOWN = 30.0  # seconds; an open delivery that takes longer leaves the drawing by an arrow
COVERED = 0.09  # of the scale, to both sides of "jetzt": a number there would be printed over
PLACE = 94.0  # per cent of the width that the scale takes; the rest is for arrows and the word "jetzt"


@dataclass(frozen=True)
class Tick:
    at: str  # per cent of the drawing's width, as SVG takes it
    words: str  # "" where "jetzt" stands


@dataclass(frozen=True)
class Scale:
    end: float  # seconds
    ticks: list[Tick]
    now: str  # where "jetzt" stands; "" when all is done or beyond the drawing
    says_now: bool = False  # the word would cover "Klick" in the first moments

    def place(self, value: float) -> str:
        return f"{min(value, self.end) / self.end * PLACE:.2f}%"


@dataclass(frozen=True)
class Line:
    """Per cents of the width; "" is not drawn."""

    kind: str  # the row's state
    sent: str  # a mark: the platform accepted
    seen: str  # a disc: seen online
    until: str  # how far an open or failed delivery came
    has_arrow: bool


def scale_of(board: Board) -> Scale:
    finished = [row.seconds_to_seen or row.seconds_to_sent or 0.0 for row in board.rows]
    opened = [row.seconds_open for row in board.rows if row.seconds_open is not None]
    now = max(opened, default=0.0)
    shown_finish = max((value for value in finished if value <= 120), default=0.0)
    end = max(SHORTEST, shown_finish * 1.1, min(now, max(OPEN_SHOWN, shown_finish * 2)))
    step = next((each for each in STEPS if end / each <= MOST_TICKS), STEPS[-1])
    scale = Scale(end, [], "")
    is_drawn = 0 < now <= end
    says_now = is_drawn and now > end * 0.2
    values = [number * step for number in range(1, int(end / step) + 1)]
    free = [value for value in values if not says_now or abs(value - now) > end * COVERED]
    firsts = {unit(value): value for value in reversed(free)}  # its unit stands at the first number of each
    ticks = [
        Tick(scale.place(value), tick_words(value, says_unit=value in firsts.values()) if value in free else "")
        for value in values
    ]
    return Scale(end, ticks, scale.place(now) if is_drawn else "", says_now)


def tick_words(value: float, *, says_unit: bool) -> str:
    words = f"{value if value < 120 else value / 60:g}".replace(".", decimal_sign())
    return f"{words} {unit(value)}" if says_unit else words


def drawn(row: Row, scale: Scale) -> Line:
    sent, seen = row.seconds_to_sent, row.seconds_to_seen
    last = row.seconds_open
    return Line(
        kind=row.state,
        sent=scale.place(sent) if sent is not None and sent <= scale.end else "",
        seen=scale.place(seen) if seen is not None and seen <= scale.end else "",
        until=scale.place(last) if last else "",
        has_arrow=bool(last and last > scale.end) or bool(seen and seen > scale.end),
    )
