"""The package mastodon-mock: a server with Mastodon's interface, in an environment of its own below .cache/.

`python -m tests.peers.mastodon_mock` makes the environment beforehand, which the first test does otherwise.
"""

from __future__ import annotations

import fcntl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.peers.processes import ROOT, running, wait_until_it_answers
from tests.platforms.rigs import free_port

ENVIRONMENT = ROOT / ".cache" / "mastodon-mock"
REQUIREMENTS = ROOT / "requirements" / "peers.txt"


@dataclass(frozen=True)
class MastodonMock:
    origin: str
    token: str = "mock_token"

    def timeline(self) -> list[str]:
        """The HTML of the account's posts as everybody gets it, oldest first."""
        account = self._get("/api/v1/accounts/verify_credentials")["id"]
        posts = httpx.get(f"{self.origin}/api/v1/accounts/{account}/statuses?limit=40", trust_env=False).json()
        return [post["content"] for post in reversed(posts)]

    def reset(self) -> None:
        httpx.post(f"{self.origin}/api/v1/_mock/reset", headers=self.headers, trust_env=False).raise_for_status()

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def _get(self, path: str) -> Any:
        return httpx.get(self.origin + path, headers=self.headers, trust_env=False).raise_for_status().json()


@contextmanager
def mastodon_mock(folder: Path) -> Iterator[MastodonMock]:
    port = free_port()
    command: list[str | Path] = [program(), "serve", "--host", "127.0.0.1", "--port", str(port), "--in-memory"]
    command += ["--log-level", "warning", "--domain", f"127.0.0.1:{port}"]
    with running(command, folder, "mastodon-mock.log") as process:
        origin = f"http://127.0.0.1:{port}"
        wait_until_it_answers(f"{origin}/api/v1/instance", process, folder / "mastodon-mock.log")
        yield MastodonMock(origin)


def program() -> Path:
    """Made once; a lock keeps two test runs from making it at the same time."""
    found = ENVIRONMENT / "bin" / "mastodon_mock"
    ENVIRONMENT.parent.mkdir(exist_ok=True)
    with (ENVIRONMENT.parent / "mastodon-mock.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not found.exists():
            subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], check=True)
            pip: list[str | Path] = [ENVIRONMENT / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check"]
            subprocess.run([*pip, "--require-hashes", "--only-binary", ":all:", "-r", REQUIREMENTS], check=True)
    return found


if __name__ == "__main__":
    program()
