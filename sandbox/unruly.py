"""What both fault proxies share: the words for misbehaviour, and how it is asked for over HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Generic, TypeVar

HUGE = 200_000_000  # bytes
EFFECTS = {
    "drop_request": "closes the connection and forwards nothing",
    "drop_answer": "forwards, then closes the connection without an answer",
    "cut": "forwards, and passes only half of the answer on",
    "delay": "waits `seconds`, then behaves",
    "hold": "waits until the faults are forgotten, then behaves",
}
TRUE_ANSWERS = ("drop_answer", "cut", "delay", "hold")  # what comes of it is the real server's, if anything comes
NOT_FORWARDED = ("connection:", "keep-alive:", "idempotency-key:")


@dataclass
class Fault:
    effect: str
    count: int = 1  # how often it happens; 0: always
    seconds: float = 600.0
    forwards: bool = False  # whether the request is carried out before it is held or answered with a lie

    effects: ClassVar[dict[str, str]] = EFFECTS

    def __post_init__(self) -> None:
        if self.effect not in self.effects:
            raise ValueError(f"unknown effect {self.effect!r}; known: {', '.join(self.effects)}")


Kind = TypeVar("Kind", bound=Fault)


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    head: bytes  # to be forwarded: one request per connection
    body: bytes


class Faults(Generic[Kind]):
    """Those that are still to come: POST /_faults adds one, DELETE forgets them, GET lists them."""

    def __init__(self, kind: Callable[..., Kind]) -> None:
        self.kind = kind
        self.planned: list[Kind] = []
        self.calmed = asyncio.Event()  # a new one each time they are forgotten

    def control(self, request: Request) -> bytes:
        if request.method == "DELETE":
            self.planned.clear()
            self.calmed.set()
            self.calmed = asyncio.Event()
        if request.method == "POST":
            try:
                self.planned.append(self.kind(**json.loads(request.body)))
            except (ValueError, TypeError) as error:
                return made_up(400, {"error": str(error)})
        return made_up(200, [asdict(fault) for fault in self.planned])

    def take(self, meets: Callable[[Kind], bool]) -> Kind | None:
        fault = next((each for each in self.planned if meets(each)), None)
        if fault:
            fault.count -= 1
            if fault.count == 0:
                self.planned.remove(fault)
        return fault

    async def answer(
        self, fault: Kind | None, forward: Callable[[], Awaitable[bytes]], lies: Callable[[Kind], Iterable[bytes]]
    ) -> AsyncIterator[bytes]:
        """What the client hears, piece by piece, when `forward` brings the real server's answer."""
        effect, calmed = fault.effect if fault else "", self.calmed
        if fault and effect == "delay":
            await asyncio.sleep(fault.seconds)
        if fault and effect == "hold" and not fault.forwards:
            await calmed.wait()
        if not fault or effect in TRUE_ANSWERS:
            answer = await forward()
            if effect == "hold":
                await calmed.wait()
            whole = {"drop_answer": b"", "cut": answer[: len(answer) // 2]}
            yield whole.get(effect, answer)
            return
        if fault.forwards:
            await forward()
        if effect != "drop_request":
            for piece in lies(fault):
                yield piece


async def read_request(reader: asyncio.StreamReader) -> Request:
    head = await reader.readuntil(b"\r\n\r\n")
    start, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, path, _ = start.split(" ", 2)
    headers = [line for line in lines if not line.lower().startswith(NOT_FORWARDED)]
    length = next((int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length:")), 0)
    forwarded = "\r\n".join([start, *headers, "Connection: close"]).encode("latin-1") + b"\r\n\r\n"
    return Request(method, path, forwarded, await reader.readexactly(length))


def made_up(status: int, body: Any, headers: dict[str, str] | None = None) -> bytes:
    return plain_answer(status, "application/json", json.dumps(body).encode(), headers or {})


def plain_answer(status: int, kind: str, body: bytes, headers: dict[str, str]) -> bytes:
    fixed = {"Content-Type": kind, "Content-Length": str(len(body)), "Connection": "close"}
    lines = [f"{name}: {value}" for name, value in (fixed | headers).items()]
    return "\r\n".join([f"HTTP/1.1 {status} Fault", *lines]).encode() + b"\r\n\r\n" + body
