"""Side work of push; the rules live in `carrying`."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

PATIENCE = RetryStrategy(max_attempts=20, exponential_wait=2)


@app.task(retry=PATIENCE)
def carry_out(mailing: int) -> None:
    from ausrufer.push import carrying  # every process knows the tasks, only the worker needs what they need

    carrying.carry_out(mailing)
