"""What a correction will say on every channel is seen before it goes; nothing is cut unseen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect

from ausrufer.adapter.capabilities import Capabilities
from ausrufer.adapter.testing import FakePlatform
from ausrufer.deliveries.models import Change
from ausrufer.deliveries.publish import publish
from ausrufer.people.models import User
from ausrufer.posts.models import Post
from tests import town
from tests.deliveries.conftest import work
from tests.desk.conftest import named
from tests.desk.test_in_a_browser import RULES
from tests.system import words_of

Browse = Callable[..., Page]
Desk = Callable[[User], Client]
RIGHT = town.ROADWORKS.replace("7 Uhr", "9 Uhr")
UNSEEN = "Nicht überall hat der ganze Text Platz. Bitte die Vorschau ansehen und noch einmal bestätigen."


@pytest.fixture
def narrow(website: FakePlatform) -> Iterator[FakePlatform]:
    """Answers what it cannot edit, and has room for 220 characters."""
    facts = Capabilities(max_text=220, can_reply=True, can_withdraw=True, can_find=True)
    yield from named(FakePlatform("narrow-fake", facts=facts), "Narrow", 20)


@pytest.fixture
def post(narrow: FakePlatform) -> Post:
    written = town.written(town.ROADWORKS, by=town.amira())
    publish(written, by=town.amira(), revision=written.revision)
    work()
    return written


def at(post: Post) -> str:
    return f"/beitrag/{post.address}/berichtigen"


def typed(client: Client, post: Post, text: str) -> str:
    """What the page is sent while somebody types."""
    answer = client.post(at(post), {"text": text, "reason": ""}, headers={"HX-Request": "true"})
    return answer.content.decode()


def test_before_anything_is_changed_the_page_says_what_will_stand_there(post: Post, at_desk: Desk) -> None:
    page = words_of(at_desk(town.amira()).get(at(post)).content.decode())
    assert "Sobald der Text ein anderer ist, steht hier, was auf jedem Kanal erscheint." in page


def test_whoever_types_sees_what_each_channel_will_say(post: Post, at_desk: Desk) -> None:
    pieces = words_of(typed(at_desk(town.amira()), post, RIGHT))
    assert "Berichtigung: " in pieces.split("Narrow", 2)[2]
    assert RIGHT in pieces
    assert not Change.objects.exists()


def test_a_correction_that_is_cut_goes_only_when_it_was_seen(post: Post, at_desk: Desk, narrow: FakePlatform) -> None:
    client, long = at_desk(town.amira()), f"{RIGHT} {'Die Umleitung führt über die Südallee. ' * 6}".strip()
    answer = client.post(at(post), {"text": long, "reason": "", "seen": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert UNSEEN in words_of(page)
    assert "Narrow Antwort unter dem Beitrag: „Berichtigung: …“ gekürzt mit Link, " in words_of(page)
    assert len(narrow.timeline) == 1

    [seen] = re.findall(r'name="seen" value="(\w+)"', page)
    another = long.replace("9 Uhr", "10 Uhr")
    assert client.post(at(post), {"text": another, "reason": "", "seen": seen}).status_code == 422
    assert client.post(at(post), {"text": long, "reason": "", "seen": seen}).status_code == 302
    work()
    assert narrow.timeline[-1].startswith("Berichtigung: ")
    assert len(narrow.timeline[-1]) <= 220


def test_what_is_cut_nowhere_needs_no_second_look(post: Post, at_desk: Desk, narrow: FakePlatform) -> None:
    short = "Die Saarstraße ist wieder frei."
    assert at_desk(town.amira()).post(at(post), {"text": short, "reason": "", "seen": ""}).status_code == 302
    work()
    assert narrow.timeline[-1] == f"Berichtigung: {short}"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [390, 1280])
def test_in_a_browser_the_preview_follows_the_typing_and_one_click_is_enough(
    browse: Browse, narrow: FakePlatform, width: int
) -> None:
    written = town.written(town.ROADWORKS, by=town.amira())
    publish(written, by=town.amira(), revision=written.revision)
    work()
    page = browse(town.amira(), at(written), width=width)
    page.get_by_label("Der richtige Text").fill(f"{RIGHT} {'Die Umleitung führt über die Südallee. ' * 6}".strip())
    if width == 390:
        page.get_by_role("tab", name="Narrow").click()
    expect(page.locator("#preview-narrow-fake")).to_contain_text("gekürzt mit Link")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert Axe().run(page, options=RULES).response["violations"] == []
    page.get_by_role("button", name="Jetzt berichtigen").click()
    expect(page.get_by_text("Die Berichtigung geht hinaus.")).to_be_visible()
