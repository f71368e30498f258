"""A real supervisor with parts that only wait: `python -m tests.config.small_system FOLDER [with-database]`."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ausrufer.config import running
from ausrufer.config.greeting import Greeter
from ausrufer.config.parts import Part
from ausrufer.config.place import Place
from ausrufer.config.postgres import Postgres
from ausrufer.config.processes import end_all, is_alive, marked, working_in
from ausrufer.config.supervisor import Supervisor
from tests.system import PROJECT, until

WAITS = (sys.executable, "-c", "import signal; signal.pause()")
PARTS = [Part("reader", WAITS), Part("writer", WAITS), Part("ill", ("sh", "-c", 'echo "$0"; exit 3'))]
NO_DATABASE = "postgresql:///nowhere"


class SmallSystem:
    def __init__(self, data: Path, *words: str) -> None:
        self.data = data
        self.words = words
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.config.small_system", str(self.data), *self.words]
        environment = {**os.environ, "PYTHONPATH": f"{PROJECT}/src:{PROJECT}"}
        environment.pop("DATABASE_URL", None)
        with self.terminal.open("ab") as out:
            self.process = subprocess.Popen(command, env=environment, cwd=PROJECT, stdout=out, stderr=out)
        until(lambda: "reader" in self.parts(), what="the first part")

    @property
    def terminal(self) -> Path:
        return self.data / "terminal.log"

    def told(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads(running.file_in(self.data).read_text())
        except OSError:
            return {}
        return found

    def parts(self) -> dict[str, int]:
        """Those that live, by name."""
        return {name: pid for name, pid in self.told().get("parts", {}).items() if is_alive(pid)}

    def kill(self, name: str) -> int:
        pid: int = self.told()["parts"][name]
        os.kill(pid, signal.SIGKILL)
        return pid

    def everybody(self) -> list[int]:
        database = self.data / "postgres"
        there = working_in(database) if database.exists() else []
        found = [*marked([f"AUSRUFER_DATA={self.data}", "AUSRUFER_SUPERVISED=1"]), *there]
        return [pid for pid in found if is_alive(pid)]

    def stop(self) -> int:
        """The supervisor's exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(20)


@contextlib.contextmanager
def small_system(data: Path, *words: str) -> Iterator[SmallSystem]:
    system = SmallSystem(data, *words)
    try:
        yield system
    finally:
        system.process.kill()
        system.process.wait(10)
        end_all(system.everybody())


def main(data: Path, *, with_database: bool) -> None:
    place = Place(data, port=8080, demo=False, database_url="" if with_database else NO_DATABASE)
    postgres = Postgres(data, place.fingerprint, durable=False) if with_database else None
    url = postgres.url if postgres else NO_DATABASE
    with running.locked(data):
        guest = Greeter(os.fork())
        if guest.pid == 0:
            os._exit(0)
        Supervisor(place, PARTS, postgres, url, prepare=("true",), collect=guest.collect).run()


if __name__ == "__main__":
    main(Path(sys.argv[1]), with_database="with-database" in sys.argv)
