"""Has a file made anew by the child process: whatever the file does there, this process goes on."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ausrufer.kernel.sentence import Sentence
from ausrufer.media.trouble import BadMedia, damaged

log = logging.getLogger("ausrufer.media")
SOURCES = Path(__file__).parents[2]


def make(
    job: str, source: Path, folder: Path, name: str, progress: Callable[[int], None] = lambda percent: None
) -> Mapping[str, Any]:
    """What the child says it made. `job`: picture | smaller | video. Raises BadMedia."""
    command = [sys.executable, "-m", "ausrufer.media.child", job, str(source), str(folder), name]
    # No password and no key of ours is in the child's environment; one arena keeps its address space small.
    environment = {"PYTHONPATH": str(SOURCES), "MALLOC_ARENA_MAX": "1", "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"}
    last: dict[str, Any] = {}
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as child,
    ):
        assert child.stdout
        try:
            for line in child.stdout:
                last = json.loads(line)
                if "progress" in last:
                    progress(last["progress"])
            errors.seek(0)
            diagnostic = errors.read(4000).decode("utf-8", "replace")
        except BaseException:
            child.kill()
            raise
    if "made" in last:
        made: dict[str, Any] = last["made"]
        return made
    if "refused" in last:
        raise BadMedia(Sentence.from_json(last["refused"]))
    log.warning("%s: the child ended with %s: %s", job, child.returncode, diagnostic)
    raise damaged(name)
