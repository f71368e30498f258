"""Starts every part, restarts what dies, stops cleanly, leaves no orphan."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ausrufer.config import processes, running
from ausrufer.config.logs import log_in
from ausrufer.config.parts import Part
from ausrufer.config.place import Place
from ausrufer.config.postgres import STOPPING, Postgres
from ausrufer.config.postgres_binaries import NoPostgres
from ausrufer.config.prepare import NOT_REBUILT, OURS, is_prepared, mark_prepared
from ausrufer.config.progress import complain, say
from ausrufer.kernel.clock import utc_now

PREPARE = (sys.executable, "-m", "ausrufer.config.prepare")
PAUSES = (0.0, 0.2, 0.5, 1.0, 2.0, 5.0)  # seconds before each restart of a part that keeps dying
GOOD_LIFE = 10.0  # seconds; whoever lived that long starts again at once
STOP_PATIENCE = 8.0
DATABASE_PAUSE = 1.0  # seconds between two tries to bring PostgreSQL back


class NotPrepared(Exception):
    """The database could not be made ready."""


@dataclass
class Child:
    part: Part
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    not_before: float = 0.0

    def bury(self) -> None:
        """Back to the first pause after a good life; one step further after a short one."""
        now = time.monotonic()
        self.deaths = 0 if now - self.started > GOOD_LIFE else self.deaths
        self.not_before = now + PAUSES[min(self.deaths, len(PAUSES) - 1)]
        self.deaths += 1
        self.process = None


class Supervisor:
    """Runs in the main thread of a process with no other threads. Signals are waited for, not handled."""

    def __init__(
        self,
        place: Place,
        parts: Sequence[Part],
        postgres: Postgres | None,
        database_url: str,
        *,
        prepare: Sequence[str] = PREPARE,
        collect: Callable[[], None] = lambda: None,
    ) -> None:
        """`collect` takes away a process of somebody else's that has ended; asked whenever a child has."""
        self.place = place
        self.children = [Child(part) for part in parts]
        self.postgres = postgres
        self.database_url = database_url
        self.preparing = prepare
        self.collect = collect
        self.watched = {signal.SIGCHLD, *STOPPING} - ignored_signals()
        self.told: dict[str, int] = {}  # process ids as last written
        self.database_not_before = 0.0
        self.started = utc_now()
        self.stopping = False

    def run(self) -> None:
        """Until a signal says stop. Raises NoPostgres or NotPrepared when it cannot begin."""
        signal.pthread_sigmask(signal.SIG_BLOCK, self.watched)
        try:
            if self.postgres:
                self.postgres.start()
            self.wait(0)
            self.prepare()
            while not self.stopping:
                self.mind()
                self.wait(self.seconds_to_next())
        finally:
            self.stop()

    def prepare(self) -> None:
        if self.stopping or is_prepared(self.place):
            return
        say("Datenbank und Demostadt werden vorbereitet …" if self.place.demo else "Datenbank wird vorbereitet …")
        log = log_in(self.place.data, "prepare")
        command = [*self.preparing, *([OURS] if self.postgres else [])]
        done = processes.start(command, log=log, environment=self.place.environment(self.database_url))
        while done.poll() is None and not self.stopping:
            self.wait(1.0)
        if self.stopping:
            processes.stop_all([done], patience=STOP_PATIENCE)
        elif done.returncode == NOT_REBUILT:
            complain(f"Die öffentlichen Seiten lassen sich nicht schreiben; Einzelheiten stehen in {log}.")
        elif done.returncode:
            raise NotPrepared(f"Die Datenbank ließ sich nicht vorbereiten; Einzelheiten stehen in {log}.")
        else:
            mark_prepared(self.place)

    def mind(self) -> None:
        """Whatever should live and does not is started again."""
        self.mind_database()
        self.collect()
        for child in self.children:
            self.revive(child)
        self.write_running()

    def mind_database(self) -> None:
        if not self.postgres or self.postgres.is_alive() or time.monotonic() < self.database_not_before:
            return
        complain("PostgreSQL ist ausgefallen und wird neu gestartet.")
        self.database_not_before = time.monotonic() + DATABASE_PAUSE
        try:
            self.postgres.start()
        except (NoPostgres, OSError) as trouble:
            complain(str(trouble))

    def revive(self, child: Child) -> None:
        if child.process is not None:
            if child.process.poll() is None:
                return
            complain(f"{child.part.name} ist ausgefallen ({child.process.returncode}) und wird neu gestartet.")
            child.bury()
        if time.monotonic() < child.not_before:
            return
        environment = {**self.place.environment(self.database_url), **dict(child.part.environment)}
        child.started = time.monotonic()
        try:
            child.process = processes.start(
                child.part.command,
                log=log_in(self.place.data, child.part.name),
                environment=environment,
                death=child.part.death,
            )
        except OSError as trouble:  # no memory, no disk: others live on, and we try again
            complain(f"{child.part.name} startet nicht: {trouble}")
            child.bury()

    def seconds_to_next(self) -> float:
        now = time.monotonic()
        resting = [child.not_before - now for child in self.children if child.process is None]
        if self.postgres and not self.postgres.is_alive():
            resting.append(self.database_not_before - now)
        return max(0.01, min(resting, default=30.0))

    def wait(self, seconds: float) -> None:
        told = signal.sigtimedwait(self.watched, seconds)
        if told is not None and told.si_signo in STOPPING:
            self.stopping = True

    def write_running(self) -> None:
        """What the command line reads, whenever it has changed."""
        alive = {child.part.name: child.process.pid for child in self.children if child.process}
        if self.postgres and self.postgres.process:
            alive["postgres"] = self.postgres.process.pid
        if alive != self.told:
            self.told = alive
            running.write(self.place.data, running.describe(self.place, self.database_url, self.started, alive))

    def stop(self) -> None:
        """Parts first, PostgreSQL last."""
        processes.stop_all([child.process for child in self.children if child.process], patience=STOP_PATIENCE)
        if self.postgres:
            self.postgres.stop()
        running.file_in(self.place.data).unlink(missing_ok=True)


def ignored_signals() -> set[signal.Signals]:
    """With nohup a closed terminal is no reason to stop. SIGINT always is, also in a background job."""
    return {signal.SIGHUP} if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else set()
