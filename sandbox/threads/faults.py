"""Misbehaviour on command: what, how often, and at which calls."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sandbox.http import HangUp, Reply, Request, as_html, as_json
from sandbox.threads.errors import BAD_TOKEN, LIMITED, NOT_FETCHED, NOT_FOUND, REPEATED, RESTRICTED, Refused, too_long

REPLIES: dict[str, Callable[[Fault], Reply]] = {
    "http_500": lambda fault: Refused("An unknown error has occurred.", 2, status=500).reply(),
    "html_502": lambda fault: as_html("<html><h1>502 Bad Gateway</h1></html>", 502),
    "rate_limit": lambda fault: Refused(*LIMITED, status=429).reply(**{"Retry-After": f"{fault.seconds:.0f}"}),
    "restrict_account": lambda fault: Refused(*RESTRICTED).reply(),
    "token_expired": lambda fault: Refused(*BAD_TOKEN).reply(),
    "too_long": lambda fault: too_long().reply(),
    "not_fetched": lambda fault: Refused(*NOT_FETCHED).reply(),
    "media_not_found": lambda fault: Refused(*NOT_FOUND).reply(),
    "repeated": lambda fault: Refused(*REPEATED).reply(),
    "redirect": lambda fault: as_json({}, 302, Location=fault.to),
    "huge": lambda fault: Reply(is_huge=True),
    "garbage": lambda fault: as_html("<!doctype html><p>Es ist etwas schiefgelaufen."),
}
KINDS = {*REPLIES, "timeout_before", "timeout_after", "slow", "hang", "blackout"}
CALLS = {"create", "publish", "any_act", "read", "status", "delete", "any"}
HANG = 3600.0  # seconds


@dataclass
class Fault:
    kind: str
    count: int | None = 1  # None: until reset
    match: str = "any_act"
    seconds: float = 600.0  # of Retry-After
    milliseconds: float = 300.0  # of slowness
    to: str = "http://10.0.0.1/"  # of a redirect


class Faults:
    def __init__(self) -> None:
        self.planned: list[Fault] = []

    def plan(self, wanted: dict[str, Any]) -> None:
        """Raises KeyError, TypeError or ValueError for what nobody knows. A blackout is total unless said otherwise."""
        kind = wanted.pop("fault")
        fault = Fault(kind, **({"count": None, "match": "any"} if kind == "blackout" else {}) | wanted)
        if kind not in KINDS or fault.match not in CALLS:
            raise ValueError(f"fault: {', '.join(sorted(KINDS))}; match: {', '.join(sorted(CALLS))}")
        if fault.count is not None and fault.count < 1:
            raise ValueError("count: 1 or more, or null until reset")
        self.planned.append(fault)

    def reset(self) -> None:
        self.planned.clear()

    def next(self, words: set[str], *, only: set[str] = KINDS) -> Fault | None:
        for fault in self.planned:
            if fault.kind in only and fault.match in words:
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
        fault = self.next(words(request))
        if fault is None:
            return await answer()
        if fault.kind in REPLIES:
            return REPLIES[fault.kind](fault)
        if fault.kind in ("slow", "hang"):
            await asyncio.sleep(HANG if fault.kind == "hang" else fault.milliseconds / 1000)
        if fault.kind == "slow":
            return await answer()
        if fault.kind == "timeout_after":
            await answer()
        raise HangUp


def words(request: Request) -> set[str]:
    """What a request is, in the words a fault may name."""
    path = request.path.removeprefix("/v1.0").rstrip("/")
    if request.method == "POST" and path.endswith("/threads_publish"):
        return {"publish", "any_act", "any"}
    if request.method == "POST" and path.endswith("/threads"):
        return {"create", "any"} | ({"any_act"} if request.params.get("auto_publish_text") == "true" else set())
    if request.method == "DELETE":
        return {"delete", "any"}
    if request.method == "POST":
        return {"any"}
    asks = request.params.get("fields", "").split(",")
    return {"read", "any"} | ({"status"} if "status" in asks else set())
