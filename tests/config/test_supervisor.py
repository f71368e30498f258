"""Whatever dies comes back; whoever is left goes when the supervisor goes."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ausrufer.config import running
from tests.config.small_system import SmallSystem, small_system
from tests.system import until

AT_ONCE = 0.3  # seconds on a machine of its own


@pytest.fixture
def system(tmp_path: Path) -> Iterator[SmallSystem]:
    with small_system(tmp_path) as found:
        yield found


def test_what_dies_lives_again_at_once(system: SmallSystem) -> None:
    began, old = time.monotonic(), system.kill("reader")
    until(lambda: system.parts().get("reader", old) != old, what="another reader")
    assert time.monotonic() - began < 5 * AT_ONCE
    assert "reader ist ausgefallen (-9) und wird neu gestartet." in system.terminal.read_text()


def test_the_others_do_not_notice(system: SmallSystem) -> None:
    writer, old = system.parts()["writer"], system.kill("reader")
    until(lambda: system.parts().get("reader", old) != old, what="another reader")
    assert system.parts()["writer"] == writer


def test_what_keeps_dying_is_started_at_longer_and_longer_intervals(system: SmallSystem) -> None:
    log = system.data / "logs" / "ill.log"
    began = time.monotonic()
    until(lambda: len(log.read_text().splitlines()) >= 4, what="the fourth start")
    assert time.monotonic() - began > 0.5  # 0.0 + 0.2 + 0.5 seconds less what happened before we looked


def test_running_json_is_for_its_owner_and_tells_the_truth(system: SmallSystem) -> None:
    file = running.file_in(system.data)
    assert file.stat().st_mode & 0o777 == 0o600
    found = running.read(system.data)
    assert found and found.pid == system.process.pid and set(system.parts()) >= {"reader", "writer"}


def test_what_a_killed_supervisor_wrote_is_not_believed(system: SmallSystem) -> None:
    system.process.kill()
    system.process.wait(10)
    assert running.file_in(system.data).exists()
    # A part that was just being started holds the lock with its supervisor until it is a program of its own.
    until(lambda: running.read(system.data) is None, what="the end of the lock")


def test_ctrl_c_leaves_no_process(system: SmallSystem) -> None:
    assert system.stop() == 0
    assert system.everybody() == []
    assert not running.file_in(system.data).exists()


def test_what_a_shell_put_in_the_background_can_be_stopped_by_sigint_too(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # inherited, as such a shell does
    try:
        with small_system(tmp_path) as system:
            assert system.stop() == 0
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_killed_supervisor_takes_everybody_along(system: SmallSystem) -> None:
    system.process.kill()
    system.process.wait(10)
    until(lambda: not system.everybody(), within=2, what="the end of all parts")


def test_who_has_ended_is_collected(system: SmallSystem) -> None:
    """The greeting ends long before the system does."""
    until(lambda: not unburied(system.process.pid), what="a supervisor without dead children")


def unburied(parent: int) -> list[str]:
    states = (each.read_text().rpartition(")")[2].split()[:2] for each in Path("/proc").glob("[0-9]*/stat"))
    return [state for state, above in states if state == "Z" and above == str(parent)]


def test_a_closed_terminal_ends_it_cleanly(system: SmallSystem) -> None:
    system.process.send_signal(signal.SIGHUP)
    assert system.process.wait(10) == 0
    assert system.everybody() == []
