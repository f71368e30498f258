"""The receipt board: what each state says, and what a person may decide."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from ausrufer.adapter.capabilities import Capabilities
from ausrufer.adapter.testing import FakePlatform
from ausrufer.channels.hold import hold
from ausrufer.channels.models import Channel, HeldFor
from ausrufer.deliveries.models import Delivery, Release
from ausrufer.deliveries.publish import publish
from ausrufer.deliveries.states import State
from ausrufer.kernel.clock import local
from ausrufer.kernel.database_clock import database_now
from ausrufer.kernel.sentence import Sentence
from ausrufer.people.models import User
from ausrufer.posts.models import Post
from tests import town
from tests.deliveries.conftest import delivery_to, work

Desk = Callable[[User], Client]


@pytest.fixture
def post(threads: FakePlatform) -> Post:
    return town.written(town.ROADWORKS, by=town.amira())


def let_go(post: Post) -> None:
    publish(post, by=town.amira(), revision=post.revision)
    work()


def board(client: Client, post: Post, what: str = "zustellung") -> str:
    return client.get(f"/beitrag/{post.address}/{what}").content.decode()


def decide_on(client: Client, delivery: Delivery, **entered: str) -> str:
    address = f"/beitrag/{delivery.release.post.address}/zustellung/{delivery.key}"
    return client.post(address, entered, follow=True).content.decode()


def test_online_has_its_seconds_and_a_link(post: Post, at_desk: Desk) -> None:
    let_go(post)
    page = board(at_desk(town.amira()), post)
    assert re.search(r"\d,\d\xa0s", page)
    assert "https://threads-fake.example/1" in page
    assert "alles erledigt" in page
    assert "every" not in page  # nothing more will happen, so nothing is asked again


def test_while_something_is_open_it_asks_twice_a_second(post: Post, at_desk: Desk, threads: FakePlatform) -> None:
    threads.will_show("not yet")
    let_go(post)
    assert 'hx-trigger="every 500ms"' in board(at_desk(town.amira()), post)
    town.let_time_pass(100)
    assert 'hx-trigger="every 2000ms"' in board(at_desk(town.amira()), post)


def test_patience_is_asked_for_in_plain_words(post: Post, at_desk: Desk, threads: FakePlatform) -> None:
    threads.will("ask for patience for 600 seconds")
    let_go(post)
    page = board(at_desk(town.amira()), post, "zustellung/stand")
    assert "bittet um Geduld bis" in page
    assert page.count("bittet um Geduld") == 1
    assert "Nichts zu tun, geht von selbst weiter." in page
    assert "Nicht mehr senden" in page


def test_what_is_no_request_for_patience_is_said_below_it(post: Post, at_desk: Desk, threads: FakePlatform) -> None:
    threads.will("be unreachable")
    let_go(post)
    page = board(at_desk(town.amira()), post, "zustellung/stand")
    assert "Threads ist nicht erreichbar. Nichts zu tun, geht von selbst weiter." in page


def test_when_a_copy_was_seen_says_its_day_on_another_day(post: Post, at_desk: Desk, threads: FakePlatform) -> None:
    let_go(post)
    amira, clock = at_desk(town.amira()), r"\d\d:\d\d:\d\d,\d</time>"
    assert re.search(f">{clock}", board(amira, post))
    town.let_time_pass(86_400)
    day = local(delivery_to(threads).seen_at or database_now()).day
    page = board(amira, post)
    assert re.search(rf">{day}\.\xa0[A-Z][a-zä]+( \d{{4}})?, {clock}", page)
    assert not re.search(f">{clock}", page)


def test_nothing_on_the_board_is_styled_inline(post: Post, at_desk: Desk) -> None:
    let_go(post)
    assert "style=" not in board(at_desk(town.amira()), post)


def test_amira_looks_herself_and_gives_the_address(post: Post, at_desk: Desk, threads: FakePlatform) -> None:
    unclear(post, threads)
    amira, delivery = at_desk(town.amira()), delivery_to(threads)
    assert "Bitte die ganze Adresse" in decide_on(amira, delivery, act="confirm", address="javascript:alert(1)")
    decide_on(amira, delivery, act="confirm", address="https://threads.example/p/1")
    page = board(amira, post)
    assert "von Hand bestätigt" in page
    assert "https://threads.example/p/1" in page


def test_not_there_after_all_is_sent_again(post: Post, at_desk: Desk, threads: FakePlatform) -> None:
    unclear(post, threads)
    assert "wird noch einmal gesendet" in decide_on(at_desk(town.amira()), delivery_to(threads), act="send_again")
    work()
    assert threads.timeline == [town.ROADWORKS]


def test_bernd_may_look_but_not_decide(post: Post, at_desk: Desk, threads: FakePlatform) -> None:
    unclear(post, threads)
    bernd, delivery = at_desk(town.bernd()), delivery_to(threads)
    assert "Entscheiden" not in board(bernd, post)
    decide_on(bernd, delivery, act="give_up")
    delivery.refresh_from_db()
    assert delivery.state == State.UNCLEAR


def test_a_decision_that_comes_too_late_changes_nothing(post: Post, at_desk: Desk, threads: FakePlatform) -> None:
    let_go(post)
    said = decide_on(at_desk(town.amira()), delivery_to(threads), act="give_up")
    assert "inzwischen weiter" in said


def test_what_was_refused_goes_back_as_a_new_draft(post: Post, at_desk: Desk, threads: FakePlatform) -> None:
    threads.will("refuse", "refuse", "refuse")
    let_go(post)
    amira = at_desk(town.amira())
    assert "Text ändern" in board(amira, post)
    amira.post(f"/beitrag/{post.address}/abschrift")
    copy = Post.objects.exclude(pk=post.pk).get()
    assert copy.text == town.ROADWORKS
    assert [channel.name for channel in copy.channels.all()] == ["Threads"]


def test_a_planned_post_waits_without_drawing_a_line(post: Post, at_desk: Desk) -> None:
    later = town.written("Später.", by=town.amira(), due_at=database_now() + timedelta(hours=2))
    let_go(later)
    page = board(at_desk(town.amira()), later)
    assert "wartet bis" in page
    assert "noch nicht fällig" in page
    assert 'hx-trigger="every 10000ms"' in page


def test_an_older_post_names_the_day_of_its_release(post: Post, at_desk: Desk) -> None:
    let_go(post)
    assert "Freigegeben um" in board(at_desk(town.amira()), post)
    Release.objects.filter(post=post).update(clicked_at=datetime(2020, 3, 2, 8, tzinfo=UTC))
    assert "Freigegeben am 2.\u00a0März 2020 um 09:00:00,0 von Amira" in board(at_desk(town.amira()), post)


def unclear(post: Post, threads: FakePlatform) -> None:
    """Threads did not answer and cannot tell."""
    threads.platform.capabilities = Capabilities(max_text=500, can_find=False)
    threads.will("not answer")
    let_go(post)
    town.let_time_pass(600)
    work()
    assert delivery_to(threads).needs_person


def test_from_a_lost_access_it_is_one_step_to_the_remedy(post: Post, at_desk: Desk, threads: FakePlatform) -> None:
    channel = Channel.objects.get(platform=threads.key)
    hold(channel.pk, HeldFor.ACCESS, until=None, sentence=Sentence("Die Anmeldung ist abgelaufen."))
    let_go(post)
    remedy = f'href="/kanaele/{channel.key}/verbinden"'
    assert remedy in board(at_desk(town.amira()), post)
    assert remedy not in board(at_desk(town.bernd()), post)


def test_why_a_channel_is_locked_is_said_in_english_with_its_values(post: Post, threads: FakePlatform) -> None:
    channel = Channel.objects.get(platform=threads.key)
    hold(
        channel.pk,
        HeldFor.ACCESS,
        until=None,
        sentence=Sentence("Die Anmeldung bei {platform} ist abgelaufen.", {"platform": "Threads"}),
    )
    let_go(post)
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.amira())
    assert "The login at Threads has expired. Please connect the channel again." in board(client, post)
