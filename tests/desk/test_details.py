"""Small things that a person sees at a second glance."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils.translation import override
from playwright.sync_api import Page, expect

from ausrufer.adapter.testing import FakePlatform
from ausrufer.channels.models import Channel
from ausrufer.deliveries.board import board
from ausrufer.deliveries.decide import confirm_online
from ausrufer.deliveries.models import Delivery, Release
from ausrufer.deliveries.publish import publish
from ausrufer.desk.board import last_event
from ausrufer.desk.timeline import scale_of, tick_words
from ausrufer.kernel.database_clock import database_now
from ausrufer.posts.asking import ask_for_approval
from ausrufer.posts.models import Post
from tests import town
from tests.deliveries.conftest import work

Browse = Callable[..., Page]
NAMES = ("Threads", "Bluesky", "Telegram", "Facebook", "Instagram")


def let_go(post: Post) -> Release:
    release = publish(post, by=town.amira(), revision=post.revision)
    work()
    return release


@pytest.mark.parametrize(
    ("waited", "words"), [(30, "30 Sekunden"), (462, "7:42 Minuten"), (3 * 3600 + 125, "3:02:05 Stunden")]
)
def test_what_took_minutes_is_not_said_in_seconds(website: FakePlatform, waited: int, words: str) -> None:
    town.channel("byhand", key="whatsapp", position=90)
    release = let_go(town.written(town.ROADWORKS, by=town.amira()))
    carried = Delivery.objects.get(channel__key="whatsapp")
    confirm_online(carried, "", by=town.amira())
    Delivery.objects.filter(pk=carried.pk).update(seen_at=release.starts_at + timedelta(seconds=waited))
    with override("de"):
        assert f"Whatsapp online nach {words}." in last_event(board(release))


@pytest.mark.parametrize("waited", [7, 10, 11, 19, 20, 28])
def test_no_number_stands_under_the_word_now(threads: FakePlatform, waited: int) -> None:
    threads.will("ask for patience for 600 seconds")
    release = let_go(town.written(town.ROADWORKS, by=town.amira()))
    town.let_time_pass(waited)
    scale = scale_of(board(release))
    places = [float(tick.at[:-1]) for tick in scale.ticks if tick.words]
    assert scale.says_now
    assert all(abs(place - float(scale.now[:-1])) > 8 for place in places)
    assert next(tick.words for tick in scale.ticks if tick.words).endswith(" s")


@pytest.mark.parametrize(("language", "words"), [("de", "0,5 s"), ("en", "0.5 s")])
def test_the_time_line_counts_in_the_readers_way(threads: FakePlatform, language: str, words: str) -> None:
    release = let_go(town.written(town.ROADWORKS, by=town.amira()))
    with override(language):
        assert words in [tick.words for tick in scale_of(board(release)).ticks]


@pytest.mark.django_db(transaction=True)
def test_a_channel_that_no_post_went_to_takes_no_column(browse: Browse, threads: FakePlatform) -> None:
    let_go(town.written(town.ROADWORKS, by=town.amira()))
    town.channel("byhand", key="aushang", position=90)
    page = browse(town.amira(), "/")
    expect(page.get_by_role("columnheader", name="Threads")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Aushang")).to_have_count(0)


@pytest.mark.django_db(transaction=True)
def test_what_is_carried_by_hand_stands_there_line_by_line(browse: Browse, website: FakePlatform) -> None:
    town.channel("byhand", key="aushang", position=90)
    release = let_go(town.written("Das Rathaus bleibt zu.\n\nAm Montag.", by=town.amira()))
    carried = Delivery.objects.get(channel__key="aushang")
    page = browse(town.amira(), f"/beitrag/{release.post.address}/zustellung/{carried.key}")
    assert page.locator("#carried").inner_text() == "Das Rathaus bleibt zu.\n\nAm Montag."


@pytest.mark.django_db(transaction=True)
def test_a_long_word_on_a_button_stays_inside_the_telephone(browse: Browse, threads: FakePlatform) -> None:
    due = database_now().replace(month=12, day=22) + timedelta(days=366)
    post = town.written(town.ROADWORKS, by=town.bernd(), due_at=due)
    ask_for_approval(post, by=town.bernd(), revision=post.revision)
    page = browse(town.amira(), f"/beitrag/{post.address}/schreiben", width=320)
    words = page.get_by_role("button", name="Zustimmen und am 2").locator(".kern-label")
    box = words.bounding_box()
    assert box and box["x"] >= 16 and box["x"] + box["width"] <= 304


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("script", [True, False])
def test_only_a_ticked_channel_offers_a_version_of_its_own(browse: Browse, threads: FakePlatform, script: bool) -> None:
    draft = town.written(town.ROADWORKS, by=town.amira())
    draft.channels.remove(Channel.objects.get(name="Threads"))
    page = browse(town.amira(), f"/beitrag/{draft.address}/schreiben", script=script)
    version = page.get_by_text("Eigene Fassung für Threads")
    expect(version).to_be_hidden()
    page.get_by_role("checkbox", name="Threads").check()
    expect(version).to_be_visible()
    expect(page.locator("#count-threads-fake")).to_contain_text("von 500" if script else "nicht gewählt")


@pytest.mark.django_db(transaction=True)
def test_changing_the_password_stands_on_the_line_of_its_label(browse: Browse, website: FakePlatform) -> None:
    page = browse(town.amira(), "/konto")
    bottoms = page.evaluate(
        """() => ['Passwort', 'ändern'].map(words => {
          const range = document.createRange();
          range.selectNodeContents([...document.querySelectorAll('.facts dt, .facts dd a')]
            .find(each => each.textContent === words));
          return range.getBoundingClientRect().bottom;
        })"""
    )
    assert abs(bottoms[0] - bottoms[1]) < 1


BEGINS = """rows => rows.map(row => {
  const words = document.createRange();
  words.selectNodeContents(row.lastChild);
  return Math.round(words.getBoundingClientRect().left);
})"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "columns"), [(1280, 1), (390, 2)])  # on a telephone each stands below its channel
def test_what_will_happen_begins_in_one_column(browse: Browse, threads: FakePlatform, width: int, columns: int) -> None:
    release = let_go(town.written(town.ROADWORKS, by=town.amira()))
    page = browse(town.amira(), f"/beitrag/{release.post.address}/berichtigen", width=width)
    expect(page.get_by_text("wird dort geändert")).to_be_visible()
    expect(page.get_by_text("bitte dort von Hand")).to_be_visible()
    assert len(set(page.locator(".reached li > span").evaluate_all(BEGINS))) == columns


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [390, 1280])
def test_the_example_of_what_to_read_instead_is_there_to_its_end(
    browse: Browse, threads: FakePlatform, width: int
) -> None:
    page = browse(town.emil(), "/kanaele/threads-fake/stilllegen", width=width)
    expect(page.get_by_text("Alles Wichtige steht hier.“")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    field = page.get_by_label("Was sollen die Leute stattdessen lesen?")
    expect(field).to_have_accessible_description(re.compile("^Zum Beispiel: „Wir sind dort"))


@pytest.mark.parametrize(
    ("value", "says_unit", "words"),
    [(0.5, True, "0,5 s"), (90.0, False, "90"), (120.0, True, "2 min"), (150.0, False, "2,5")],
)
def test_a_tick_says_its_unit_in_german(value: float, says_unit: bool, words: str) -> None:
    assert tick_words(value, says_unit=says_unit) == words


@pytest.fixture
def crowd(website: FakePlatform) -> Iterator[list[FakePlatform]]:
    fakes = [FakePlatform(f"fake{number}", name=name).register() for number, name in enumerate(NAMES)]
    for fake in fakes:
        town.channel(fake.key, position=20)
        Channel.objects.filter(key=fake.key).update(name=fake.name)
    yield fakes
    for fake in fakes:
        fake.unregister()


@pytest.mark.django_db(transaction=True)
def test_no_channel_is_broken_within_its_name_above_its_seconds(browse: Browse, crowd: list[FakePlatform]) -> None:
    let_go(town.written(town.ROADWORKS, by=town.amira()))
    page = browse(town.amira(), "/", width=1280)
    lines = page.locator(".last thead th").evaluate_all(
        "heads => heads.map(head => { const range = document.createRange(); range.selectNodeContents(head);"
        " return range.getClientRects().length; })"
    )
    assert lines == [1] * (len(crowd) + 3)  # besides: the post, the website, and what is open
