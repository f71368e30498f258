"""A push service nobody here wrote, from npm: it checks our signature and decrypts what was sent to its browsers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.peers.npm import installed, node
from tests.peers.processes import running, wait_until_it_answers
from tests.platforms.rigs import free_port

PROGRAM = Path(__file__).with_name("web_push.cjs")
PACKAGE = "web-push-testing@1.2.2"


@dataclass(frozen=True)
class PushPeer:
    port: int

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    def subscribe(self, public_key: str) -> dict[str, Any]:
        """A browser of its own: endpoint, keys and clientHash."""
        return self._data("/subscribe", {"userVisibleOnly": "true", "applicationServerKey": public_key})

    def messages(self, subscription: dict[str, Any]) -> list[str]:
        """What the browser could read, oldest first."""
        found: list[str] = self._data("/get-notifications", {"clientHash": subscription["clientHash"]})["messages"]
        return found

    def expire(self, subscription: dict[str, Any]) -> None:
        address = f"{self.origin}/expire-subscription/{subscription['clientHash']}"
        httpx.post(address, trust_env=False).raise_for_status()

    def _data(self, path: str, said: dict[str, str]) -> dict[str, Any]:
        found: dict[str, Any] = httpx.post(f"{self.origin}{path}", json=said, trust_env=False).json()["data"]
        return found


@contextmanager
def web_push(folder: Path) -> Iterator[PushPeer]:
    cache, port = installed("web-push", PACKAGE), free_port()
    shutil.copy(PROGRAM, cache)  # Node looks for packages beside the program
    with running([node(cache), cache / PROGRAM.name, str(port)], folder, "web-push.log") as process:
        wait_until_it_answers(f"http://127.0.0.1:{port}/", process, folder / "web-push.log")
        yield PushPeer(port)
