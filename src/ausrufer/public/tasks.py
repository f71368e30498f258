"""Side work of the own channel."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from ausrufer.public import rebuild

PATIENCE = RetryStrategy(max_attempts=10, exponential_wait=3)  # the folder may be full or read-only for a while


@app.task(retry=PATIENCE)
def rerender() -> None:
    """The links to copies elsewhere, and the times of the receipts."""
    rebuild.rerender()


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="archive")
def archive(timestamp: int) -> None:
    rebuild.archive()
