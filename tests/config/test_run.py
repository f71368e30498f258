"""What `ausrufer run` and `ausrufer check` say before anything starts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ausrufer.config import running
from ausrufer.config.keys import kept
from ausrufer.config.mode import settle, wants_demo
from ausrufer.config.place import Place
from ausrufer.kernel.clock import utc_now
from tests.system import PROJECT, free_ports, held


def ausrufer(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    alone = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    alone |= {"PYTHONPATH": f"{PROJECT}/src", **environment}
    command = [sys.executable, "-m", "ausrufer.config.command_line", *words]
    return subprocess.run(command, env=alone, capture_output=True, text=True, timeout=30, check=False)


@pytest.mark.parametrize("neighbour", [0, 1, 2, 7])
def test_a_port_in_use_is_said_before_anything_starts(tmp_path: Path, neighbour: int) -> None:
    data, port = tmp_path / "data", free_ports()
    with held(port + neighbour):
        done = ausrufer("run", "--port", str(port), AUSRUFER_DATA=str(data))
    assert done.returncode == 1
    assert f"Port {port + neighbour} ist schon belegt. Bitte einen anderen wählen" in done.stderr
    assert not data.exists()


def test_without_the_demo_nobody_asks_for_the_port_of_the_stand_ins() -> None:
    assert {port for _, port in Place(Path("data"), port=8123, demo=False).addresses} == {8123, 8124}


def test_a_demo_channel_that_nobody_knows_is_said_with_those_there_are(tmp_path: Path) -> None:
    done = ausrufer("run", AUSRUFER_DATA=str(tmp_path), AUSRUFER_DEMO_CHANNELS="threads myspace")
    assert done.returncode == 1
    assert "Den Kanal „myspace“ hat die Demostadt nicht. Es gibt: threads, bluesky" in done.stderr


def test_a_second_start_says_where_the_first_one_is(tmp_path: Path) -> None:
    first = Place(tmp_path, port=8123)
    with running.locked(tmp_path):
        running.write(tmp_path, running.describe(first, "", utc_now(), {}))
        done = ausrufer("run", AUSRUFER_DATA=str(tmp_path))
    assert done.returncode == 1
    assert "läuft mit diesem Datenordner schon: http://127.0.0.1:8123 und http://127.0.0.1:8124" in done.stderr


@pytest.mark.parametrize("port", ["achtzig", "0", "70000", "-1", "²"])
def test_a_port_that_is_none_is_said_in_a_sentence(tmp_path: Path, port: str) -> None:
    done = ausrufer("run", AUSRUFER_DATA=str(tmp_path), AUSRUFER_PORT=port)
    assert done.returncode == 1
    assert done.stderr.strip() == f"Der Port „{port}“ geht nicht; er ist eine Zahl von 1 bis 65500."


def test_an_address_of_another_machine_is_said(tmp_path: Path) -> None:
    done = ausrufer("run", AUSRUFER_DATA=str(tmp_path), AUSRUFER_HOST="192.0.2.1")
    assert done.returncode == 1
    assert "Die Adresse 192.0.2.1 gehört nicht zu diesem Rechner." in done.stderr


def test_a_data_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    done = ausrufer("run", AUSRUFER_DATA=str(tmp_path / "data"))
    assert done.returncode == 1
    assert "Der Datenordner" in done.stderr and "Traceback" not in done.stderr


def test_check_says_that_nothing_runs_and_whether_it_could(tmp_path: Path) -> None:
    done = ausrufer("check", AUSRUFER_DATA=str(tmp_path), AUSRUFER_PORT=str(free_ports()))
    assert done.returncode == 1
    assert "läuft kein Ausrufer" in done.stdout and "sind frei." in done.stdout
    assert list(tmp_path.iterdir()) == []  # asking leaves no trace


def test_starting_reads_no_django(tmp_path: Path) -> None:
    """The supervisor stays small."""
    code = "import sys, ausrufer.config.commands.run; print('django' in sys.modules, 'httpx' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_a_key_is_made_once_and_read_by_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "new" / "secret.key"
    assert kept(file, lambda: "first") == kept(file, lambda: "second") == "first"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in file.parent.iterdir()] == ["secret.key"]


def test_no_lock_file_names_where_packages_come_from() -> None:
    for file in [*(PROJECT / "requirements").iterdir(), PROJECT / "Makefile", *(PROJECT / "scripts").iterdir()]:
        assert "://" not in file.read_text(), file


def test_a_folder_made_without_the_demo_stays_without_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUSRUFER_DEMO", raising=False)
    assert wants_demo(tmp_path)
    settle(tmp_path, demo=False)
    assert not wants_demo(tmp_path)
    monkeypatch.setenv("AUSRUFER_DEMO", "1")
    with pytest.raises(ValueError, match="ohne Demostadt angelegt"):
        wants_demo(tmp_path)
