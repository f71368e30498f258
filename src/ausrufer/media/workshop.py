"""Has a file made anew by a child process: whatever the file does there, this process goes on."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from ausrufer.kernel.sentence import Sentence
from ausrufer.media.trouble import BadMedia, damaged

log = logging.getLogger("ausrufer.media")
SOURCES = Path(__file__).parents[2]
# No password and no key of ours is in the child's environment; one arena keeps its address space small.
ENVIRONMENT = {"PYTHONPATH": str(SOURCES), "MALLOC_ARENA_MAX": "1", "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"}
# What a job needs.
TOOLS = {"picture": "pictures", "smaller": "pictures", "video": "videos", "smaller video": "videos"}


class Child:
    """A process for one job. Loading its tools takes longer than many a picture, so it is begun ahead where we can."""

    def __init__(self, tools: str) -> None:
        self.errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the child
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ausrufer.media.child", tools],
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
        )
        threading.Thread(target=self.process.wait, daemon=True).start()  # nobody else asks for one that was not needed

    def carry_out(self, job: Sequence[Any], progress: Callable[[int], None]) -> Mapping[str, Any] | None:
        """Its last word; None when it was gone before it took the job."""
        last: dict[str, Any] | None = None
        assert self.process.stdin
        assert self.process.stdout
        try:
            self.process.stdin.write(json.dumps(job) + "\n")
            self.process.stdin.close()
            for line in self.process.stdout:
                last = json.loads(line)
                if "progress" in last:
                    progress(last["progress"])
            self.process.wait()
        except BrokenPipeError:
            return None
        except BaseException:
            self.process.kill()
            raise
        return last

    def diagnostic(self) -> str:
        self.errors.seek(0)
        return self.errors.read(4000).decode("utf-8", "replace")


waiting: dict[str, Child] = {}  # one at most for each kind of tools; it goes by itself when nothing comes
lock = threading.Lock()


def get_ready(job: str) -> None:
    """Somebody is about to bring a file: let the next child load its tools meanwhile."""
    tools = TOOLS[job]
    with lock:
        if tools not in waiting or waiting[tools].process.poll() is not None:
            waiting[tools] = Child(tools)


def child_for(job: str) -> Child:
    with lock:
        return waiting.pop(TOOLS[job], None) or Child(TOOLS[job])


def make(
    job: str,
    source: Path,
    folder: Path,
    name: str,
    progress: Callable[[int], None] = lambda percent: None,
    sides: tuple[int, int] | None = None,
) -> Mapping[str, Any]:
    """What the child says it made. `job`: picture | smaller | video | smaller video (with `sides`). Raises BadMedia."""
    child = child_for(job)
    told = (job, str(source), str(folder), name, sides)
    last = child.carry_out(told, progress)
    if last is None:  # one that waited had just gone
        child = Child(TOOLS[job])
        last = child.carry_out(told, progress) or {}
    with child.errors:
        if "made" in last:
            made: dict[str, Any] = last["made"]
            return made
        if "refused" in last:
            raise BadMedia(Sentence.from_json(last["refused"]))
        log.warning("%s: the child ended with %s: %s", job, child.process.returncode, child.diagnostic())
    raise damaged(name)
