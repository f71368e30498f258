"""The dispatcher: wakes when something is due, claims it, and lets a thread deliver it."""

from __future__ import annotations

import gc
import logging
import os
import secrets
import selectors
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import psycopg
from django.db import connection

from ausrufer.deliveries.claim import Claimed, claim_due, claim_looks, seconds_to_next
from ausrufer.deliveries.clock_jumps import ClockWatch
from ausrufer.deliveries.deliver import deliver
from ausrufer.deliveries.keep import DATABASE_AWAY
from ausrufer.deliveries.look import look_again
from ausrufer.deliveries.sweep import LOCK_CLASS, sweep
from ausrufer.deliveries.wake import WAKE_UP
from ausrufer.kernel.database_clock import database_now
from ausrufer.kernel.heartbeat import Heart

log = logging.getLogger("ausrufer.dispatcher")

ORDINARY = 24  # deliveries at once
URGENT = 8  # more of them, kept for crises
LOOKS = 8
BEAT = 1.5  # seconds between heartbeats, each with a sweep
# Seconds for the own pages before copies are begun: the address in a copy should lead somewhere, and a platform that
# draws a card from it asks for the page at once. Once in a while only, so that many posts never hold the copies up.
HEAD_START = 0.05
HEAD_STARTS_APART = 1.0
NOT_TOO_EARLY = 0.0003  # seconds: who looks before the time finds nothing, and looks once more


class Dispatcher:
    """One process. `number` is the name of its advisory lock: while it is held, its claims are alive."""

    def __init__(self) -> None:
        self.number = secrets.randbelow(2**31 - 1) + 1
        self.heart = Heart("dispatcher")
        self.clock = ClockWatch()
        self.senders = ThreadPoolExecutor(ORDINARY + URGENT + LOOKS, "sender")
        self.sending: dict[Future[None], bool] = {}  # is it urgent?
        self.looking: set[Future[None]] = set()
        self.listening: psycopg.Connection[tuple[object, ...]] | None = None
        self.bell_out, self.bell_in = os.pipe()  # rung by finished threads and by `stop`
        os.set_blocking(self.bell_out, False)
        self.running = True
        self.next_beat = 0.0
        self.copies_from = 0.0  # the own pages have their head start until then
        self.is_warm = self.is_settled = False

    def run(self) -> None:
        """Until `stop`; a database that is away is waited for."""
        while self.running:
            try:
                self.listen()
                while self.running:
                    self.turn()
            except (*DATABASE_AWAY, psycopg.OperationalError) as error:
                log.warning("the database is away: %s", str(error).strip())
                self.leave()
                time.sleep(0.05)
        self.senders.shutdown(wait=True)
        self.leave()

    def stop(self) -> None:
        """Claims nothing more and lets running deliveries end."""
        self.running = False
        self.ring()

    def listen(self) -> None:
        parameters = connection.get_connection_params()
        parameters.pop("cursor_factory", None)
        parameters.pop("context", None)
        self.listening = psycopg.connect(**{**parameters, "autocommit": True})
        self.listening.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_CLASS, self.number])
        self.listening.execute(f"LISTEN {WAKE_UP}")
        self.next_beat = 0.0

    def leave(self) -> None:
        connection.close()
        if self.listening is not None:
            self.listening.close()
            self.listening = None

    def turn(self) -> None:
        """Claim what is due, then sleep until a notification, a finished thread or the next due time."""
        if time.monotonic() >= self.next_beat:
            self.next_beat = time.monotonic() + BEAT
            self.clock.notice()
            self.heart.beat()
            sweep()
            self.settle()
        self.forget_finished()
        since = database_now()
        self.claim()
        asked = time.monotonic()  # the answer counts from when it was asked for; with many waiting that is long ago
        planned = seconds_to_next(since)
        now = time.monotonic()
        pauses = [self.next_beat - now, asked + planned + NOT_TOO_EARLY - now if planned is not None else BEAT]
        self.wait(min([*pauses, self.copies_from - now] if self.copies_from > now else pauses))

    def settle(self) -> None:
        """Once, in the first pause: what was loaded by then stays, so that nobody looks through it again for garbage.

        That takes 30 ms each time, in the middle of a delivery.
        """
        if self.is_warm and not self.is_settled and not self.sending:
            gc.collect()
            gc.freeze()
            self.is_settled = True

    def forget_finished(self) -> None:
        self.sending = {future: urgent for future, urgent in self.sending.items() if not future.done()}
        self.looking = {future for future in self.looking if not future.done()}

    def claim(self) -> None:
        now = time.monotonic()
        if self.send(own_only=True) and now - self.copies_from > HEAD_STARTS_APART:
            self.copies_from = now + HEAD_START
        if not self.sending or now >= self.copies_from:
            self.copies_from = min(self.copies_from, now)
            self.send()
        if len(self.looking) < LOOKS and now >= self.copies_from:  # looks wait for the own pages, too
            for claimed in claim_looks(self.number, limit=LOOKS - len(self.looking)):
                self.looking.add(self.start(look_again, claimed))

    def send(self, *, own_only: bool = False) -> bool:
        """Whether anything was begun."""
        urgent = sum(self.sending.values())
        free_ordinary, free_urgent = max(0, ORDINARY - len(self.sending) + urgent), max(0, URGENT - urgent)
        due = claim_due(self.number, ordinary=free_ordinary, urgent=free_urgent, own_only=own_only)
        self.sending |= {self.start(deliver, claimed): claimed.urgent for claimed in due}
        self.is_warm |= bool(due)
        return bool(due)

    def start(self, duty: Callable[[Claimed], None], claimed: Claimed) -> Future[None]:
        future = self.senders.submit(self.in_thread, duty, claimed)
        future.add_done_callback(lambda _: self.ring())
        return future

    @staticmethod
    def in_thread(duty: Callable[[Claimed], None], claimed: Claimed) -> None:
        try:
            duty(claimed)
        except Exception:
            # The lease runs out and the sweep clears it up; the log says why.
            log.exception("delivery %s was left behind", claimed.delivery)
        finally:
            connection.close()  # back to the pool

    def ring(self) -> None:
        os.write(self.bell_in, b".")

    def wait(self, seconds: float) -> None:
        assert self.listening is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self.listening.fileno(), selectors.EVENT_READ)
            selector.register(self.bell_out, selectors.EVENT_READ)
            ready = {key.fd for key, _ in selector.select(max(0.0, seconds))}
        if self.bell_out in ready:
            os.read(self.bell_out, 65536)
        if self.listening.fileno() in ready:
            self.listening.pgconn.consume_input()
            while self.listening.pgconn.notifies():
                pass  # one look at the table answers them all
