"""Two keys that never enter the database, made at the first start and readable by the owner only."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet


def secret_key(data: Path) -> str:
    return os.environ.get("AUSRUFER_SECRET_KEY") or kept(data / "secret.key", lambda: secrets.token_urlsafe(50))


def channels_key(data: Path) -> str:
    """Locks the secrets of channels; without it they have to be connected again."""
    return os.environ.get("AUSRUFER_CHANNELS_KEY") or kept(
        data / "channels.key", lambda: Fernet.generate_key().decode()
    )


def kept(file: Path, make: Callable[[], str]) -> str:
    """What stands in `file`; made and written by the first who asks, also when two ask at once."""
    try:
        return file.read_text().strip()
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f"{file.name}.{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(make())
            out.flush()
            os.fsync(out.fileno())  # sooner on the disk than anything it locks
        try:
            os.link(fresh, file)  # fails when another process was first: then its key counts
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
        return file.read_text().strip()
