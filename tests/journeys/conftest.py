"""One running system for all journeys; each leaves it well."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.system import System, running_system, until


@pytest.fixture(scope="session")
def house() -> Iterator[System]:
    with running_system() as system:
        yield system


@pytest.fixture
def city(house: System) -> Iterator[System]:
    """The running city, with a quiet Threads, and well again when the story ends."""
    httpx.post(f"{house.standin}/_sim/reset", json={}).raise_for_status()
    yield house
    httpx.post(f"{house.standin}/_sim/reset", json={}).raise_for_status()
    until(house.is_well, within=90, what="a healthy system after the story")
