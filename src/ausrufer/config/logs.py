"""Every part's words go to a file of its own."""

from __future__ import annotations

from pathlib import Path

MAX_LOG = 10_000_000  # bytes


def log_in(data: Path, name: str) -> Path:
    """Asked for at every start of a part; a log that has grown large is set aside, and the one before it forgotten."""
    log = data / "logs" / f"{name}.log"
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > MAX_LOG:
        log.replace(log.with_suffix(".log.1"))
    return log
