"""A quiet hour: what all processes together cost; and what readers get when everything else is dead."""

from __future__ import annotations

import signal
from pathlib import Path

from bench.city import City, cpu_of, wait
from bench.figures import ms, row
from bench.floors import request

QUIET = 20.0  # seconds
MOST_CPU = 0.02  # of one core
MOST_MEMORY = 350.0  # MB, proportional set size


def idle(city: City) -> list[str]:
    wait(5)
    before = cpu_of_all(city)
    wait(QUIET)
    cpu = (cpu_of_all(city) - before) / QUIET
    processes = city.system.everybody()
    memory = sum(map(proportional_set_size, processes))
    cpu_bar, memory_bar = f"< {MOST_CPU:.0%}", f"< {MOST_MEMORY:.0f} MB"
    return [
        row(
            f"idle: CPU of all {len(processes)} processes", f"{cpu:.1%} of one core", "–", cpu_bar, kept=cpu < MOST_CPU
        ),
        row("idle: memory (PSS)", f"{memory:.0f} MB", "–", memory_bar, kept=memory < MOST_MEMORY),
    ]


def cpu_of_all(city: City) -> float:
    """Seconds, with those of children that have ended, e.g. PostgreSQL's vacuum: their parents remember them."""
    return sum(cpu_of(pid, with_ended=True) for pid in city.system.everybody())


def proportional_set_size(pid: int) -> float:
    """MB."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has just ended
        return 0.0
    for line in lines:
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1000
    return 0.0


def reading(city: City) -> list[str]:
    """The last measurement: it leaves nothing but the stream alive."""
    alive = request(city.system.public)
    assert city.system.supervisor
    city.system.supervisor.send_signal(signal.SIGSTOP)  # so that nobody brings them back
    try:
        for part in ("web", "dispatcher", "worker", "postgres"):
            city.system.kill(part)
        dead = request(city.system.public)
    finally:
        city.system.supervisor.send_signal(signal.SIGCONT)
    ratio = dead / alive
    name, against = "GET of the timeline, application and database killed", f"{ratio:.2f} × alive ({ms(alive)})"
    return [row(name, ms(dead), against, "as before", kept=ratio <= 1.5)]
