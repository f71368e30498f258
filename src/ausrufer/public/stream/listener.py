"""From the database to the hub: LISTEN for a number, read the rows after the last one, come back when it was away."""

from __future__ import annotations

import asyncio
import logging
import os
import time
import uuid

import psycopg

from ausrufer.public.stream.hub import KEPT, Event, Hub

log = logging.getLogger("ausrufer.stream")

CHANNEL = "ausrufer_public"
BEAT = 2.0  # seconds between signs of life
LATEST = "SELECT id, kind, topic, fragment FROM public_publicevent ORDER BY id DESC LIMIT %s"
AFTER = "SELECT id, kind, topic, fragment FROM public_publicevent WHERE id > %s ORDER BY id"
SIGN_OF_LIFE = """
INSERT INTO kernel_heartbeat (instance, part, pid, started_at, beat_at)
VALUES (%s, 'stream', %s, ausrufer_now(), ausrufer_now())
ON CONFLICT (instance) DO UPDATE SET beat_at = ausrufer_now()
"""
OLD = "DELETE FROM kernel_heartbeat WHERE part = 'stream' AND beat_at < ausrufer_now() - interval '5 minutes'"


class Listener:
    def __init__(self, hub: Hub, database: str) -> None:
        self.hub = hub
        self.database = database
        self.instance = uuid.uuid4()
        self.is_first = True

    async def run(self) -> None:
        """For ever; a database that is away is tried again, first at once, then every second at most."""
        pause = 0.05
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self.database, autocommit=True) as connection:
                    pause = 0.05
                    await self.follow(connection)
            except (psycopg.Error, OSError) as error:
                log.warning("the database is away: %s", str(error).strip())
                await asyncio.sleep(pause)
                pause = min(1.0, pause * 2)

    async def follow(self, connection: psycopg.AsyncConnection[tuple[object, ...]]) -> None:
        await connection.execute(f"LISTEN {CHANNEL}")
        await connection.execute(OLD)
        if self.is_first:
            cursor = await connection.execute(LATEST, [KEPT])
            for row in reversed(await cursor.fetchall()):
                self.hub.remember(Event.made(*row))  # type: ignore[arg-type]
            self.is_first = False
        beat_at = 0.0
        while True:
            await self.read_new(connection)
            if time.monotonic() >= beat_at:
                await connection.execute(SIGN_OF_LIFE, [self.instance, os.getpid()])
                beat_at = time.monotonic() + BEAT
            await self.notified(connection)

    async def read_new(self, connection: psycopg.AsyncConnection[tuple[object, ...]]) -> None:
        cursor = await connection.execute(AFTER, [self.hub.newest])
        for row in await cursor.fetchall():
            self.hub.tell(Event.made(*row))  # type: ignore[arg-type]

    async def notified(self, connection: psycopg.AsyncConnection[tuple[object, ...]]) -> None:
        """Until a notification or the next sign of life. On the socket: `notifies()` would poll ten times a second."""
        loop, heard = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(connection.fileno(), heard.set)
        try:
            await asyncio.wait_for(heard.wait(), BEAT)
            connection.pgconn.consume_input()
            while connection.pgconn.notifies():
                pass  # one reading of the table answers them all
        except TimeoutError:
            return
        finally:
            loop.remove_reader(connection.fileno())
