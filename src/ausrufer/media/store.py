"""Stored files: named by their digest, whole or not at all. No Django: the child process writes here too."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Callable
from pathlib import Path


def into_store(folder: Path, ending: str, write: Callable[[Path], object]) -> tuple[str, int]:
    """(digest, size) of what `write` wrote. A file of that name is the same file, so it may be replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".{uuid.uuid4().hex}"
    try:
        write(fresh)
        with fresh.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        size = fresh.stat().st_size
        fresh.rename(folder / f"{digest}.{ending}")
    finally:
        fresh.unlink(missing_ok=True)
    return digest, size
