"""Starts one of the small stand-ins, steers it, and ends it by its process id."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.platforms.rigs import free_port


class Small:
    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.client = httpx.Client(base_url=origin, trust_env=False)

    def fault(self, kind: str, **facts: Any) -> None:
        self.client.post("/_sim/faults", json={"kind": kind, **facts}).raise_for_status()

    def calm(self) -> None:
        self.client.post("/_sim/reset").raise_for_status()

    def posts(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.client.get("/_sim/state").json()["posts"]
        return found

    def timeline(self) -> list[str]:
        return [each["text"] for each in self.posts()]


@contextmanager
def playing(name: str, folder: Path) -> Iterator[Small]:
    port = free_port()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", f"sandbox.{name}", "--port", str(port)], stderr=log)
    standin = Small(f"http://127.0.0.1:{port}")
    try:
        for _ in range(200):
            try:
                standin.calm()
                break
            except httpx.ConnectError:
                time.sleep(0.05)
        yield standin
    finally:
        standin.client.close()
        process.terminate()
        process.wait(10)
