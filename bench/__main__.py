"""`make bench`: every figure of the project, on this machine, in one run."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Sequence

from bench import click, due, fanout, letters, live, media, pushing, rest
from bench.city import City, bench_city
from bench.figures import HEAD, Figure

Measurement = Callable[[City], Sequence[Figure | str]]
WHOLE_DEMO = {"AUSRUFER_DEMO_CHANNELS": ""}  # what `make run` starts
# The order matters: the one that kills everything comes last.
MEASUREMENTS: list[Measurement] = [
    click.measure,
    live.measure,
    due.measure,
    fanout.measure,
    pushing.measure,
    letters.measure,
    media.measure,
    rest.reading,
]


def main() -> None:
    print(f"{machine()}\n\n{HEAD}", flush=True)
    with bench_city(WHOLE_DEMO) as city:  # rests as a whole; what is timed is timed on the website and Threads
        told(rest.idle(city))
    with bench_city() as city:
        for measure in MEASUREMENTS:
            told(measure(city))


def told(figures: Sequence[Figure | str]) -> None:
    for figure in figures:
        print(figure.line() if isinstance(figure, Figure) else figure, flush=True)


def machine() -> str:
    with open("/proc/cpuinfo") as file:
        names = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    cpu = names[0] if names else platform.machine()
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    return f"{cpu}, {os.cpu_count()} cores, {memory:.0f} GB, {system}"


if __name__ == "__main__":
    main()
