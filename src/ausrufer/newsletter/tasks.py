"""Side work of the newsletter; a job that comes twice finds nothing to do."""

from __future__ import annotations

from procrastinate import JobContext
from procrastinate.contrib.django import app

from ausrufer.newsletter import mailings, notes, subscribers

QUEUE = "newsletter"
CRISIS = 100  # priority


@app.task(queue=QUEUE, pass_context=True)
def send_letters(context: JobContext, mailing: int) -> None:
    mailings.carry_out(mailing, context.should_abort)


@app.task(queue=QUEUE, retry=20)
def send_link(subscriber: int) -> None:
    notes.send_link(subscriber)


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="forget_subscribers")
def forget_subscribers(timestamp: int) -> None:
    subscribers.forget()
