"""A running city for benches: the stand-in answers at once, and posts go in by the API as from another program."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg

from tests.system import System, running_system, until

TICKS = os.sysconf("SC_CLK_TCK")
TEXT = (
    "Die Saarstraße ist ab Montag, 30. November, 7 Uhr, zwischen Südallee und Töpferstraße voll gesperrt. Messung {}."
)


class City:
    def __init__(self, system: System) -> None:
        self.system = system
        code = (
            "from ausrufer.desk.tokens import token_for; from ausrufer.people.models import User;"
            "print(token_for(User.objects.get(username='amira')))"
        )
        headers = {"Authorization": f"Bearer {system.python(code)}"}
        self.api = httpx.Client(base_url=system.desk, headers=headers, timeout=30)
        self.numbers = itertools.count(1)

    def click(self, *, topic: str = "roadworks", channels: list[str] | None = None, **more: str) -> dict[str, Any]:
        """Write and release one post; what the API answers."""
        entries: dict[str, Any] = {"text": TEXT.format(next(self.numbers)), "topic": topic, **more}
        if channels is not None:
            entries["channels"] = channels
        answer = self.api.post("/api/posts", json=entries)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def settled(self, address: str) -> dict[str, Any]:
        """The account of the post once every delivery is online."""
        return until(lambda: self.online(address), within=60, every=0.05, what=f"{address} online")

    def online(self, address: str) -> dict[str, Any]:
        found: dict[str, Any] = self.api.get(f"/api/posts/{address}").json()
        return found if all(each["state"] == "online" for each in found["deliveries"]) else {}

    def quiet(self) -> None:
        """No faults, and a quota that no bench uses up."""
        httpx.post(f"{self.system.standin}/_sim/reset", json={}).raise_for_status()
        httpx.post(f"{self.system.standin}/_sim/limits", json={"posts": 100_000}).raise_for_status()

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.system.running()["database_url"]) as connection:
            return connection.execute(sql, values).fetchall()

    def cpu(self, part: str) -> float:
        """Seconds of CPU a part has used."""
        return cpu_of(self.system.pid(part))


def cpu_of(pid: int, *, with_ended: bool = False) -> float:
    """Seconds; with those of its ended children on demand. 0 when it is no more itself."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11 : 15 if with_ended else 13])) / TICKS


@contextmanager
def bench_city(environment: Mapping[str, str] | None = None) -> Iterator[City]:
    with running_system(environment) as system:
        city = City(system)
        city.quiet()
        for _ in range(3):  # nobody measures a cold start
            city.settled(city.click()["address"])
        yield city
        city.api.close()


def wait(seconds: float) -> None:
    time.sleep(seconds)
