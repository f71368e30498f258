"""Stands in front of a real server and misbehaves on request: loses answers, limits, delays, lies.

    python -m sandbox.fault_proxy --port 0 --upstream http://127.0.0.1:8821

prints one JSON line {"origin": …} once it listens. Faults come by POST /_faults, e.g.
{"effect": "drop_answer", "method": "POST", "path": "/api/v1/statuses", "count": 1};
DELETE /_faults forgets them, GET /_faults lists what is left. The Idempotency-Key is taken away, because several
servers ignore it: one copy must be the sender's own doing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit

HUGE = 200_000_000  # bytes
NOT_FORWARDED = ("connection:", "keep-alive:", "idempotency-key:")
EFFECTS = {
    "drop_request": "closes the connection and forwards nothing",
    "drop_answer": "forwards, then closes the connection without an answer",
    "cut": "forwards, and passes only half of the answer on",
    "delay": "waits `seconds`, then behaves",
    "hold": "waits until the faults are forgotten, then behaves",
    "limit": "429 with Retry-After: `seconds`",
    "status": "answers with `status`",
    "garbage": "200 with half a JSON object",
    "html": "200 with a page for people",
    "huge": "200 with 200 MB",
    "redirect": "302 to `location`",
}


@dataclass
class Fault:
    effect: str
    method: str = "*"
    path: str = "*"  # with * and ?; without the query
    count: int = 1  # how often it happens; 0: always
    seconds: float = 600.0
    status: int = 503
    location: str = "http://127.0.0.1:1/"
    forwards: bool = False  # whether the request is carried out before it is held or answered with a lie

    def __post_init__(self) -> None:
        if self.effect not in EFFECTS:
            raise ValueError(f"unknown effect {self.effect!r}; known: {', '.join(EFFECTS)}")


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    head: bytes  # to be forwarded: one request per connection
    body: bytes


class FaultProxy:
    def __init__(self, upstream: str) -> None:
        parts = urlsplit(upstream)
        self.host, self.port = parts.hostname or "127.0.0.1", parts.port or 80
        self.faults: list[Fault] = []
        self.calmed = asyncio.Event()  # a new one each time the faults are forgotten

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, OSError):
            request = await read_request(reader)
            if request.path.startswith("/_faults"):
                writer.write(self.control(request))
            else:
                async for chunk in self.answer(request):
                    writer.write(chunk)
                    await writer.drain()
            await writer.drain()
        writer.close()
        with suppress(ConnectionError, OSError):
            await writer.wait_closed()

    def control(self, request: Request) -> bytes:
        if request.method == "DELETE":
            self.faults.clear()
            self.calmed.set()
            self.calmed = asyncio.Event()
        if request.method == "POST":
            try:
                self.faults.append(Fault(**json.loads(request.body)))
            except (ValueError, TypeError) as error:
                return made_up(400, {"error": str(error)})
        return made_up(200, [asdict(fault) for fault in self.faults])

    def take(self, request: Request) -> Fault | None:
        path = request.path.partition("?")[0]
        for fault in self.faults:
            if fault.method in ("*", request.method) and fnmatchcase(path, fault.path):
                fault.count -= 1
                if fault.count == 0:
                    self.faults.remove(fault)
                return fault
        return None

    async def answer(self, request: Request) -> AsyncIterator[bytes]:
        fault = self.take(request)
        effect, calmed = fault.effect if fault else "", self.calmed
        if fault and effect == "delay":
            await asyncio.sleep(fault.seconds)
        if fault and effect == "hold" and not fault.forwards:
            await calmed.wait()
        if not fault or effect in ("delay", "hold", "drop_answer", "cut"):
            answer = await self.forward(request)
            if effect == "hold":
                await calmed.wait()
            whole = {"drop_answer": b"", "cut": answer[: len(answer) // 2]}
            yield whole.get(effect, answer)
            return
        if fault.forwards:
            await self.forward(request)
        if effect == "huge":
            yield b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n["
            for _ in range(HUGE // 1_000_000):
                yield b"1," * 500_000
        elif effect != "drop_request":
            yield lie(fault)

    async def forward(self, request: Request) -> bytes:
        reader, writer = await asyncio.open_connection(self.host, self.port)
        writer.write(request.head + request.body)
        await writer.drain()
        answer = await reader.read()
        writer.close()
        return answer


async def read_request(reader: asyncio.StreamReader) -> Request:
    head = await reader.readuntil(b"\r\n\r\n")
    start, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, path, _ = start.split(" ", 2)
    headers = [line for line in lines if not line.lower().startswith(NOT_FORWARDED)]
    length = next((int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length:")), 0)
    forwarded = "\r\n".join([start, *headers, "Connection: close"]).encode("latin-1") + b"\r\n\r\n"
    return Request(method, path, forwarded, await reader.readexactly(length))


def lie(fault: Fault) -> bytes:
    if fault.effect == "limit":
        return made_up(429, {"error": "Too many requests"}, {"Retry-After": f"{fault.seconds:.0f}"})
    if fault.effect == "redirect":
        return made_up(302, {}, {"Location": fault.location})
    if fault.effect == "html":
        return plain_answer(200, "text/html; charset=utf-8", b"<h1>Wartungsarbeiten</h1>", {})
    if fault.effect == "garbage":
        return plain_answer(200, "application/json", b'{"id": "1', {})
    return made_up(fault.status, {"error": "made up by the fault proxy"})


def made_up(status: int, body: Any, headers: dict[str, str] | None = None) -> bytes:
    return plain_answer(status, "application/json", json.dumps(body).encode(), headers or {})


def plain_answer(status: int, kind: str, body: bytes, headers: dict[str, str]) -> bytes:
    fixed = {"Content-Type": kind, "Content-Length": str(len(body)), "Connection": "close"}
    lines = [f"{name}: {value}" for name, value in (fixed | headers).items()]
    return "\r\n".join([f"HTTP/1.1 {status} Fault", *lines]).encode() + b"\r\n\r\n" + body


async def run(port: int, upstream: str) -> None:
    server = await asyncio.start_server(FaultProxy(upstream).serve, "127.0.0.1", port, limit=1_000_000)
    origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    print(json.dumps({"origin": origin}), flush=True)  # noqa: T201  # the line the starter waits for
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--upstream", required=True)
    arguments = parser.parse_args()
    asyncio.run(run(arguments.port, arguments.upstream))
