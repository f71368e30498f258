"""The whole of Bluesky from npm: account server and what readers read; PostgreSQL is the one of the test run."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg

from tests.database import SERVER
from tests.peers.bluesky_pds import PASSWORD
from tests.peers.npm import installed, node
from tests.peers.processes import running
from tests.peers.redis import redis

PROGRAM = Path(__file__).with_name("bluesky_network.mjs")
PACKAGE = "@atproto/dev-env@0.6.7"
READY_WITHIN = 120.0  # seconds


@dataclass(frozen=True)
class Network:
    pds: str
    appview: str
    handle: str = "stadt.test"
    password: str = PASSWORD

    def read(self, name: str, **params: Any) -> dict[str, Any]:
        """As any reader, without a login."""
        answer = httpx.get(f"{self.appview}/xrpc/{name}", params=params, trust_env=False)
        found: dict[str, Any] = answer.raise_for_status().json()
        return found

    def as_dora(self, method: str, name: str, **request: Any) -> dict[str, Any]:
        login = {"identifier": "dora.test", "password": PASSWORD}
        address = f"{self.pds}/xrpc/"
        session = httpx.post(f"{address}com.atproto.server.createSession", json=login, trust_env=False).json()
        headers = {"Authorization": f"Bearer {session['accessJwt']}"}
        answer = httpx.request(method, address + name, headers=headers, trust_env=False, **request)
        found: dict[str, Any] = answer.raise_for_status().json()
        return found


@contextmanager
def bluesky_network(folder: Path) -> Iterator[Network]:
    """With two accounts, stadt.test and dora.test."""
    cache = installed("bluesky-network", PACKAGE)
    shutil.copy(PROGRAM, cache)  # Node looks for packages beside the program
    accounts = [f"{name}:{PASSWORD}" for name in ("stadt", "dora")]
    with redis(folder) as redis_host, database("bluesky") as url:
        environment = {"DB_POSTGRES_URL": url, "REDIS_HOST": redis_host}
        command: list[str | Path] = ["env", *(f"{name}={value}" for name, value in environment.items())]
        with running([*command, node(cache), cache / PROGRAM.name, *accounts], folder, "network.log") as process:
            ends = time.monotonic() + READY_WITHIN
            while time.monotonic() < ends and process.poll() is None:
                lines = (folder / "network.log").read_text(errors="replace").splitlines()
                if ready := next((line for line in lines if line.startswith('{"ready":true')), ""):
                    told = json.loads(ready)
                    yield Network(told["pds"], told["appview"])
                    return
                time.sleep(0.1)
            raise RuntimeError("the network does not start:\n" + (folder / "network.log").read_text()[-2000:])


@contextmanager
def database(name: str) -> Iterator[str]:
    def tell(command: str) -> None:
        with psycopg.connect(SERVER.url, dbname="postgres", autocommit=True) as connection:
            connection.execute(command.encode())

    tell(f"CREATE DATABASE {name}")
    try:
        yield SERVER.url.replace("@/ausrufer?", f"@/{name}?")
    finally:
        tell(f"DROP DATABASE {name} WITH (FORCE)")
