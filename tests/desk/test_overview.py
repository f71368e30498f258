"""What the first page says is true of all posts, not only of the last ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client

from ausrufer.adapter.testing import FakePlatform
from ausrufer.deliveries.publish import publish
from ausrufer.kernel.database_clock import database_now
from ausrufer.people.models import User
from ausrufer.posts.asking import ask_for_approval
from ausrufer.posts.models import Post
from tests import town
from tests.deliveries.conftest import work
from tests.system import words_of

Desk = Callable[[User], Client]


def let_go(text: str, **more: object) -> Post:
    post = town.written(text, by=town.amira(), **more)  # type: ignore[arg-type]
    publish(post, by=town.amira(), revision=post.revision)
    work()
    return post


def home(client: Client) -> str:
    return words_of(client.get("/").content.decode())


def test_open_posts_are_counted_however_many_there_are(threads: FakePlatform, at_desk: Desk) -> None:
    threads.will("ask for patience for 600 seconds")
    for number in range(8):
        let_go(f"Meldung {number}.")
    assert "8 Beiträge sind noch unterwegs." in home(at_desk(town.amira()))


def test_before_the_first_post_nobody_says_that_all_is_out(website: FakePlatform, at_desk: Desk) -> None:
    assert "Uhr Nichts ist offen." in home(at_desk(town.amira()))
    let_go("Das Rathaus schließt um 12 Uhr.")
    assert "Alles ist hinaus, nichts ist offen." in home(at_desk(town.amira()))


def test_a_post_for_another_day_is_named_with_its_day(threads: FakePlatform, at_desk: Desk) -> None:
    due = database_now() + timedelta(days=40)
    let_go("Das Rathaus schließt um 12 Uhr.", due_at=due)
    said = home(at_desk(town.amira()))
    assert "nichts ist offen" not in said
    assert "Der nächste geht am" in said
    assert "Geplant : 1" in said
    assert "Das Rathaus schließt" in said


def test_bernd_is_told_that_his_post_waits_for_approval(threads: FakePlatform, at_desk: Desk) -> None:
    draft = town.written(town.ROADWORKS, by=town.bernd())
    ask_for_approval(draft, by=town.bernd(), revision=draft.revision)
    assert "Ihr Beitrag wartet auf Zustimmung." in home(at_desk(town.bernd()))
    assert "Alles ist hinaus" not in home(at_desk(town.bernd()))
    assert "Ein Beitrag wartet auf Sie." in home(at_desk(town.amira()))


def test_what_is_due_and_does_not_go_is_said_on_the_first_page(threads: FakePlatform, at_desk: Desk) -> None:
    post = town.written(town.ROADWORKS, by=town.amira())
    publish(post, by=town.amira(), revision=post.revision)
    town.let_time_pass(11)  # and nobody works
    assert "ist fällig und geht nicht hinaus." in home(at_desk(town.amira()))
