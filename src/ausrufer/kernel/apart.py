"""Running a conversation of many connections from ordinary code."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

Result = TypeVar("Result")


def run_apart(coroutine: Coroutine[Any, Any, Result], *, patiently: bool = False) -> Result:
    """To its end, in a thread of its own: the caller's may have a running loop, and then asyncio refuses a second.

    A patient one interrupts nobody when it is woken: others finish their turn on the processor first.
    """
    with ThreadPoolExecutor(1, "apart", initializer=never_interrupt if patiently else None) as thread:
        return thread.submit(run, coroutine).result()


def never_interrupt() -> None:
    """The calling thread alone (sched(7): SCHED_BATCH); it keeps its share of the processor.

    Where a machine does not allow that, it interrupts: good manners must not stop the post.
    """
    with suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def run(coroutine: Coroutine[Any, Any, Result]) -> Result:
    import uvloop  # most processes never come here

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(coroutine)
