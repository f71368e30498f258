"""The login ended, or the draft went, while somebody was still writing: what was typed stays, and the page says so."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from ausrufer.adapter.testing import FakePlatform
from ausrufer.posts.discard import discard
from ausrufer.posts.models import Post
from tests import town
from tests.desk.conftest import entries

pytestmark = pytest.mark.django_db(transaction=True)
MARKET = "Der Wochenmarkt fällt aus."


@pytest.fixture
def draft(threads: FakePlatform) -> Post:
    return town.written(town.ROADWORKS, by=town.amira())


def compose(post: Post) -> str:
    return f"/beitrag/{post.address}/schreiben"


def stored(post: Post) -> str:
    return Post.objects.get(pk=post.pk).text


def test_the_script_behind_a_page_is_not_sent_to_the_login(draft: Post, client: Client) -> None:
    """It would follow the way, take the login page for its answer, and nobody would know that nothing was saved."""
    answer = client.post(compose(draft), entries(draft, text=MARKET), headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert client.patch(f"/hochladen/{uuid.uuid4()}", headers={"Tus-Resumable": "1.0.0"}).status_code == 401
    assert client.get(compose(draft)).headers["Location"].startswith("/anmelden?next=")


def test_who_logs_in_again_in_another_window_loses_no_word(browse: Callable[..., Page], draft: Post) -> None:
    amira = town.amira()
    amira.set_password("Marktbrunnen-1595")
    amira.save()
    page = browse(amira, compose(draft))
    other = page.context.new_page()
    other.goto("/")
    other.get_by_role("button", name="Abmelden").click()
    page.get_by_label("Text", exact=True).fill(MARKET)
    expect(page.get_by_text("Sie sind nicht mehr angemeldet. Ihr Text steht noch hier")).to_be_visible()
    assert stored(draft) == town.ROADWORKS

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="In einem neuen Fenster anmelden").click()
    login = opened.value
    login.get_by_label("Benutzername").fill("amira")
    login.get_by_label("Passwort").fill("Marktbrunnen-1595")
    login.get_by_role("button", name="Anmelden").click()
    expect(login.get_by_role("button", name="Abmelden")).to_be_visible()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")  # without a screen no window has it
    expect(page.get_by_text("Sie sind nicht mehr angemeldet.")).to_be_hidden()
    expect(page.locator("#saved")).to_contain_text("Entwurf gesichert")
    assert stored(draft) == MARKET
    page.get_by_role("button", name="Jetzt veröffentlichen").click()
    expect(page.get_by_text("Vom Klick bis gesehen")).to_be_visible()


def test_a_draft_that_somebody_discarded_meanwhile_is_called_so(browse: Callable[..., Page], draft: Post) -> None:
    page = browse(town.amira(), compose(draft))
    discard(draft, by=town.amira())
    page.get_by_label("Text", exact=True).fill(MARKET)
    expect(page.get_by_text("Diesen Entwurf hat inzwischen jemand verworfen.")).to_be_visible()
    expect(page.get_by_label("Text", exact=True)).to_have_value(MARKET)


def test_a_board_that_is_left_open_says_that_it_shows_the_last_state(browse: Callable[..., Page], draft: Post) -> None:
    page = browse(town.amira(), compose(draft))
    page.get_by_role("button", name="Jetzt veröffentlichen").click()
    expect(page.get_by_text("0 von 2", exact=True)).to_be_visible()
    page.context.clear_cookies()
    expect(page.get_by_text("Sie sind nicht mehr angemeldet. Die Seite zeigt den letzten")).to_be_visible()
    page.get_by_role("link", name="Anmelden").click()
    expect(page.get_by_label("Passwort")).to_be_visible()
