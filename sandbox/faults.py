"""Misbehaviour on command of the large stand-ins: what, how often, and at which calls."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sandbox.http import HANG, HangUp, Reply, Request, as_html, as_json, cut


@dataclass
class Fault:
    kind: str
    match: str  # which calls it meets, in the platform's own words
    count: int | None = 1  # None: until reset
    seconds: float = 600.0  # of a limit
    milliseconds: float = 300.0  # of slowness
    to: str = "http://10.0.0.1/"  # of a redirect
    status: int = 400  # of what "refuse" says
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


Answers = Mapping[str, Callable[[Fault], Reply]]
EVERYWHERE: Answers = {
    "html_502": lambda fault: as_html("<html><h1>502 Bad Gateway</h1></html>", 502),
    "redirect": lambda fault: as_json({}, 302, Location=fault.to),
    "huge": lambda fault: Reply(is_huge=True),
    "refuse": lambda fault: refusal(fault),
    "garbage": lambda fault: as_html("<!doctype html><p>Es ist etwas schiefgelaufen."),
}
WITHOUT_REPLY = {"timeout_before", "timeout_after", "slow", "cut", "hang", "hang_after", "blackout"}


def refusal(fault: Fault) -> Reply:
    """Whatever a platform was seen to say."""
    if isinstance(fault.body, str):
        others = {name: value for name, value in fault.headers.items() if name.lower() != "content-type"}
        return replace(as_html(fault.body, fault.status), headers=others)
    return as_json(fault.body or {}, fault.status, **fault.headers)


class Faults:
    """`words`: what a request is, in the words a fault may name; `usual` is meant when it names none."""

    def __init__(self, own: Answers, calls: set[str], words: Callable[[Request], set[str]], *, usual: str) -> None:
        self.answers = {**EVERYWHERE, **own}
        self.kinds = {*self.answers, *WITHOUT_REPLY}
        self.calls, self.words, self.usual = calls, words, usual
        self.planned: list[Fault] = []

    def plan(self, wanted: dict[str, Any]) -> None:
        """Raises KeyError, TypeError or ValueError for what nobody knows. A blackout is total unless said otherwise."""
        kind = wanted.pop("fault")
        meant = {"count": None, "match": "any"} if kind == "blackout" else {"match": self.usual}
        fault = Fault(kind, **{**meant, **wanted})
        if kind not in self.kinds or fault.match not in self.calls:
            raise ValueError(f"fault: {', '.join(sorted(self.kinds))}; match: {', '.join(sorted(self.calls))}")
        if fault.count is not None and fault.count < 1:
            raise ValueError("count: 1 or more, or null until reset")
        self.planned.append(fault)

    def reset(self) -> None:
        self.planned.clear()

    def next(self, words: set[str], *, only: set[str] | None = None) -> Fault | None:
        for fault in self.planned:
            if fault.kind in (only or self.kinds) and fault.match in words:
                if fault.count is not None:
                    fault.count -= 1
                    if not fault.count:
                        self.planned.remove(fault)
                return fault
        return None

    def is_dark(self) -> bool:
        """Also for readers of the pages."""
        return self.next({"any"}, only={"blackout"}) is not None

    async def around(self, request: Request, answer: Callable[[], Awaitable[Reply]]) -> Reply:
        """The answer, or what a fault makes of it. Raises HangUp."""
        fault = self.next(self.words(request))
        if fault is None:
            return await answer()
        if fault.kind in self.answers:
            return self.answers[fault.kind](fault)
        if fault.kind == "slow":
            await asyncio.sleep(fault.milliseconds / 1000)
            return await answer()
        if fault.kind == "cut":
            return cut(await answer())
        if fault.kind in ("timeout_after", "hang_after"):
            await answer()
        if fault.kind in ("hang", "hang_after"):
            await asyncio.sleep(HANG)
        raise HangUp
