"""The least that things can take on this machine, measured in the same run."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from bench.figures import median
from tests.system import System

ROUNDS = 30


def written_file(folder: Path) -> float:
    """One file of a page's size: write, fsync, rename. Seconds."""

    def write() -> None:
        fresh = folder / ".floor.new"
        with fresh.open("wb") as out:
            out.write(b"x" * 20_000)
            out.flush()
            os.fsync(out.fileno())
        fresh.rename(folder / ".floor")

    return rounds(write)


def request(address: str) -> float:
    """A GET over a kept connection. Seconds."""
    with httpx.Client() as client:
        return rounds(lambda: client.get(address))


def two_calls(system: System) -> float:
    """A publishing call and a reading one to the stand-in, with nothing around them. Seconds."""
    numbers = itertools.count()
    with httpx.Client(base_url=system.standin) as client:

        def call() -> None:
            form = {
                "access_token": "demo-token",
                "media_type": "TEXT",
                "text": f"Floor {next(numbers)}",
                "auto_publish_text": "true",
            }
            made = client.post("/v1.0/me/threads", data=form).json()["id"]
            client.get(f"/v1.0/{made}", params={"access_token": "demo-token", "fields": "id,permalink"})

        return rounds(call, times=20)


def rounds(act: Callable[[], object], *, times: int = ROUNDS) -> float:
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        spent.append(time.perf_counter() - began)
    return median(spent)
