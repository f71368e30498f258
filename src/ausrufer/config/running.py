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
    started_at: str  # ISO 8601, UTC
    parts: dict[str, int]  # name: process id


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
    with (data / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RunsAlready from error
        yield
