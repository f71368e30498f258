"""Starts every part, restarts what dies, stops cleanly, leaves no orphan."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from ausrufer.config import processes, running
from ausrufer.config.parts import Part
from ausrufer.config.place import Place
from ausrufer.config.postgres import Postgres
from ausrufer.config.postgres_binaries import NoPostgres
from ausrufer.config.prepare import is_prepared, mark_prepared
from ausrufer.config.progress import complain, say

WATCHED = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
STOPPING = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
PAUSES = (0.0, 0.2, 0.5, 1.0, 2.0, 5.0)  # seconds before each restart of a part that keeps dying
GOOD_LIFE = 10.0  # seconds; whoever lived that long starts again at once
STOP_PATIENCE = 8.0
MAX_LOG = 10_000_000  # bytes; a larger log is set aside at start


class NotPrepared(Exception):
    """The database could not be made ready."""


@dataclass
class Child:
    part: Part
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    not_before: float = 0.0


@dataclass
class Supervisor:
    """Runs in the main thread of a process with no other threads. Signals are waited for, not handled."""

    place: Place
    parts: list[Part]
    postgres: Postgres | None
    database_url: str
    children: list[Child] = field(default_factory=list)
    stopping: bool = False
    told: dict[str, int] = field(default_factory=dict)  # process ids as last written

    def run(self) -> None:
        """Until a signal says stop. Raises NoPostgres or NotPrepared when it cannot begin."""
        signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
        try:
            if self.postgres:
                self.postgres.start()
            self.prepare()
            self.children = [Child(part) for part in self.parts]
            self.mind()
            while not self.stopping:
                self.wait(self.seconds_to_next())
                self.mind()
        finally:
            self.stop()

    def environment(self) -> dict[str, str]:
        return self.place.environment(self.database_url)

    def prepare(self) -> None:
        if is_prepared(self.place):
            return
        say("Datenbank und Demostadt werden vorbereitet …" if self.place.demo else "Datenbank wird vorbereitet …")
        log = self.log_of("prepare")
        done = processes.start(
            [sys.executable, "-m", "ausrufer.config.prepare"], log=log, environment=self.environment()
        )
        if done.wait():
            raise NotPrepared(f"Die Datenbank ließ sich nicht vorbereiten; Einzelheiten stehen in {log}.")
        mark_prepared(self.place)

    def mind(self) -> None:
        """Whatever should live and does not is started again."""
        if self.stopping:
            return
        if self.postgres and not self.postgres.is_alive():
            complain("PostgreSQL ist ausgefallen und wird neu gestartet.")
            try:
                self.postgres.start()
            except NoPostgres as trouble:
                complain(str(trouble))
        for child in self.children:
            self.revive(child)
        self.write_running()

    def revive(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is not None:
            if child.process.poll() is None:
                return
            complain(f"{child.part.name} ist ausgefallen ({child.process.returncode}) und wird neu gestartet.")
            child.deaths = 0 if now - child.started > GOOD_LIFE else child.deaths + 1
            child.not_before = now + PAUSES[min(child.deaths, len(PAUSES) - 1)]
            child.process = None
        if now < child.not_before:
            return
        log = self.log_of(child.part.name)
        child.process = processes.start(child.part.command, log=log, environment=self.environment())
        child.started = now

    def seconds_to_next(self) -> float:
        resting = [child.not_before - time.monotonic() for child in self.children if child.process is None]
        return max(0.01, min(resting, default=30.0))

    def wait(self, seconds: float) -> None:
        told = signal.sigtimedwait(WATCHED, seconds)
        if told is not None and told.si_signo in STOPPING:
            self.stopping = True

    def write_running(self) -> None:
        """What the command line reads, whenever it has changed."""
        alive = {child.part.name: child.process.pid for child in self.children if child.process}
        if self.postgres and self.postgres.process:
            alive["postgres"] = self.postgres.process.pid
        if alive == self.told:
            return
        self.told, place = alive, self.place
        now = running.Running(
            os.getpid(), place.host, place.port, place.demo, self.database_url, place.public_url, place.desk_url, alive
        )
        running.write(place.data, now)

    def stop(self) -> None:
        """Parts first, PostgreSQL last."""
        self.stopping = True
        living = [child.process for child in self.children if child.process and child.process.poll() is None]
        for process in living:
            process.terminate()
        end = time.monotonic() + STOP_PATIENCE
        for process in living:
            try:
                process.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self.postgres:
            self.postgres.stop()
        running.file_in(self.place.data).unlink(missing_ok=True)

    def log_of(self, name: str) -> Path:
        log = self.place.data / "logs" / f"{name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > MAX_LOG:
            log.replace(log.with_suffix(".log.1"))
        return log
