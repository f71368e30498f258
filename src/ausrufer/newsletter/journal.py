"""Recipients' fates: taken from the database by the hundred, written back by the dozen, and on the slip one by one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import psycopg

from ausrufer.newsletter.models import Fate
from ausrufer.newsletter.slip import Found, Slip

IN_TURN = 5_713_403  # class of the advisory locks: one job at a time carries out a mailing
CHUNK = 100  # recipients taken at once; after a power cut twice as many may be unclear
GATHERS = 0.2  # seconds in which fates are collected for one commit

TAKE = """
WITH taken AS (
    UPDATE newsletter_recipient SET state = 'sending' WHERE id IN (
        SELECT id FROM newsletter_recipient
        WHERE mailing_id = %s AND id > %s AND state = 'waiting' AND (not_before IS NULL OR not_before <= ausrufer_now())
        ORDER BY id LIMIT %s
    ) RETURNING id, address, token, tries
) SELECT * FROM taken ORDER BY id
"""
IN_HAND = "SELECT id, address, token, tries FROM newsletter_recipient WHERE mailing_id = %s AND state = 'sending'"
NOTE = """
UPDATE newsletter_recipient AS r SET state = c.state, answer = c.answer, tries = r.tries + (c.pause > 0)::int,
    not_before = CASE WHEN c.pause > 0 THEN ausrufer_now() + make_interval(secs => c.pause) END
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::float[]) AS c (id, state, answer, pause) WHERE r.id = c.id
"""
SENT = "UPDATE newsletter_recipient SET state = 'sent', answer = '', not_before = NULL WHERE id = ANY (%s)"
OTHERS = """
SELECT EXISTS (SELECT 1 FROM newsletter_mailing m WHERE m.urgent AND m.trouble = '' AND EXISTS (
    SELECT 1 FROM newsletter_recipient r WHERE r.mailing_id = m.id AND r.state = 'waiting' AND r.not_before IS NULL))
"""


@dataclass(frozen=True)
class Reader:
    """A recipient in the hands of a connection."""

    id: int
    address: str
    token: str
    tries: int = 0


@dataclass(frozen=True)
class Change:
    reader: Reader
    state: Fate
    answer: str = ""
    pause: float = 0.0  # seconds until the next try


class Journal:
    """The database side of one mailing's job. Every method raises psycopg.Error when the database is away."""

    def __init__(self, connection: psycopg.AsyncConnection, mailing: int, slip: Path) -> None:
        self.connection, self.mailing, self.path = connection, mailing, slip
        self.slip = Slip(slip)
        self._seen = 0
        self._queue: list[Reader] = []
        self._fetch: asyncio.Task[None] | None = None  # the next chunk, while the last one is being written to
        self._is_at_end = False
        self._in_hand: dict[int, Reader] = {}  # taken, and not written to
        self._changes: list[Change] = []
        self._flush: asyncio.Task[None] | None = None
        self._pause = 0.0

    async def take_turn(self) -> bool:
        """False when another job carries this mailing out; the lock ends with our database session."""
        cursor = await self.connection.execute("SELECT pg_try_advisory_lock(%s, %s)", [IN_TURN, self.mailing])
        row = await cursor.fetchone()
        return bool(row and row[0])

    async def clear_up(self, *, repeat: bool) -> None:
        """What a killed job had in its hands: an ordinary mail that may be out goes to the list of the unclear."""
        found = Found.at(self.path)
        cursor = await self.connection.execute(IN_HAND, [self.mailing])
        changes = []
        for reader in [Reader(*row) for row in await cursor.fetchall()]:
            if reader.id in found.verdicts:
                state, answer, pause = found.verdicts[reader.id]
                changes.append(Change(reader, Fate(state), answer, pause))
            elif repeat or (found.knows_the_rest and reader.id not in found.on_their_way):
                changes.append(Change(reader, Fate.WAITING))
            else:
                changes.append(Change(reader, Fate.UNCLEAR))
        await self._write(changes)
        self.slip.start_afresh()

    async def take(self, number: int) -> list[Reader]:
        """The next who wait, committed as being in our hands; [] at the end of the list."""
        if self._flush and self._flush.done():
            self._flush.result()  # fates could not be written: nothing more is begun
        while not self._queue and not self._is_at_end:
            await self._fetching()
        taken, self._queue = self._queue[:number], self._queue[number:]
        if len(self._queue) < CHUNK // 2 and not self._is_at_end:
            self._fetching()
        return taken

    def _fetching(self) -> asyncio.Task[None]:
        """One at a time, whoever asks."""
        if self._fetch is None or self._fetch.done():
            self._fetch = asyncio.create_task(self._fetch_chunk())
        return self._fetch

    async def _fetch_chunk(self) -> None:
        cursor = await self.connection.execute(TAKE, [self.mailing, self._seen, CHUNK])
        fresh = [Reader(*row) for row in await cursor.fetchall()]
        self._seen = max([self._seen, *(each.id for each in fresh)])
        self._in_hand |= {each.id: each for each in fresh}
        self._queue.extend(fresh)
        self._is_at_end = len(fresh) < CHUNK

    def begin(self, reader: Reader) -> None:
        """Before the first byte of a letter that must not go twice."""
        self.slip.begin(reader.id)
        self._in_hand.pop(reader.id, None)

    def note(self, *changes: Change) -> None:
        """On the slip at once, and in the database soon."""
        for each in changes:
            self.slip.end(each.reader.id, (each.state, each.answer, each.pause))
            self._in_hand.pop(each.reader.id, None)
        self._changes.extend(changes)
        if self._flush is None or (self._flush.done() and not self._flush.exception()):
            self._flush = asyncio.create_task(self._gather())

    async def _gather(self) -> None:
        """The first fates at once: whoever waits for a warning sees that it goes out."""
        while self._changes:
            await asyncio.sleep(self._pause)
            changes, self._changes, self._pause = self._changes, [], GATHERS
            await self._write(changes)

    async def put_back(self) -> None:
        """All fates stand in the database; whoever was taken and not written to waits again, from the list's top."""
        for task in (self._fetch, self._flush):
            if task:
                await task
        await self._write([Change(reader, Fate.WAITING) for reader in self._in_hand.values()])
        self._seen, self._queue, self._in_hand, self._is_at_end = 0, [], {}, False
        self.slip.start_afresh()

    def close(self) -> None:
        self.slip.close()

    async def _write(self, changes: list[Change]) -> None:
        last = {each.reader.id: each for each in changes}  # the last word counts
        if sent := [number for number, each in last.items() if each.state == Fate.SENT]:  # nearly all, most times
            await self.connection.execute(SENT, [sent])
        if rest := [(number, str(c.state), c.answer, c.pause) for number, c in last.items() if c.state != Fate.SENT]:
            await self.connection.execute(NOTE, [list(column) for column in zip(*rest, strict=True)])

    async def someone_is_more_urgent(self) -> bool:
        cursor = await self.connection.execute(OTHERS)
        row = await cursor.fetchone()
        return bool(row and row[0])
