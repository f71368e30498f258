"""Side work of push; the rules live in `carrying`."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

PATIENCE = RetryStrategy(max_attempts=20, exponential_wait=2)


@app.task(retry=PATIENCE)
def carry_out(mailing: int) -> None:
    from ausrufer.push import carrying  # every process knows the tasks, only the worker needs what they need

    seconds = carrying.carry_out(mailing)
    if seconds is not None:
        carry_out.configure(schedule_in={"seconds": int(seconds) + 1}).defer(mailing=mailing)
