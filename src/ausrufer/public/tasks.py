"""Side work of the own channel."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from ausrufer.public import rebuild
from ausrufer.public.folder import PublicFolder

PATIENCE = RetryStrategy(max_attempts=10, exponential_wait=3)  # the folder may be full or read-only for a while


SOON = 1000  # milliseconds
AHEAD = 400  # milliseconds; a job that begins later finds what this transaction is about to commit


def rerender_soon() -> None:
    """To be called in the transaction that stores what was seen: one job does it for all that are seen by then.

    A job that lies further ahead than any of ours was planned before the clock was put back, and is not waited for.
    """
    now = Now()
    span = (now + timedelta(milliseconds=AHEAD), now + timedelta(milliseconds=SOON))
    planned = ProcrastinateJob.objects.filter(task_name=rerender.name, status="todo", scheduled_at__range=span)
    if not planned.exists():
        rerender.configure(schedule_in={"milliseconds": SOON}).defer()


@app.periodic(cron="*/5 * * * *")
@app.task(retry=PATIENCE)
def rerender(timestamp: int = 0) -> None:
    """The links to copies elsewhere, and the times of the receipts; then the months, by another job."""
    if rebuild.rerender():
        with suppress(AlreadyEnqueued):  # that one will find these posts too
            archive.defer()


@app.task(retry=PATIENCE)
def tell_of_channels() -> None:
    """Where to read instead of a channel that was stopped, and again when it is back."""
    rebuild.lists(PublicFolder(settings.PUBLIC_FOLDER))


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="archive")
def archive(timestamp: int = 0) -> None:
    """After posts were seen; and every now and then, should that have failed."""
    rebuild.archive()
