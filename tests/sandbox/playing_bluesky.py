"""The Bluesky stand-in as a real process."""

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

HANDLE, PASSWORD = "stadt-trier.test", "demo-demo-demo-demo"
DORA, DORAS_PASSWORD = "dora.test", "dora-dora-dora-dora"


@dataclass(frozen=True)
class StandIn:
    origin: str

    def fault(self, kind: str, **more: Any) -> None:
        self.told("faults", fault=kind, **more)

    def calm(self, **more: Any) -> None:
        """No faults any more; with `posts=True` nothing that was posted either."""
        self.told("reset", **more)

    def set(self, **limits: Any) -> None:
        """Changes what `sandbox.bluesky.accounts.Limits` lists, until `calm`."""
        self.told("limits", **limits)

    def told(self, what: str, **more: Any) -> None:
        httpx.post(f"{self.origin}/_sim/{what}", json=more, trust_env=False).raise_for_status()

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = httpx.get(f"{self.origin}/_sim/state", trust_env=False).json()
        return found

    def posts(self, handle: str = HANDLE) -> list[dict[str, Any]]:
        return [post for post in self.state()["posts"] if post["handle"] == handle]

    def timeline(self) -> list[str]:
        """Texts a reader sees, oldest first."""
        return [post["text"] for post in self.posts()]

    def page(self, path: str = f"/profile/{HANDLE}") -> str:
        return httpx.get(f"{self.origin}{path}", trust_env=False).text

    def call(self, method: str, name: str, *, token: str = "", **request: Any) -> httpx.Response:
        """As any client of the real one would."""
        headers = {"Authorization": f"Bearer {token}"} | request.pop("headers", {}) if token else {}
        address = f"{self.origin}/xrpc/{name}"
        return httpx.request(method, address, headers=headers, timeout=10, trust_env=False, **request)

    def log_in(self, handle: str = HANDLE, password: str = PASSWORD) -> dict[str, Any]:
        credentials = {"identifier": handle, "password": password}
        found: dict[str, Any] = (
            self.call("POST", "com.atproto.server.createSession", json=credentials).raise_for_status().json()
        )
        return found


@contextmanager
def playing_bluesky(folder: Path, *arguments: str) -> Iterator[StandIn]:
    port = free_ports()
    command = [sys.executable, "-m", "sandbox.bluesky", "--port", str(port), *arguments]
    with (folder / "standin.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=PROJECT, stdout=log, stderr=log)
    try:
        standin = StandIn(f"http://127.0.0.1:{port}")
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
