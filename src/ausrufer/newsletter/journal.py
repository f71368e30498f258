"""Recipients' fates, written by few commits for many connections: whoever waits for one shares it with the others."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg

from ausrufer.newsletter.models import Fate

IN_TURN = 5_713_403  # class of the advisory locks: one job at a time carries out a mailing
CHUNK = 1000  # recipients read at once

WAITING = """
SELECT id, address, token, tries FROM newsletter_recipient
WHERE mailing_id = %s AND id > %s AND state = 'waiting' AND (not_before IS NULL OR not_before <= ausrufer_now())
ORDER BY id LIMIT %s
"""
NOTE = """
UPDATE newsletter_recipient AS r SET state = c.state, answer = c.answer, tries = r.tries + (c.pause > 0)::int,
    not_before = CASE WHEN c.pause > 0 THEN ausrufer_now() + make_interval(secs => c.pause) END
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::float[]) AS c (id, state, answer, pause) WHERE r.id = c.id
"""
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
    """The database side of one mailing's job."""

    def __init__(
        self, connection: psycopg.AsyncConnection, pens: Sequence[psycopg.AsyncConnection], mailing: int
    ) -> None:
        """`pens` write the fates: while one waits for the disk the next one begins."""
        self.connection, self.mailing = connection, mailing
        self._pens: asyncio.Queue[psycopg.AsyncConnection] = asyncio.Queue()
        for pen in pens:
            self._pens.put_nowait(pen)
        self._seen = 0
        self._changes: list[Change] = []
        self._round: asyncio.Future[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._queue: list[Reader] = []

    async def take_turn(self) -> bool:
        """False when another job carries this mailing out; the lock ends with our database session."""
        cursor = await self.connection.execute("SELECT pg_try_advisory_lock(%s, %s)", [IN_TURN, self.mailing])
        row = await cursor.fetchone()
        return bool(row and row[0])

    async def clear_up(self, *, repeat: bool) -> None:
        """What a killed job left half done: an ordinary mail may be out, so it goes to the list of the unclear."""
        sql = "UPDATE newsletter_recipient SET state = %s WHERE mailing_id = %s AND state = 'sending'"
        await self.connection.execute(sql, [Fate.WAITING if repeat else Fate.UNCLEAR, self.mailing])

    async def take(self, number: int) -> list[Reader]:
        """The next who wait; [] at the end of the list."""
        if not self._queue:
            cursor = await self.connection.execute(WAITING, [self.mailing, self._seen, CHUNK])
            fresh = [Reader(*row) for row in await cursor.fetchall() if row[0] > self._seen]
            self._seen = max([self._seen, *(each.id for each in fresh)])
            self._queue.extend(fresh)
        taken, self._queue = self._queue[:number], self._queue[number:]
        return taken

    def begin_again(self) -> None:
        """From the top of the list, where some may wait who were in the hands of a broken connection."""
        self._seen, self._queue = 0, []

    async def note(self, *changes: Change) -> None:
        """Returns when it is committed."""
        self._changes.extend(changes)
        if self._round is None:
            self._round = asyncio.get_running_loop().create_future()
            task = asyncio.create_task(self._flush(self._round))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        await asyncio.shield(self._round)

    async def _flush(self, turn: asyncio.Future[None]) -> None:
        pen = await self._pens.get()
        changes, self._changes, self._round = self._changes, [], None
        try:
            # A recipient may stand in one round twice, e.g. begun and at once refused; the last word counts.
            last = list({each.reader.id: each for each in changes}.values())
            columns = zip(*((c.reader.id, str(c.state), c.answer, c.pause) for c in last), strict=True)
            await pen.execute(NOTE, [list(column) for column in columns])
        except BaseException as error:
            turn.set_exception(error)
            turn.exception()  # whoever waits gets it; nobody may wait any more
        else:
            turn.set_result(None)
        finally:
            self._pens.put_nowait(pen)

    async def someone_is_more_urgent(self) -> bool:
        cursor = await self.connection.execute(OTHERS)
        row = await cursor.fetchone()
        return bool(row and row[0])
