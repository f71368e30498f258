"""`python -m ausrufer.media.child TOOLS`: opens what strangers made, in a process that may use little and may die.

It loads its tools (pictures | videos), then waits a while for one job on standard input, `[job, source, folder, name,
sides]`.
Says on standard output, a line of JSON each: `{"taken": …}`, `{"progress": 40}`, and at the end `{"made": {…}}` or
`{"refused": {…}}`.
"""

from __future__ import annotations

import errno
import json
import resource
import select
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ausrufer.media.trouble import NO_ROOM, BadMedia, damaged

MEMORY = 960_000_000  # bytes of address space; the parts around it stay far below 1 GB with it
LARGEST = 1_000_000_000  # bytes of a file that is written; Threads takes 1 GB
SECONDS = {"pictures": 60, "videos": 7200}  # of computing time
PATIENCE = 120.0  # seconds; whoever writes a post brings a picture by then, or a fresh child will do


def main(tools: str) -> int:
    limit(SECONDS[tools])
    work = loaded(tools)
    if not select.select([sys.stdin], [], [], PATIENCE)[0] or not (line := sys.stdin.readline()):
        return 0
    job, source, folder, name, sides = json.loads(line)
    say({"taken": job})
    try:
        made = work(job, Path(source), Path(folder), name, sides)
    except BadMedia as trouble:
        return say({"refused": trouble.sentence.as_json()})
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        return say({"refused": {"text": NO_ROOM}})
    except MemoryError:
        return say({"refused": damaged(name).sentence.as_json()})
    return say({"made": {**made, "memory": most_memory()}})


def loaded(tools: str) -> Callable[[str, Path, Path, str, Any], Mapping[str, Any]]:
    """Only what these jobs need."""
    if tools == "videos":
        from ausrufer.media import video

        def work(job: str, source: Path, folder: Path, name: str, sides: Any) -> Mapping[str, Any]:
            if job == "smaller video":
                return video.smaller(source, folder, name, sides, lambda percent: say({"progress": percent}))
            return video.make(source, folder, name, lambda percent: say({"progress": percent}))

        return work
    from ausrufer.media import pictures

    make_of = {"picture": pictures.clean, "smaller": pictures.smaller}
    return lambda job, source, folder, name, _: make_of[job](source, folder, name)


def limit(seconds: int) -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, LARGEST),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


def most_memory() -> int:
    """Bytes that were resident at the peak; getrusage would count what the parent held before this program began."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def say(words: Mapping[str, Any]) -> int:
    print(json.dumps(words), flush=True)  # noqa: T201  # this is how it talks to its parent
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
