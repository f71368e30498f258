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
PATIENCE = 10.0  # seconds until a silent database counts as away
LATEST = "SELECT id, kind, post, topic, fragment FROM public_publicevent ORDER BY id DESC LIMIT %s"
AFTER = "SELECT id, kind, post, topic, fragment FROM public_publicevent WHERE id > %s ORDER BY id"
SIGN_OF_LIFE = """
INSERT INTO kernel_heartbeat (instance, part, pid, started_at, beat_at)
VALUES (%s, 'stream', %s, ausrufer_now(), ausrufer_now())
ON CONFLICT (instance) DO UPDATE SET beat_at = ausrufer_now()
"""
OLD = "DELETE FROM kernel_heartbeat WHERE part = 'stream' AND beat_at < ausrufer_now() - interval '5 minutes'"

Connection = psycopg.AsyncConnection[tuple[object, ...]]


class Listener:
    def __init__(self, hub: Hub, database: str) -> None:
        self.hub = hub
        self.database = database
        self.instance = uuid.uuid4()
        self.has_begun = False
        self.heard = asyncio.Event()

    async def run(self) -> None:
        """For ever; a database that is away is tried again, first at once, then every second at most."""
        pause = 0.05
        while True:
            try:
                async with asyncio.timeout(PATIENCE):
                    connection = await psycopg.AsyncConnection.connect(self.database, autocommit=True)
                try:
                    await self.begin(connection)
                    pause = 0.05
                    await self.follow(connection)
                finally:
                    await connection.close()  # at once; a polite goodbye might wait for a server that hangs
            except (psycopg.Error, OSError) as error:  # TimeoutError is one of them
                log.warning("the database is away: %s", str(error).strip() or type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(1.0, pause * 2)

    async def begin(self, connection: Connection) -> None:
        # A notification may come in while another answer is read; then the socket stays silent about it.
        connection.add_notify_handler(lambda _: self.heard.set())
        async with asyncio.timeout(PATIENCE):
            await connection.execute(f"LISTEN {CHANNEL}")
            # A lost sign of life harms nobody, and the disk may sleep.
            await connection.execute("SET synchronous_commit = off")
            await connection.execute(OLD)
            if not self.has_begun:
                cursor = await connection.execute(LATEST, [KEPT])
                self.hub.begin([Event.made(*row) for row in reversed(await cursor.fetchall())])  # type: ignore[arg-type]
                self.has_begun = True

    async def follow(self, connection: Connection) -> None:
        beat_at = 0.0
        while True:
            async with asyncio.timeout(PATIENCE):
                self.heard.clear()
                await self.read_new(connection)
                if time.monotonic() >= beat_at:
                    await connection.execute(SIGN_OF_LIFE, [self.instance, os.getpid()])
                    beat_at = time.monotonic() + BEAT
            await self.notified(connection, until=beat_at)

    async def read_new(self, connection: Connection) -> None:
        cursor = await connection.execute(AFTER, [self.hub.newest])
        for row in await cursor.fetchall():
            self.hub.tell(Event.made(*row))  # type: ignore[arg-type]

    async def notified(self, connection: Connection, *, until: float) -> None:
        """Until a notification or the next sign of life. On the socket: `notifies()` would poll ten times a second."""
        loop = asyncio.get_running_loop()
        loop.add_reader(connection.fileno(), self.heard.set)
        try:
            await asyncio.wait_for(self.heard.wait(), max(0.0, until - time.monotonic()))
            connection.pgconn.consume_input()
            while connection.pgconn.notifies():
                pass  # one reading of the table answers them all
        except TimeoutError:
            return
        finally:
            loop.remove_reader(connection.fileno())
