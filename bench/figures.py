"""Numbers as they are printed: median and p95, with the floor they are held against."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line of `docs/measurements.md`; seconds inside, milliseconds on paper."""

    name: str
    median: float
    p95: float
    bar: str  # what the project promises, in words
    is_kept: bool
    floor: float | None = None  # seconds: the least this could take on this machine, measured in this run
    floor_name: str = ""

    def line(self) -> str:
        ratio = f"{self.median / self.floor:.1f} × {self.floor_name} ({ms(self.floor)})" if self.floor else "–"
        return f"| {self.name} | {ms(self.median)} | {ms(self.p95)} | {ratio} | {self.bar} | {yes(self.is_kept)} |"


HEAD = "| what | median | p95 | ratio to its floor | bar | kept |\n|---|---|---|---|---|---|"


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def yes(kept: bool) -> str:
    return "yes" if kept else "**no**"


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def quantile(values: Sequence[float], share: float) -> float:
    """The nearest rank; of few values the largest."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * len(ordered)))]


def timed(
    name: str, values: Sequence[float], bar: float, *, floor: float | None = None, floor_name: str = ""
) -> Figure:
    """Held against a p95 of `bar` seconds."""
    p95 = quantile(values, 0.95)
    return Figure(name, median(values), p95, f"p95 ≤ {ms(bar)}", p95 <= bar, floor, floor_name)


def row(name: str, value: str, held_against: str, bar: str, *, kept: bool | None, p95: str = "–") -> str:
    """A line of the table for what is no list of times; `kept` None where nothing is promised."""
    return f"| {name} | {value} | {p95} | {held_against} | {bar} | {'–' if kept is None else yes(kept)} |"
