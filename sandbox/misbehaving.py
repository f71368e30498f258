"""Misbehaviour every small stand-in knows: the answer is dropped, delayed, limited, cut, or rubbish; or all is dark."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from sandbox.http import HANG, HangUp, Reply, Request, as_html, as_json, cut

KINDS = (
    *("drop_answer", "drop_before", "delay", "limit", "cut", "status", "refuse", "hang", "hang_after"),
    *("garbage", "html_502", "redirect", "huge", "blackout"),
)


@dataclass
class Fault:
    kind: str
    path: str = ""  # a part of the path; "" meets every call
    method: str = ""  # "" meets every one
    seconds: float = 1.0  # of a delay, or of the patience asked for
    status: int = 500
    body: Any = None  # what "refuse" says
    to: str = "http://10.0.0.1/"  # of a redirect

    def meets(self, request: Request) -> bool:
        return self.path in request.path and self.method in ("", request.method)


Limit = Callable[[float], Reply]


class Faults:
    """Each is met once, in the order they were planned; a blackout meets every call until the reset."""

    def __init__(self, limit: Limit, forget: Callable[[], object] = list) -> None:
        """`forget`: what else a reset takes back, like calls that were counted."""
        self.limit, self.forget = limit, forget
        self.planned: list[Fault] = []

    def reset(self) -> None:
        self.planned.clear()
        self.forget()

    def plan(self, wanted: dict[str, Any]) -> None:
        """Raises TypeError or ValueError for what nobody knows."""
        fault = Fault(**wanted)
        if fault.kind not in KINDS:
            raise ValueError(f"kind: {', '.join(KINDS)}")
        self.planned.append(fault)

    def is_dark(self) -> bool:
        """Also for readers of the pages."""
        return any(each.kind == "blackout" for each in self.planned)

    async def around(self, request: Request, answer: Callable[[], Awaitable[Reply]]) -> Reply:
        """Raises HangUp."""
        fault = next((each for each in self.planned if each.meets(request)), None)
        if fault is None:
            return await answer()
        self.planned.remove(fault)
        match fault.kind:
            case "limit":
                return self.limit(fault.seconds)
            case "garbage" | "html_502" | "redirect" | "huge":
                return rubbish(fault)
            case "status" | "refuse":
                return as_json(fault.body or {}, fault.status)
            case "drop_before":
                raise HangUp
            case "delay":
                await asyncio.sleep(fault.seconds)
            case "hang":
                await silence()
        reply = await answer()
        match fault.kind:
            case "drop_answer":
                raise HangUp
            case "hang_after":
                await silence()
        return cut(reply) if fault.kind == "cut" else reply


async def silence() -> NoReturn:
    """The line stays open, and nothing comes."""
    await asyncio.sleep(HANG)
    raise HangUp


def rubbish(fault: Fault) -> Reply:
    match fault.kind:
        case "html_502":
            return as_html("<html><h1>502 Bad Gateway</h1></html>", 502)
        case "redirect":
            return as_json({}, 302, Location=fault.to)
        case "huge":
            return Reply(is_huge=True)
    return as_html("<!doctype html><p>Es ist etwas schiefgelaufen.")
