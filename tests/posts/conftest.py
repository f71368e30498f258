"""A press office with the own pages as its only channel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ausrufer.adapter.capabilities import Capabilities
from ausrufer.adapter.testing import FakePlatform
from tests import town


@pytest.fixture(autouse=True)
def media_folder(tmp_path: Path, settings: object) -> Path:
    settings.MEDIA_FOLDER = tmp_path / "media"  # type: ignore[attr-defined]
    return tmp_path / "media"


@pytest.fixture(autouse=True)
def own(db: None) -> Iterator[FakePlatform]:
    platform = FakePlatform("own", facts=Capabilities(is_own=True, max_pictures=20)).register()
    town.channel("own", position=0)
    yield platform
    platform.unregister()
