"""What Emil sees when he starts it twice, or ends one process of several."""

from __future__ import annotations

from pathlib import Path

from ausrufer.config.processes import is_alive
from tests.system import System, until


def test_a_second_start_on_the_same_folder_names_the_addresses_of_the_first(city: System) -> None:
    done = city.command("run")
    assert done.returncode == 1
    assert f"läuft mit diesem Datenordner schon: {city.public} und {city.desk}" in done.stderr
    assert city.is_well()


def test_a_killed_web_server_leaves_no_worker_that_answers_with_old_code(city: System) -> None:
    web = city.pid("web")
    workers = [int(pid) for pid in Path(f"/proc/{web}/task/{web}/children").read_text().split()]
    assert workers
    city.kill("web")
    until(lambda: not any(is_alive(pid) for pid in workers), within=3, what="the end of the workers")


def test_the_database_s_address_stands_on_no_command_line(city: System) -> None:
    """It may hold a password, and `ps` shows command lines to every user of the machine."""
    lines = [Path(f"/proc/{pid}/cmdline").read_text() for pid in city.everybody()]
    assert any("ausrufer.public.stream" in line for line in lines)
    assert not [line for line in lines if "postgresql://" in line]
