"""Long conversations in a thread of their own."""

from __future__ import annotations

import os
import subprocess
import sys

from ausrufer.kernel.apart import run_apart

FORBIDDEN = """
import os, uvloop
from ausrufer.kernel.apart import run_apart

async def letters() -> str:
    return "all letters are sent"

os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))  # without a right, nobody comes out of it again
if os.geteuid() == 0:
    os.setuid(65534)
print(run_apart(letters(), patiently=True))
"""


async def manners() -> int:
    return os.sched_getscheduler(0)


def test_whoever_is_patient_interrupts_nobody_and_the_rest_stay_as_they_were() -> None:
    before = os.sched_getscheduler(0)

    assert run_apart(manners(), patiently=True) == os.SCHED_BATCH
    assert run_apart(manners()) == before
    assert os.sched_getscheduler(0) == before


def test_where_a_machine_forbids_good_manners_the_letters_go_all_the_same() -> None:
    done = subprocess.run([sys.executable, "-c", FORBIDDEN], capture_output=True, text=True, check=False)
    assert done.stdout == "all letters are sent\n", done.stderr
