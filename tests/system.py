"""A whole running system of its own: real processes, a real database, real ports. For journeys and benches."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from html import unescape
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psycopg

Result = TypeVar("Result")
PROJECT = Path(__file__).parents[1]


def until(question: Callable[[], Result], *, within: float = 20.0, every: float = 0.02, what: str = "it") -> Result:
    """The first true answer; fails with `what` when there is none in time."""
    end = time.monotonic() + within
    while True:
        if answer := question():
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not happen within {within:.0f} s")
        time.sleep(every)


def free_ports() -> int:
    """The first of eight free neighbours: public pages, desk, and all stand-ins."""
    for _ in range(100):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            first: int = probe.getsockname()[1]
        if first < 60_000 and all(is_free(first + more) for more in range(8)):
            return first
    raise AssertionError("no eight free ports side by side")


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@contextmanager
def held(port: int) -> Iterator[None]:
    """By somebody else."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        yield


class System:
    """`ausrufer run` on a data folder; every part can be killed by its name."""

    def __init__(self, data: Path, environment: Mapping[str, str] | None = None) -> None:
        self.data = data
        self.port = free_ports()
        self.environment = {
            **{
                key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
            },
            "AUSRUFER_DATA": str(data),
            "AUSRUFER_PORT": str(self.port),
            "PYTHONPATH": f"{PROJECT}:{PROJECT / 'src'}",
            "AUSRUFER_STANDIN_DELAY": "none",
            "AUSRUFER_DEMO_CHANNELS": "threads",  # as small and quick as it gets
            **(environment or {}),
        }
        self.supervisor: subprocess.Popen[bytes] | None = None

    @property
    def public(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def desk(self) -> str:
        return f"http://127.0.0.1:{self.port + 1}"

    @property
    def standin(self) -> str:
        return f"http://127.0.0.1:{self.port + 2}"

    def start(self, *, wait: bool = True) -> None:
        command = [sys.executable, "-m", "ausrufer.config.command_line", "run"]
        with (self.data.parent / "terminal.log").open("ab") as log:
            self.supervisor = subprocess.Popen(command, env=self.environment, cwd=PROJECT, stdout=log, stderr=log)
        if wait:
            try:
                until(lambda: self.is_well() or self.has_ended(), within=60, what="a healthy system")
            except AssertionError as late:
                raise AssertionError(f"{late}\n{self.signs_of_life()}") from None
            assert not self.has_ended(), self.signs_of_life()

    def signs_of_life(self) -> str:
        """For whoever reads why a test failed."""
        logs = [self.data.parent / "terminal.log", *sorted((self.data / "logs").glob("*.log"))]
        ends = [f"{each.name}:\n{each.read_text(errors='replace')[-1500:]}" for each in logs]
        try:
            health = httpx.get(f"{self.desk}/healthz", timeout=5).text
        except httpx.HTTPError as error:
            health = repr(error)
        return "\n".join([health, *ends])

    def has_ended(self) -> bool:
        return self.supervisor is not None and self.supervisor.poll() is not None

    def is_well(self) -> bool:
        try:
            return bool(httpx.get(f"{self.desk}/healthz", timeout=5).json()["well"])
        except (httpx.HTTPError, ValueError):
            return False

    def health(self) -> dict[str, Any]:
        found: dict[str, Any] = httpx.get(f"{self.desk}/healthz", timeout=5).json()
        return found

    def running(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.data / "running.json").read_text())
        return found

    def pid(self, part: str) -> int:
        found: int = self.running()["parts"][part]
        return found

    def kill(self, part: str, number: int = signal.SIGKILL) -> int:
        """The process id that was killed."""
        pid = self.pid(part)
        os.kill(pid, number)
        return pid

    def everybody(self) -> list[int]:
        """Process ids of all that belongs to this system, found by what their environment says."""
        mark, found = f"AUSRUFER_DATA={self.data}".encode(), []
        for entry in Path("/proc").iterdir():
            try:
                words = (entry / "environ").read_bytes().split(b"\0") if entry.name.isdigit() else []
            except OSError:
                continue
            if mark in words and int(entry.name) != os.getpid():
                found.append(int(entry.name))
        return found + self.postgres()

    def postgres(self) -> list[int]:
        from ausrufer.config.processes import working_in

        folder = self.data / "postgres"
        return working_in(folder) if folder.exists() else []

    def kill_everything(self) -> None:
        for pid in self.everybody():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        if self.supervisor:
            self.supervisor.wait(10)
        until(lambda: not self.everybody(), what="the end of all processes")

    def stop(self) -> int:
        """The supervisor's exit status."""
        if self.supervisor is None:
            return 0
        self.supervisor.send_signal(signal.SIGINT)
        return self.supervisor.wait(30)

    def command(self, *words: str, typed: str = "", within: float = 150) -> subprocess.CompletedProcess[str]:
        """`ausrufer …` as a person at the terminal would, with what she types or a pipe brings."""
        line = [sys.executable, "-m", "ausrufer.config.command_line", *words]
        return subprocess.run(
            line,
            env=self.environment,
            cwd=PROJECT,
            input=typed,
            capture_output=True,
            text=True,
            timeout=within,
            check=False,
        )

    def post(self, text: str, *more: str, topic: str = "roadworks") -> dict[str, Any]:
        """What `ausrufer post --json` says."""
        done = self.command("post", text, "--topic", topic, "--json", *more)
        assert done.stdout, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def timeline(self) -> list[str]:
        """The texts a reader sees on the played Threads, oldest first."""
        state = httpx.get(f"{self.standin}/_sim/state", timeout=10).json()
        return [post["text"] for post in state["posts"]]

    def fault(self, kind: str, **more: Any) -> None:
        httpx.post(f"{self.standin}/_sim/faults", json={"fault": kind, **more}, timeout=10).raise_for_status()

    def python(self, code: str) -> str:
        """What a few lines print that run as a Django process on this system's database."""
        begin = "from ausrufer.config.connect import connect; connect()\n"
        done = subprocess.run(
            [sys.executable, "-c", begin + code],
            env=self.environment,
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def skip_waiting(self) -> bool:
        """Whatever waits for a time is due now, and whatever was begun has long ended, as if that time had come."""
        with psycopg.connect(self.running()["database_url"]) as connection:
            connection.execute("UPDATE channels_channel SET held_until = ausrufer_now() WHERE held_until IS NOT NULL")
            connection.execute("UPDATE channels_channel SET reading_held_until = NULL")
            connection.execute("UPDATE deliveries_delivery SET not_before = NULL WHERE state = 'waiting'")
            connection.execute("UPDATE deliveries_delivery SET look_at = ausrufer_now() WHERE look_at IS NOT NULL")
            connection.execute(
                "UPDATE deliveries_delivery SET acted_at = acted_at - interval '1 minute' WHERE state = 'unclear'"
            )
            connection.execute("SELECT pg_notify('ausrufer_deliveries', '0')")
        return True

    def jump_clock(self, seconds: float) -> None:
        """The clock of the database's machine jumps; the dispatcher notices and evens it out."""
        with psycopg.connect(self.running()["database_url"]) as connection:
            moved = connection.execute(
                "UPDATE kernel_clockshift SET shift = shift + make_interval(secs => %s)", [seconds]
            )
            if not moved.rowcount:
                connection.execute(
                    "INSERT INTO kernel_clockshift (shift) VALUES (make_interval(secs => %s))", [seconds]
                )

    def password(self, username: str) -> str:
        found: str = json.loads((self.data / "demo-logins.json").read_text())[username]
        return found

    def logged_in(self, username: str = "amira") -> httpx.Client:
        """A browser at the desk, after its login."""
        browser = httpx.Client(base_url=self.desk, follow_redirects=True, timeout=20, headers={"Referer": self.desk})
        browser.get("/anmelden")
        form = {"username": username, "password": self.password(username), **token_of(browser)}
        assert browser.post("/anmelden", data=form).url.path == "/"
        return browser

    def board(self, address: str) -> str:
        """The words on a post's board, as Amira reads them."""
        with closing(self.logged_in()) as browser:
            return words_of(browser.get(f"/beitrag/{address}/zustellung").text)

    def log(self, part: str) -> str:
        return (self.data / "logs" / f"{part}.log").read_text()

    def states(self, address: str) -> dict[str, str]:
        """{channel: state} of a post's deliveries; {} while the database is away."""
        sql = """SELECT c.key, d.state FROM deliveries_delivery d
                 JOIN channels_channel c ON c.id = d.channel_id JOIN deliveries_release r ON r.id = d.release_id
                 JOIN posts_post p ON p.id = r.post_id WHERE p.address = %s"""
        try:
            with psycopg.connect(self.running()["database_url"]) as connection:
                return dict(connection.execute(sql, [address]).fetchall())
        except (psycopg.OperationalError, OSError):
            return {}

    def calm(self) -> None:
        """No faults any more."""
        httpx.post(f"{self.standin}/_sim/reset", json={}, timeout=10).raise_for_status()

    def page(self, address: str) -> str:
        answer = httpx.get(address, timeout=10, follow_redirects=True)
        return answer.text if answer.status_code == 200 else ""


def token_of(browser: httpx.Client) -> dict[str, str]:
    return {"csrfmiddlewaretoken": browser.cookies["csrftoken"]}


def words_of(html: str) -> str:
    """What is to be read, in one line."""
    text = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).replace("\u00a0", " ").split())


@contextmanager
def running_system(environment: Mapping[str, str] | None = None) -> Iterator[System]:
    """Started, and ended with everything it left, whatever the story did to it."""
    folder = Path(tempfile.mkdtemp(prefix="ausrufer-journey-"))
    system = System(folder / "data", environment)
    try:
        system.start()
        yield system
    finally:
        try:
            system.stop()
        finally:
            system.kill_everything()
            shutil.rmtree(folder, ignore_errors=True)
