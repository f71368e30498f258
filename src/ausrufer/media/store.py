"""Stored files: named by their digest, whole or not at all. No Django: the child process writes here too."""

from __future__ import annotations

import hashlib
import os
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")
SMALL_WIDTH = 720  # pixels of a picture's second size, DIGEST-720.jpg; for telephones on the own pages


@dataclass(frozen=True)
class Stored(Generic[T]):
    digest: str  # SHA-256, hexadecimal
    size: int  # bytes
    told: T  # by who wrote it


def into_store(folder: Path, ending: str, write: Callable[[Path], T]) -> Stored[T]:
    """What `write` wrote. A file of that name is the same file, so it may be replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".{uuid.uuid4().hex}"
    try:
        told = write(fresh)
        with fresh.open("rb") as file:
            # The disk and the digest are waited for together.
            syncing = threading.Thread(target=os.fsync, args=[file.fileno()])
            syncing.start()
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            syncing.join()
        size = fresh.stat().st_size
        fresh.rename(folder / f"{digest}.{ending}")
    finally:
        fresh.unlink(missing_ok=True)
    return Stored(digest, size, told)
