"""Side work of the own channel."""

from __future__ import annotations

from contextlib import suppress

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from ausrufer.public import rebuild

PATIENCE = RetryStrategy(max_attempts=10, exponential_wait=3)  # the folder may be full or read-only for a while


@app.task(retry=PATIENCE)
def rerender() -> None:
    """The links to copies elsewhere, and the times of the receipts; then the months, by another job."""
    if rebuild.rerender():
        with suppress(AlreadyEnqueued):  # that one will find these posts too
            archive.defer()


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="archive")
def archive(timestamp: int = 0) -> None:
    """After posts were seen; and every now and then, should that have failed."""
    rebuild.archive()
