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

    def fault(self, kind: str, **more: Any) -> None:
        httpx.post(f"{self.origin}/_sim/faults", json={"fault": kind, **more}).raise_for_status()

    def calm(self, **more: Any) -> None:
        httpx.post(f"{self.origin}/_sim/reset", json=more).raise_for_status()

    def posts(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = httpx.get(f"{self.origin}/_sim/state").json()["posts"]
        return found

    def timeline(self) -> list[str]:
        """Texts a reader sees, oldest first."""
        return [post["text"] for post in self.posts()]

    def pass_time(self, seconds: float) -> None:
        httpx.post(f"{self.origin}/_sim/clock", json={"seconds": seconds}).raise_for_status()

    def call(self, method: str, path: str, *, token: str = TOKEN, **params: str) -> httpx.Response:
        """As a client of the real API would."""
        return httpx.request(method, f"{self.origin}/v1.0{path}", params={"access_token": token, **params}, timeout=10)


@contextmanager
def playing_threads(folder: Path, *arguments: str) -> Iterator[StandIn]:
    port = free_ports()
    command = [sys.executable, "-m", "sandbox.threads", "--port", str(port), *(arguments or ("--delay", "none"))]
    with (folder / "standin.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=PROJECT, stdout=log, stderr=log)
    try:
        standin = StandIn(f"http://127.0.0.1:{port}")
        until(lambda: answers(standin.origin), what="the stand-in")
        yield standin
    finally:
        process.terminate()
        process.wait(10)


def answers(origin: str) -> bool:
    try:
        return httpx.get(f"{origin}/_sim/state").status_code == 200
    except httpx.HTTPError:
        return False
