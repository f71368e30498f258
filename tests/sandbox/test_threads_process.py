"""The stand-in as a process: it leaves nothing behind, and says plainly why it cannot start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.sandbox.playing import StandIn, answers, playing_threads
from tests.system import PROJECT, free_ports, until

PARENT = """
import subprocess, sys
subprocess.Popen([sys.executable, "-m", "sandbox.threads", "--port", sys.argv[1]]).wait()
"""


def test_it_ends_when_its_parent_is_killed() -> None:
    standin = StandIn(f"http://127.0.0.1:{(port := free_ports())}")
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(port)], cwd=PROJECT)
    try:
        until(lambda: answers(standin), what="the stand-in")
    finally:
        parent.kill()
        parent.wait()
    until(lambda: not answers(standin), within=5, what="its end")


def test_a_taken_port_is_told_in_one_line(tmp_path: Path) -> None:
    with playing_threads(tmp_path) as standin:
        command = [sys.executable, "-m", "sandbox.threads", "--port", standin.origin.rpartition(":")[2]]
        second = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=10, check=False)
    assert second.returncode == 1
    assert second.stderr.startswith("Das nachgestellte Threads kann nicht starten")
    assert second.stderr.count("\n") == 1


def test_it_speaks_to_this_machine_only() -> None:
    command = [sys.executable, "-m", "sandbox.threads", "--host", "0.0.0.0", "--port", str(free_ports())]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=10, check=False)
    assert ended.returncode == 2
    assert "spricht nur mit diesem Rechner" in ended.stderr
