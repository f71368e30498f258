"""Whether the engine lives: heartbeats and alarms, never process ids."""

from __future__ import annotations

import contextlib
import os
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import DatabaseError, connection

from ausrufer.deliveries.alarms import alarms
from ausrufer.kernel.heartbeat import alive

CALL_PATIENCE = 3  # seconds
PARTS = ("dispatcher", "worker", "stream")


@dataclass
class Health:
    parts: dict[str, bool] = field(default_factory=dict)
    alarms: list[str] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)

    @property
    def is_well(self) -> bool:
        return all(self.parts.values()) and not self.alarms


def health() -> Health:
    trouble: list[str] = []
    folder = folder_is_writable(trouble)
    found = Health({"database": False, **dict.fromkeys(PARTS, False), "public_folder": folder}, trouble=trouble)
    try:
        call_database()
        found.parts["database"] = True
        found.parts |= {part: alive(part) for part in PARTS}
        found.alarms = [each.without_text for each in alarms()]
    except DatabaseError as error:
        found.trouble.append(f"database: {error}".strip())
    return found


def call_database() -> None:
    """Anew: on a kept connection nobody is told of a database that hangs. Raises DatabaseError within seconds."""
    with connection.wrap_database_errors:
        psycopg.connect(**{**connection.get_connection_params(), "connect_timeout": CALL_PATIENCE}).close()


def folder_is_writable(trouble: list[str]) -> bool:
    """Tries it, since root is told by no permission bit that a disk is full or mounted read-only."""
    folder = Path(settings.PUBLIC_FOLDER)
    probe = folder / f".probe-{uuid.uuid4().hex}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with probe.open("wb") as out:
            out.write(b"x" * 4096)
            out.flush()
            os.fsync(out.fileno())
        probe.unlink()
    except OSError as error:
        trouble.append(f"public folder: {error}")
        with contextlib.suppress(OSError):
            probe.unlink(missing_ok=True)
        return False
    return True
