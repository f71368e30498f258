"""Agreeing at a platform in a browser, which obeys our own security policy: there, and back again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ausrufer.adapter import registry
from ausrufer.adapter.http import Http
from ausrufer.adapter.supplies import Supplies
from ausrufer.adapter.testing import FakePlatform
from ausrufer.channels.models import Channel
from tests import town
from tests.sandbox.playing import playing_threads

Browse = Callable[..., Page]


@pytest.fixture
def threads_to_agree_at(website: FakePlatform, tmp_path: Path) -> Iterator[Channel]:
    """The real platform, whose stand-in agrees as soon as somebody arrives."""
    before = registry.platform("threads", {}, {}, {}).supplies
    with playing_threads(tmp_path) as standin:
        registry.equip(Supplies(http=Http(allowed_origins=[standin.origin])))
        channel = town.channel("threads", position=40)
        channel.settings = {"api": standin.origin}
        channel.save()
        yield channel
    registry.equip(before)


@pytest.mark.parametrize("script", [True, False])
def test_agreeing_leads_to_the_platform_and_back(browse: Browse, threads_to_agree_at: Channel, script: bool) -> None:
    page = browse(town.amira(), "/kanaele/threads/verbinden", script=script)
    page.get_by_label("Threads-App-ID").fill("4711")
    page.get_by_label("Threads-App-Geheimnis").fill("geheim")
    page.get_by_role("button", name="bei Threads zustimmen").click()
    expect(page.get_by_text("Threads ist verbunden: stadt_trier.")).to_be_visible()
    threads_to_agree_at.refresh_from_db()
    assert threads_to_agree_at.secrets["access_token"].startswith("THL")
