"""Long conversations in a thread of their own."""

from __future__ import annotations

import os

from ausrufer.kernel.apart import run_apart


async def manners() -> int:
    return os.sched_getscheduler(0)


def test_whoever_is_patient_interrupts_nobody_and_the_rest_stay_as_they_were() -> None:
    before = os.sched_getscheduler(0)

    assert run_apart(manners(), patiently=True) == os.SCHED_BATCH
    assert run_apart(manners()) == before
    assert os.sched_getscheduler(0) == before
