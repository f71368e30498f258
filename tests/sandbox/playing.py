"""The Threads stand-in as a real process, for whoever needs a Threads to talk to."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.system import PROJECT, free_ports, until

TOKEN = "demo-token"


@dataclass(frozen=True)
class StandIn:
    origin: str
    pid: int = 0

    def fault(self, kind: str, **more: Any) -> None:
        self.told("faults", fault=kind, **more)

    def calm(self, **more: Any) -> None:
        """No faults any more; with `posts=True` nothing that was posted either."""
        self.told("reset", **more)

    def pass_time(self, seconds: float) -> None:
        self.told("clock", seconds=seconds)

    def told(self, what: str, **more: Any) -> None:
        httpx.post(f"{self.origin}/_sim/{what}", json=more, trust_env=False).raise_for_status()

    def state(self, **params: str) -> dict[str, Any]:
        found: dict[str, Any] = httpx.get(f"{self.origin}/_sim/state", params=params, trust_env=False).json()
        return found

    def posts(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.state()["posts"]
        return found

    def timeline(self, account: str = "") -> list[str]:
        """Texts a reader sees, oldest first; of everybody unless one account is named."""
        return [post["text"] for post in self.posts() if account in ("", post["username"])]

    def set(self, **limits: Any) -> None:
        """Changes what `sandbox.threads.accounts.Limits` lists, until `calm`."""
        self.told("limits", **limits)

    def page(self, path: str = "/@stadt_trier") -> str:
        return httpx.get(f"{self.origin}{path}", trust_env=False).text

    def call(self, method: str, path: str, *, token: str = TOKEN, **params: str) -> httpx.Response:
        """As a client of the real API would."""
        asked = {"access_token": token, **params}
        return httpx.request(method, f"{self.origin}/v1.0{path}", params=asked, timeout=10, trust_env=False)

    def post(self, text: str, **more: str) -> httpx.Response:
        """Published at once."""
        return self.call("POST", "/me/threads", media_type="TEXT", auto_publish_text="true", text=text, **more)


@contextmanager
def playing_threads(folder: Path, *arguments: str) -> Iterator[StandIn]:
    """Without delays, unless the arguments say something else."""
    port = free_ports()
    command = [sys.executable, "-m", "sandbox.threads", "--port", str(port), *(arguments or ("--delay", "none"))]
    with (folder / "standin.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=PROJECT, stdout=log, stderr=log)
    try:
        standin = StandIn(f"http://127.0.0.1:{port}", process.pid)
        until(lambda: answers(standin), what="the stand-in")
        yield standin
    finally:
        process.terminate()
        process.wait(10)


def answers(standin: StandIn) -> bool:
    try:
        return bool(standin.state())
    except httpx.HTTPError:
        return False
