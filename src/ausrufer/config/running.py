"""DATA/running.json: what runs, where, and how the command line reaches it. Readable by its owner only."""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ausrufer.config.place import Place

LOCK = "run.lock"


@dataclass(frozen=True)
class Running:
    pid: int  # of the supervisor
    host: str
    port: int
    demo: bool
    database_url: str
    public_url: str
    desk_url: str
    public_folder: str
    started_at: str  # ISO 8601, UTC
    parts: dict[str, int]  # name: process id

    def environment(self) -> dict[str, str]:
        """What a process needs that wants to act on this system."""
        return {
            "DATABASE_URL": self.database_url,
            "AUSRUFER_HOST": self.host,
            "AUSRUFER_PORT": str(self.port),
            "AUSRUFER_DEMO": "1" if self.demo else "0",
            "AUSRUFER_PUBLIC_URL": self.public_url,
            "AUSRUFER_DESK_URL": self.desk_url,
            "AUSRUFER_PUBLIC": self.public_folder,
        }


class RunsAlready(Exception):
    """Another supervisor holds the folder."""


def describe(place: Place, database_url: str, started: datetime, parts: dict[str, int]) -> Running:
    """Of the process that calls it: the supervisor."""
    return Running(
        pid=os.getpid(),
        host=place.host,
        port=place.port,
        demo=place.demo,
        database_url=database_url,
        public_url=place.public_url,
        desk_url=place.desk_url,
        public_folder=str(place.public_folder),
        started_at=started.isoformat(timespec="seconds"),
        parts=parts,
    )


def file_in(data: Path) -> Path:
    return data / "running.json"


def write(data: Path, running: Running) -> None:
    fresh = data / f".running.{os.getpid()}"
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(dataclasses.asdict(running), indent=1))
    fresh.rename(file_in(data))


def read(data: Path) -> Running | None:
    """What runs on this folder; None when nothing does, whatever a file left behind says."""
    if not (data / LOCK).exists():
        return None
    with contextlib.suppress(RunsAlready, OSError), locked(data):
        return None
    try:
        return Running(**json.loads(file_in(data).read_text()))
    except (OSError, ValueError, TypeError):
        return None


@contextlib.contextmanager
def locked(data: Path) -> Iterator[None]:
    """Held by the one supervisor of a folder; the kernel lets it go with the process. Raises RunsAlready."""
    # Private, since whoever can open it can hold it.
    with os.fdopen(os.open(data / LOCK, os.O_RDWR | os.O_CREAT, 0o600), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RunsAlready from error
        yield
