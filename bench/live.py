"""A thousand readers with the timeline open: when the first and the last of them get a new post."""

from __future__ import annotations

import asyncio
import time

from bench.city import City
from bench.figures import Figure, timed

READERS = 1000
ROUNDS = 12


def measure(city: City) -> list[Figure]:
    first, last = asyncio.run(watched(city))
    name = f"with {READERS} readers"
    return [
        timed(f"click → first stream receipt {name}", first, 0.300),
        timed(f"click → last stream receipt {name}", last, 1.0),
    ]


async def watched(city: City) -> tuple[list[float], list[float]]:
    """Seconds from the click to the first and to the last receipt, one each round."""
    readers = [await asyncio.open_connection("127.0.0.1", city.system.port) for _ in range(READERS)]
    for _, writer in readers:
        writer.write(b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
    for reader, _ in readers:
        await reader.readuntil(b"retry: ")
        await reader.readuntil(b"\n\n")
    firsts, lasts = [], []
    for _ in range(ROUNDS):
        waiting = [asyncio.create_task(receipt(reader)) for reader, _ in readers]
        began = time.perf_counter()
        click = asyncio.create_task(asyncio.to_thread(city.click, channels=["website"]))
        moments = await asyncio.gather(*waiting)
        firsts.append(min(moments) - began)
        lasts.append(max(moments) - began)
        await asyncio.to_thread(city.settled, (await click)["address"])
    for _, writer in readers:
        writer.close()
    return firsts, lasts


async def receipt(reader: asyncio.StreamReader) -> float:
    while b"event: post" not in await reader.readuntil(b"\n\n"):
        pass
    return time.perf_counter()
