"""From the button to the board: Amira publishes, Bernd asks, and nobody sends what was not seen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from ausrufer.adapter.testing import FakePlatform
from ausrufer.deliveries.models import Release
from ausrufer.people.models import User
from ausrufer.posts.models import Post
from tests import town
from tests.deliveries.conftest import work
from tests.desk.conftest import entries, picture

Desk = Callable[[User], Client]


@pytest.fixture
def draft(threads: FakePlatform) -> Post:
    return town.written(town.ROADWORKS, by=town.amira())


def press(client: Client, post: Post, button: str = "veroeffentlichen", **changes: object) -> str:
    address = f"/beitrag/{post.address}/{button}"
    return client.post(address, entries(post, **changes), follow=True).content.decode()


def test_one_click_and_it_is_online_everywhere(draft: Post, at_desk: Desk, threads: FakePlatform) -> None:
    page = press(at_desk(town.amira()), draft)
    assert "0 von 2" in page
    work()
    assert threads.timeline == [town.ROADWORKS]
    assert "2 von 2" in at_desk(town.amira()).get(f"/beitrag/{draft.address}/zustellung").content.decode()


def test_what_the_preview_did_not_show_is_shown_first(draft: Post, at_desk: Desk) -> None:
    amira = at_desk(town.amira())
    page = press(amira, draft, text="Schnell noch geändert.")
    assert "Die Vorschau zeigt jetzt Ihren letzten Stand." in page
    assert not Release.objects.exists()
    press(amira, draft)
    assert Release.objects.get().post.text == "Schnell noch geändert."


def test_a_picture_without_description_is_not_released(draft: Post, at_desk: Desk) -> None:
    amira = at_desk(town.amira())
    amira.post(f"/beitrag/{draft.address}/bilder", {**entries(draft), "pictures": [picture()]})
    page = press(amira, draft)
    assert "Bild 1 braucht eine Beschreibung oder das Zeichen „schmückend“." in page
    assert not Release.objects.exists()


def test_two_clicks_release_once(draft: Post, at_desk: Desk) -> None:
    amira = at_desk(town.amira())
    press(amira, draft)
    assert "Freigegeben um" in press(amira, draft)
    assert Release.objects.count() == 1


def test_bernd_asks_and_amira_reads_and_releases(threads: FakePlatform, at_desk: Desk) -> None:
    post = town.written("Kanalarbeiten in der Paulinstraße ab Mittwoch.", by=town.bernd())
    bernd, amira = at_desk(town.bernd()), at_desk(town.amira())
    assert "Wartet auf Sie" not in amira.get("/").content.decode()  # not while he is still writing
    press(bernd, post, "zustimmung")
    home = amira.get("/").content.decode()
    assert "Ein Beitrag wartet auf Sie." in home
    assert "Lesen und zustimmen" in home
    assert "Zustimmen und veröffentlichen" in amira.get(f"/beitrag/{post.address}/schreiben").content.decode()
    press(amira, post)
    assert Release.objects.get().post == post


def test_bernd_cannot_release_by_knowing_the_address(threads: FakePlatform, at_desk: Desk) -> None:
    post = town.written("Kanalarbeiten.", by=town.bernd())
    page = press(at_desk(town.bernd()), post)
    assert "nur die Pressestelle" in page
    assert not Release.objects.exists()


def test_bernd_is_told_what_is_missing_before_anybody_is_asked(threads: FakePlatform, at_desk: Desk) -> None:
    post = town.written("", by=town.bernd())
    assert "Der Text fehlt." in press(at_desk(town.bernd()), post, "zustimmung")
    post.refresh_from_db()
    assert post.asked_at is None
