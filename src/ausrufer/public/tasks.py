"""Side work of the own channel."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from ausrufer.public.rebuild import rerender

PATIENCE = RetryStrategy(max_attempts=10, exponential_wait=3)  # the folder may be full or read-only for a while


@app.task(retry=PATIENCE)
def rerender_post(address: str) -> None:
    """The links to copies elsewhere, and the times of the receipts."""
    rerender(address)
