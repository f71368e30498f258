"""A Redis from Debian, unpacked below .cache/; nothing is installed. The reading part of Bluesky needs one."""

from __future__ import annotations

import fcntl
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.peers.processes import ROOT
from tests.peers.snac import KEYRING, debian_mirror
from tests.platforms.rigs import free_port

CACHE = ROOT / ".cache" / "redis"
LIBRARIES = ("libhiredis0.14", "libjemalloc2", "liblua5.1-0", "liblzf1", "lua-bitop", "lua-cjson")
PACKAGES = ("redis-server", "redis-tools", *LIBRARIES)


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """Its host and port; what it stores is lost."""
    port, libraries = free_port(), CACHE / "unpacked" / "usr" / "lib" / "x86_64-linux-gnu"
    command = [str(program()), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with (
        (folder / "redis.log").open("wb") as log,
        subprocess.Popen(
            command, env=os.environ | {"LD_LIBRARY_PATH": str(libraries)}, stdout=log, stderr=log
        ) as process,
    ):
        try:
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()


def program() -> Path:
    """Fetched on the first call."""
    found = CACHE / "unpacked" / "usr" / "bin" / "redis-server"
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not found.exists():
            fetch()
    return found


def fetch() -> None:
    for part in ("state/lists/partial", "cache/archives/partial"):
        (CACHE / part).mkdir(parents=True, exist_ok=True)
    (CACHE / "sources.list").write_text(f"deb [signed-by={KEYRING}] {debian_mirror()} bookworm main\n")
    options = {
        "Dir::Etc::sourcelist": CACHE / "sources.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State": CACHE / "state",
        "Dir::State::status": "/var/lib/dpkg/status",
        "Dir::Cache": CACHE / "cache",
        "APT::Sandbox::User": "root",
    }
    apt = ["apt-get", "-qq", *(f"-o{name}={value}" for name, value in options.items())]
    subprocess.run([*apt, "update"], check=True)
    subprocess.run([*apt, "download", *PACKAGES], check=True, cwd=CACHE)
    for package in CACHE.glob("*.deb"):
        subprocess.run(["dpkg", "-x", package, CACHE / "unpacked"], check=True)
