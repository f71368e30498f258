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
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import ClassVar
from urllib.parse import urlsplit

from sandbox.unruly import EFFECTS, HUGE, Fault, Faults, Request, made_up, plain_answer, read_request

LIES = {
    "limit": "429 with Retry-After: `seconds`",
    "status": "answers with `status`",
    "garbage": "200 with half a JSON object",
    "html": "200 with a page for people",
    "huge": "200 with 200 MB",
    "redirect": "302 to `location`",
}


@dataclass
class WebFault(Fault):
    method: str = "*"
    path: str = "*"  # with * and ?; without the query
    status: int = 503
    location: str = "http://127.0.0.1:1/"

    effects: ClassVar[dict[str, str]] = EFFECTS | LIES

    def meets(self, request: Request) -> bool:
        return self.method in ("*", request.method) and fnmatchcase(request.path.partition("?")[0], self.path)


class FaultProxy:
    def __init__(self, upstream: str) -> None:
        parts = urlsplit(upstream)
        self.host, self.port = parts.hostname or "127.0.0.1", parts.port or 80
        self.faults = Faults(WebFault)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, OSError):
            request = await read_request(reader)
            if request.path.startswith("/_faults"):
                writer.write(self.faults.control(request))
            else:
                async for piece in self.answer(request):
                    writer.write(piece)
                    await writer.drain()
            await writer.drain()
        writer.close()
        with suppress(ConnectionError, OSError):
            await writer.wait_closed()

    def answer(self, request: Request) -> AsyncIterator[bytes]:
        fault = self.faults.take(lambda each: each.meets(request))
        return self.faults.answer(fault, lambda: self.forward(request), lies)

    async def forward(self, request: Request) -> bytes:
        reader, writer = await asyncio.open_connection(self.host, self.port)
        writer.write(request.head + request.body)
        await writer.drain()
        answer = await reader.read()
        writer.close()
        return answer


def lies(fault: WebFault) -> Iterator[bytes]:
    match fault.effect:
        case "limit":
            yield made_up(429, {"error": "Too many requests"}, {"Retry-After": f"{fault.seconds:.0f}"})
        case "redirect":
            yield made_up(302, {}, {"Location": fault.location})
        case "html":
            yield plain_answer(200, "text/html; charset=utf-8", b"<h1>Wartungsarbeiten</h1>", {})
        case "garbage":
            yield plain_answer(200, "application/json", b'{"id": "1', {})
        case "huge":
            yield b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n["
            for _ in range(HUGE // 1_000_000):
                yield b"1," * 500_000
        case _:
            yield made_up(fault.status, {"error": "made up by the fault proxy"})


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
