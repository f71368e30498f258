"""Chores that come round by themselves; each is three lines, the rules live with their subject."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from procrastinate import JobContext, builtin_tasks
from procrastinate.contrib.django import app

from ausrufer.channels import limits
from ausrufer.channels.renewal import renew_due
from ausrufer.kernel.clock import utc_now
from ausrufer.media.uploads import sweep_uploads
from ausrufer.posts.look_ups import sweep_look_ups
from ausrufer.posts.sweep_media import sweep_media

STALLED = 30  # seconds without a sign of life from a job's worker


@app.periodic(cron="* * * * *")
@app.task(pass_context=True, queueing_lock="retry_stalled")
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """A job whose worker was killed stays "doing" for ever unless somebody looks."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
        await manager.retry_job(job)


@app.periodic(cron="41 * * * *")
@app.task(queueing_lock="renew_access")
def renew_access(timestamp: int) -> None:
    renew_due()


@app.periodic(cron="11 * * * *")
@app.task(queueing_lock="read_limits")
def read_limits(timestamp: int) -> None:
    limits.read_all()


@app.periodic(cron="17 3 * * *")
@app.task(pass_context=True, queueing_lock="remove_old")
async def remove_old(context: JobContext, timestamp: int) -> None:
    await builtin_tasks.remove_old_jobs(context, max_hours=72, remove_failed=True, remove_cancelled=True)


@app.periodic(cron="23 3 * * *")
@app.task(queueing_lock="clean_up")
def clean_up(timestamp: int) -> None:
    Session.objects.filter(expire_date__lt=utc_now()).delete()
    sweep_uploads()
    sweep_media()
    sweep_look_ups()
