"""Misbehaviour on command: what, how often, and at which calls."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sandbox.http import HangUp, Reply, Request, as_html, as_json
from sandbox.threads.errors import BAD_TOKEN, NOT_FETCHED, NOT_FOUND, RESTRICTED, TOO_LONG, Refused

KINDS = (
    "timeout_before",
    "timeout_after",
    "http_500",
    "html_502",
    "rate_limit",
    "restrict_account",
    "token_expired",
    "slow",
    "blackout",
    "huge",
    "redirect",
    "too_long",
    "media_not_found",
    "not_fetched",
    "garbage",
    "hang",
)
CALLS = ("create", "publish", "any_act", "read", "status", "delete", "any")


@dataclass
class Fault:
    kind: str
    count: int | None = 1  # None: until reset
    match: str = "any_act"
    seconds: float = 600.0  # of Retry-After
    milliseconds: float = 300.0  # of slowness
    to: str = "http://10.0.0.1/"  # of a redirect

    def fits(self, kinds: set[str]) -> bool:
        return self.match == "any" or self.match in kinds


class Faults:
    def __init__(self) -> None:
        self.planned: list[Fault] = []

    def plan(self, fault: Fault) -> None:
        """Raises ValueError for a word nobody knows."""
        if fault.kind not in KINDS or fault.match not in CALLS:
            raise ValueError(f"fault: {', '.join(KINDS)}; match: {', '.join(CALLS)}")
        self.planned.append(fault)

    def reset(self) -> None:
        self.planned.clear()

    def next(self, request: Request) -> Fault | None:
        kinds = calls(request)
        for fault in self.planned:
            if fault.fits(kinds):
                if fault.count is not None:
                    fault.count -= 1
                    if fault.count <= 0:
                        self.planned.remove(fault)
                return fault
        return None

    async def around(self, request: Request, answer: Callable[[], Awaitable[Reply]]) -> Reply:
        """The answer, or what a fault makes of it. Raises HangUp."""
        fault = self.next(request)
        if fault is None:
            return await answer()
        if fault.kind == "slow":
            await asyncio.sleep(fault.milliseconds / 1000)
            return await answer()
        if fault.kind == "hang":
            await asyncio.sleep(3600)
        if fault.kind == "timeout_after":
            await answer()
        if fault.kind in ("timeout_before", "timeout_after", "blackout"):
            raise HangUp
        return broken(fault)


def broken(fault: Fault) -> Reply:
    match fault.kind:
        case "http_500":
            return Refused("An unknown error has occurred.", 2, status=500).reply()
        case "html_502":
            return as_html("<html><h1>502 Bad Gateway</h1></html>", 502)
        case "rate_limit":
            limited = Refused("Application request limit reached", 4, status=429)
            return limited.reply(**{"Retry-After": f"{fault.seconds:.0f}"})
        case "restrict_account":
            return Refused(*RESTRICTED).reply()
        case "token_expired":
            return Refused(*BAD_TOKEN).reply()
        case "too_long":
            return Refused(*TOO_LONG).reply()
        case "not_fetched":
            return Refused(*NOT_FETCHED).reply()
        case "media_not_found":
            return Refused(*NOT_FOUND).reply()
        case "redirect":
            return as_json({}, 302, Location=fault.to)
        case "huge":
            return Reply(is_endless=True)
        case _:
            return as_html("<!doctype html><p>Es ist etwas schiefgelaufen.")


def calls(request: Request) -> set[str]:
    """What a request is, in the words a fault may name."""
    path = request.path.removeprefix("/v1.0").rstrip("/")
    if request.method == "POST" and path.endswith("/threads_publish"):
        return {"publish", "any_act"}
    if request.method == "POST" and path.endswith("/threads"):
        return {"create", "any_act"} if request.params.get("auto_publish_text") == "true" else {"create"}
    if request.method == "DELETE":
        return {"delete"}
    return {"status", "read"} if "status" in request.params.get("fields", "").split(",") else {"read"}
