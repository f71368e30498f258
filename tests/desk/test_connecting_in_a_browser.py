"""Channels in a browser, which obeys our own security policy: to the platform and back, and the page itself."""

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


def test_twelve_channels_fit_on_one_and_a_half_screens(browse: Browse, website: FakePlatform) -> None:
    for number in range(11):
        town.channel("mastodon", key=f"mastodon-{number}", position=20 + number)
    page = browse(town.amira(), "/beitraege")
    edge = left_edge(page)
    page.goto("/kanaele")
    assert left_edge(page) == edge
    assert page.evaluate("document.documentElement.scrollHeight") < 1400
    ways = page.locator(".channel-ways").last.locator("a, button, summary").all()
    middles = {
        round(box["y"] + box["height"] / 2) for each in ways if each.is_visible() and (box := each.bounding_box())
    }
    assert len(middles) == 1  # one line


def left_edge(page: Page) -> float:
    """Of the heading."""
    box = page.locator("h1").bounding_box()
    assert box
    return box["x"]


def test_a_hint_keeps_its_distance_from_the_field_below(browse: Browse, website: FakePlatform) -> None:
    town.channel("mastodon", position=20)
    page = browse(town.amira(), "/kanaele/mastodon/verbinden")
    hint, field = page.locator("#help-instance").bounding_box(), page.locator("#instance").bounding_box()
    assert hint and field
    assert field["y"] - hint["y"] - hint["height"] >= 6
