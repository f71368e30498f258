"""Bluesky's own account server from npm."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.peers.npm import installed, node
from tests.peers.processes import running
from tests.platforms.rigs import free_port

PROGRAM = Path(__file__).with_name("bluesky_pds.mjs")
PACKAGES = ("@atproto/pds@0.5.35", "@did-plc/server@0.0.1")
PASSWORD = "ein-langes-passwort"
READY_WITHIN = 90.0  # seconds; it makes keys and databases first


@dataclass(frozen=True)
class Pds:
    origin: str
    handle: str = "stadt.test"
    password: str = PASSWORD

    def posts(self) -> list[dict[str, Any]]:
        """Asked without a login, oldest first."""
        params = {"repo": self.handle, "collection": "app.bsky.feed.post", "limit": "100", "reverse": "true"}
        answer = httpx.get(f"{self.origin}/xrpc/com.atproto.repo.listRecords", params=params, trust_env=False)
        return [record["value"] for record in answer.raise_for_status().json()["records"]]

    def blob(self, cid: str) -> bytes:
        """As every reader gets it."""
        did = httpx.get(
            f"{self.origin}/xrpc/com.atproto.identity.resolveHandle", params={"handle": self.handle}, trust_env=False
        ).json()["did"]
        params = {"did": did, "cid": cid}
        return httpx.get(f"{self.origin}/xrpc/com.atproto.sync.getBlob", params=params, trust_env=False).content


@contextmanager
def bluesky_pds(folder: Path) -> Iterator[Pds]:
    """With two accounts, stadt.test and dora.test."""
    cache, port, directory = installed("bluesky-pds", *PACKAGES), free_port(), free_port()
    shutil.copy(PROGRAM, cache)  # Node looks for packages beside the program
    accounts = [f"{name}:{PASSWORD}" for name in ("stadt", "dora")]
    command: list[str | Path] = [node(cache), cache / PROGRAM.name, str(port), str(directory), folder / "data"]
    with running([*command, *accounts], folder, "pds.log") as process:
        wait_until_ready(process, folder / "pds.log")
        yield Pds(f"http://localhost:{port}")


def wait_until_ready(process: subprocess.Popen[bytes], log: Path) -> None:
    ends = time.monotonic() + READY_WITHIN
    while time.monotonic() < ends and process.poll() is None:
        if '{"ready":true}' in log.read_text(errors="replace"):
            return
        time.sleep(0.1)
    raise RuntimeError(f"the account server does not start:\n{log.read_text(errors='replace')[-2000:]}")
