"""Running a conversation of many connections from ordinary code."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def run_apart(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """To its end, in a thread of its own: the caller's may have a running loop, and then asyncio refuses a second."""
    with ThreadPoolExecutor(1, "apart") as thread:
        return thread.submit(run, coroutine).result()


def run(coroutine: Coroutine[Any, Any, Result]) -> Result:
    import uvloop  # most processes never come here

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(coroutine)
