"""Misbehaviour on command: what, how often, and at which calls."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.bluesky.checks import bad_post
from sandbox.bluesky.errors import DEACTIVATED, EXPIRED, TAKEN_DOWN, Refused, limited
from sandbox.http import HangUp, Reply, Request, as_html, as_json

REPLIES: dict[str, Callable[[Fault], Reply]] = {
    "http_500": lambda fault: Refused("InternalServerError", "Internal Server Error", 500).reply(),
    "html_502": lambda fault: as_html("<html><h1>502 Bad Gateway</h1></html>", 502),
    "rate_limit": lambda fault: limited(math.ceil(time.time() + fault.seconds)).reply(),
    "expired": lambda fault: Refused(*EXPIRED).reply(),
    "taken_down": lambda fault: Refused(*TAKEN_DOWN).reply(),
    "deactivated": lambda fault: Refused(*DEACTIVATED).reply(),
    "too_long": lambda fault: bad_post("grapheme too big (maximum 300, got 301) at $.record.text").reply(),
    "blob_refused": lambda fault: Refused("InvalidMimeType", "Wrong type of file.").reply(),
    "blob_lost": lambda fault: Refused("BlobNotFound", "Could not find blob: bafkrei").reply(),
    "redirect": lambda fault: as_json({}, 302, Location="http://10.0.0.1/"),
    "huge": lambda fault: Reply(is_huge=True),
    "garbage": lambda fault: as_html("<!doctype html><p>Es ist etwas schiefgelaufen."),
}
KINDS = {*REPLIES, "timeout_before", "timeout_after", "slow", "hang", "blackout"}
CALLS = {"put": "putRecord", "create": "createRecord", "delete": "deleteRecord", "upload": "uploadBlob"}
WORDS = {*CALLS, "session", "video", "read", "any"}
HANG = 3600.0  # seconds


@dataclass
class Fault:
    kind: str
    count: int | None = 1  # None: until reset
    match: str = "put"
    seconds: float = 600.0  # of a limit
    milliseconds: float = 300.0  # of slowness


class Faults:
    def __init__(self) -> None:
        self.planned: list[Fault] = []

    def plan(self, wanted: dict[str, Any]) -> None:
        """Raises KeyError, TypeError or ValueError for what nobody knows. A blackout is total unless said otherwise."""
        kind = wanted.pop("fault")
        fault = Fault(kind, **({"count": None, "match": "any"} if kind == "blackout" else {}) | wanted)
        if kind not in KINDS or fault.match not in WORDS:
            raise ValueError(f"fault: {', '.join(sorted(KINDS))}; match: {', '.join(sorted(WORDS))}")
        self.planned.append(fault)

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

    async def around(self, request: Request, answer: Callable[[], Reply]) -> Reply:
        """The answer, or what a fault makes of it. Raises HangUp."""
        fault = self.next(words(request))
        if fault is None:
            return answer()
        if fault.kind in REPLIES:
            return REPLIES[fault.kind](fault)
        if fault.kind in ("slow", "hang"):
            await asyncio.sleep(HANG if fault.kind == "hang" else fault.milliseconds / 1000)
        if fault.kind == "slow":
            return answer()
        if fault.kind == "timeout_after":
            answer()
        raise HangUp


def words(request: Request) -> set[str]:
    """What a request is, in the words a fault may name."""
    name = request.path.rsplit(".", 1)[-1]
    found = {word for word, call in CALLS.items() if name == call} | {"any"}
    if ".video." in request.path:
        return found | {"video"}
    if name.endswith("Session"):
        return found | {"session"}
    return found | ({"read"} if request.method == "GET" else set())
