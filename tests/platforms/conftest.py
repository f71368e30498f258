"""Runs a test once for every platform the registry finds, each with its rig."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from ausrufer.adapter.contract import Platform
from tests.platforms.known import PLATFORMS, SENDING
from tests.platforms.rigs import Rig


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every platform; with a rig those that go out by themselves. A story with a mark of its own chose already."""
    chosen = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    if "platform_class" in metafunc.fixturenames and "platform_class" not in chosen:
        platforms = SENDING if "rig" in metafunc.fixturenames else PLATFORMS
        metafunc.parametrize("platform_class", platforms, ids=[platform.key for platform in platforms])


@pytest.fixture(scope="session")
def rigs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Rig]]:
    """Started once each, when the first story asks."""
    with ExitStack() as stack:

        class Rigs(dict[str, Rig]):
            def __missing__(self, key: str) -> Rig:
                start = importlib.import_module(f"tests.platforms.rigs.{key}").start
                self[key] = stack.enter_context(start(tmp_path_factory.mktemp(key)))
                return self[key]

        yield Rigs()


@pytest.fixture
def rig(platform_class: type[Platform], rigs: dict[str, Rig]) -> Rig:
    found = rigs[platform_class.key]
    found.fresh()
    return found
