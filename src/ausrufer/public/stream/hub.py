"""Readers, and what they get: each event is made once and its bytes are shared by all."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from dataclasses import dataclass
from typing import Protocol

KEPT = 50  # events for those who come back
BREATH = 25.0  # seconds between comments that keep proxies from closing
MAX_BACKLOG = 65_536  # bytes; a slower reader is dropped, comes back and catches up
COMMENT = b": \n\n"


class Reader(Protocol):
    topic: str  # "" for all

    def backlog(self) -> int: ...
    def write(self, data: bytes) -> None: ...
    def drop(self) -> None: ...


@dataclass(frozen=True)
class Event:
    id: int
    topic: str
    data: bytes  # as it goes over the wire

    @classmethod
    def made(cls, number: int, kind: str, topic: str, fragment: str) -> Event:
        lines = "".join(f"data: {line}\n" for line in fragment.splitlines())
        return cls(number, topic, f"id: {number}\nevent: {kind}\n{lines}\n".encode())


class Hub:
    def __init__(self) -> None:
        self.readers: set[Reader] = set()
        self.events: deque[Event] = deque(maxlen=KEPT)

    @property
    def newest(self) -> int:
        return self.events[-1].id if self.events else 0

    def join(self, reader: Reader, last_seen: int | None) -> None:
        """`last_seen` is what the browser's Last-Event-ID says; what came after it is sent at once."""
        # Each reader comes back after its own pause, so that a restart does not bring them all in one second.
        reader.write(f"retry: {random.randint(1000, 15_000)}\n\n".encode())
        if last_seen is not None:
            for event in self.events:
                if event.id > last_seen and reader.topic in ("", event.topic):
                    reader.write(event.data)
        self.readers.add(reader)

    def leave(self, reader: Reader) -> None:
        self.readers.discard(reader)

    def remember(self, event: Event) -> None:
        """For those who come back; nobody is told now."""
        self.events.append(event)

    def tell(self, event: Event) -> None:
        if event.id <= self.newest:
            return
        self.events.append(event)
        for reader in list(self.readers):
            if reader.topic in ("", event.topic):
                self.give(reader, event.data)

    def give(self, reader: Reader, data: bytes) -> None:
        if reader.backlog() > MAX_BACKLOG:
            self.leave(reader)
            reader.drop()
        else:
            reader.write(data)

    async def keep_breathing(self) -> None:
        while True:
            await asyncio.sleep(BREATH)
            for reader in list(self.readers):
                self.give(reader, COMMENT)
