"""Readers, and what they get: each event is made once and its bytes are shared by all."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

KEPT = 50  # events for those who come back
BREATH = 25.0  # seconds between comments that keep proxies from closing
MAX_BACKLOG = 65_536  # bytes; a slower reader is dropped, comes back and catches up
COMMENT = b": \n\n"


@dataclass(frozen=True)
class Event:
    id: int
    post: str  # its short address
    topic: str
    data: bytes  # as it goes over the wire

    @classmethod
    def made(cls, number: int, kind: str, post: str, topic: str, fragment: str) -> Event:
        """`fragment` in as many data lines as it has; the address alone when it is empty."""
        lines = "".join(f"data: {line}\n" for line in (fragment or post).splitlines())
        return cls(number, post, topic, f"id: {number}\nevent: {kind}\n{lines}\n".encode())


@dataclass(frozen=True)
class Wish:
    """What a reader asked for."""

    topic: str = ""  # "" for all
    last_event: int | None = None  # what the browser saw of an earlier stream
    post: str = ""  # the newest post on the page it has open

    def wants(self, event: Event) -> bool:
        return self.topic in ("", event.topic)


class Reader(Protocol):
    wish: Wish

    def backlog(self) -> int: ...
    def write(self, data: bytes) -> None: ...
    def drop(self) -> None: ...


class Hub:
    def __init__(self) -> None:
        self.readers: set[Reader] = set()
        self.events: deque[Event] = deque(maxlen=KEPT)

    @property
    def newest(self) -> int:
        return self.events[-1].id if self.events else 0

    def join(self, reader: Reader) -> None:
        """What came after the reader's page, or after its earlier stream, is sent at once."""
        # Each reader comes back after its own pause, so that a restart does not bring them all in one second.
        hello = f"retry: {random.randint(1000, 15_000)}\n"
        missed = self.missed(reader.wish)
        if self.events and not missed:
            hello += f"id: {self.newest}\n"  # so that it knows what it has, even if it comes back without an event
        reader.write(f"{hello}\n".encode() + b"".join(event.data for event in missed))
        self.readers.add(reader)

    def missed(self, wish: Wish) -> list[Event]:
        """All that is kept when the page's newest post is not among it; the reader knows what it has."""
        if wish.last_event is not None:
            return [event for event in self.events if event.id > wish.last_event and wish.wants(event)]
        if not wish.post:
            return []
        found = list(self.events)
        places = [place for place, event in enumerate(found) if event.post == wish.post]
        return [event for event in found[places[-1] + 1 if places else 0 :] if wish.wants(event)]

    def leave(self, reader: Reader) -> None:
        self.readers.discard(reader)

    def begin(self, latest: Sequence[Event]) -> None:
        """The first reading of the table. Readers may be here already, from before this hub was started anew."""
        self.events.extend(latest)
        for reader in list(self.readers):
            for event in self.missed(reader.wish):
                self.give(reader, event.data)

    def tell(self, event: Event) -> None:
        if event.id <= self.newest:
            return
        self.events.append(event)
        for reader in list(self.readers):
            if reader.wish.wants(event):
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
