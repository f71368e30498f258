"""Processes are asked first and made to go then."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from ausrufer.config import processes
from tests.system import until

DEAF = ("sh", "-c", 'trap "" TERM; echo ready; while :; do sleep 0.05; done')


def started(folder: Path, *command: str, **more: str) -> subprocess.Popen[bytes]:
    return processes.start(command, log=folder / "log", environment={**os.environ, **more})


def test_whoever_does_not_listen_is_made_to_go(tmp_path: Path) -> None:
    deaf = started(tmp_path, *DEAF)
    until(lambda: (tmp_path / "log").read_text(), what="its first word")
    began = time.monotonic()
    processes.stop_all([deaf], patience=0.2)
    assert deaf.returncode == -9
    assert time.monotonic() - began < 2


def test_leftovers_are_known_by_their_marks_and_nobody_else_is(tmp_path: Path) -> None:
    ours = started(tmp_path, "sleep", "60", AUSRUFER_DATA=str(tmp_path), AUSRUFER_SUPERVISED="1")
    shell = started(tmp_path, "sleep", "60", AUSRUFER_DATA=str(tmp_path))
    marks = [f"AUSRUFER_DATA={tmp_path}", "AUSRUFER_SUPERVISED=1"]
    try:
        until(lambda: processes.marked(marks) == [ours.pid], what="only ours")
        processes.end_all(processes.marked(marks))
        assert not processes.is_alive(ours.pid)
        assert processes.is_alive(shell.pid)
    finally:
        processes.stop_all([ours, shell], patience=1)
