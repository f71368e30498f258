"""Wherever a post stands at the desk after it was corrected or taken back, it stands as it is now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from ausrufer.adapter.testing import FakePlatform
from ausrufer.deliveries import changes
from ausrufer.deliveries.models import Delivery, Release
from ausrufer.deliveries.publish import publish
from ausrufer.kernel.database_clock import database_now
from ausrufer.people.models import User
from ausrufer.posts.models import Post
from tests import town
from tests.deliveries.conftest import work
from tests.system import words_of

Desk = Callable[[User], Client]
RIGHT = "Die Saarstraße ist ab Dienstag gesperrt. Busse fahren über Feyen."


@pytest.fixture
def own_pages(website: FakePlatform) -> FakePlatform:
    website.platform.capabilities = replace(website.facts, can_withdraw=True, can_edit=True)
    return website


@pytest.fixture
def post(own_pages: FakePlatform, threads: FakePlatform) -> Post:
    return let_go(town.written(town.ROADWORKS, by=town.amira()))


def let_go(post: Post) -> Post:
    publish(post, by=town.amira(), revision=post.revision)
    work()
    return post


def correct(post: Post) -> None:
    changes.correct(Release.objects.get(post=post), text=RIGHT, reason="", by=town.amira())
    work()


def take_back(post: Post) -> None:
    changes.withdraw(Release.objects.get(post=post), reason="Die Sperrung entfällt.", by=town.amira())
    work()


def seen(client: Client, path: str) -> str:
    return words_of(client.get(path).content.decode())


def board(client: Client, post: Post) -> str:
    return seen(client, f"/beitrag/{post.address}/zustellung")


def test_the_list_shows_what_was_taken_back(post: Post, at_desk: Desk) -> None:
    take_back(post)
    amira = at_desk(town.amira())
    assert "Amira zurückgenommen" in seen(amira, "/beitraege")
    assert "Amira online" not in seen(amira, "/beitraege")
    assert "Ein Beitrag" in seen(amira, "/beitraege?state=withdrawn")


def test_a_planned_post_that_was_taken_back_is_planned_no_more(threads: FakePlatform, at_desk: Desk) -> None:
    later = let_go(town.written("Später.", by=town.amira(), due_at=database_now() + timedelta(days=8)))
    take_back(later)
    amira = at_desk(town.amira())
    assert "0 Beiträge" in seen(amira, "/beitraege?state=due")
    assert "Amira zurückgenommen" in seen(amira, "/beitraege?state=done")
    assert "Geplant" not in seen(amira, "/")


def test_what_did_not_arrive_is_not_wrong_once_it_was_taken_back(
    own_pages: FakePlatform, threads: FakePlatform, at_desk: Desk
) -> None:
    threads.will("refuse", "refuse", "refuse")
    gone = let_go(town.written(town.ROADWORKS, by=town.amira()))
    assert "Text ändern" in board(at_desk(town.amira()), gone)
    take_back(gone)
    assert "Text ändern" not in board(at_desk(town.amira()), gone)
    assert "stimmt nicht" not in seen(at_desk(town.amira()), "/")
    assert "0 Beiträge" in seen(at_desk(town.amira()), "/beitraege?state=wrong")


def test_the_overview_keeps_the_seconds_of_publishing(post: Post, at_desk: Desk) -> None:
    town.let_time_pass(3600)
    take_back(post)
    Delivery.objects.filter(act="withdraw").update(seen_at=database_now() + timedelta(seconds=77))
    home = seen(at_desk(town.amira()), "/")
    assert "Baustellen · zurückgenommen" in home
    assert "77" not in home


def test_a_correction_is_what_lists_and_board_say(post: Post, at_desk: Desk) -> None:
    correct(post)
    amira = at_desk(town.amira())
    for page in (seen(amira, "/"), seen(amira, "/beitraege"), board(amira, post)):
        assert "ab Dienstag" in page
        assert "ab Montag" not in page


@pytest.mark.parametrize("words", ["Feyen", "Busse Dienstag", "Wasserleitung"])
def test_a_post_is_found_by_its_old_and_its_new_words(post: Post, at_desk: Desk, words: str) -> None:
    correct(post)
    assert "Ein Beitrag" in seen(at_desk(town.amira()), f"/beitraege?q={words}")


def test_the_board_of_a_withdrawn_post_counts_where_it_is_gone(post: Post, at_desk: Desk) -> None:
    take_back(post)
    page = board(at_desk(town.amira()), post)
    assert "2 von 2 Kanälen zurückgenommen" in page
    assert "Website nach" not in page


def test_nothing_leads_to_a_copy_that_is_gone(post: Post, at_desk: Desk) -> None:
    correct(post)
    take_back(post)
    page = at_desk(town.amira()).get(f"/beitrag/{post.address}/zustellung").content.decode()
    assert "https://threads-fake.example/1" not in page
    assert "https://website-fake.example/1" in page  # there stands why
    assert "der Grund steht an seiner Stelle" in words_of(page)


def test_taking_back_says_beforehand_that_the_own_page_stays(post: Post, at_desk: Desk) -> None:
    page = seen(at_desk(town.amira()), f"/beitrag/{post.address}/zuruecknehmen")
    assert "Website die Seite bleibt und nennt den Grund" in page
    assert "Threads wird dort gelöscht" in page
