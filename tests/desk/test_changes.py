"""Correcting and withdrawing at the desk: it says beforehand what will happen, and shows receipts afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from ausrufer.adapter.testing import FakePlatform
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.publish import publish
from ausrufer.deliveries.states import Act
from ausrufer.kernel.database_clock import database_now
from ausrufer.people.models import User
from ausrufer.posts.models import Post
from tests import town
from tests.deliveries.conftest import work
from tests.system import words_of

Desk = Callable[[User], Client]


@pytest.fixture
def post(threads: FakePlatform) -> Post:
    written = town.written(town.ROADWORKS, by=town.amira())
    publish(written, by=town.amira(), revision=written.revision)
    work()
    return written


def page(client: Client, post: Post, what: str) -> str:
    return words_of(client.get(f"/beitrag/{post.address}/{what}").content.decode())


def test_it_says_before_the_button_what_will_happen(post: Post, at_desk: Desk) -> None:
    client = at_desk(town.amira())
    assert "Threads wird dort gelöscht" in page(client, post, "zuruecknehmen")
    form = page(client, post, "berichtigen")
    assert "Website wird dort geändert" in form
    assert "Threads bitte dort von Hand; die Aufgabe steht danach in der Übersicht" in form


def test_what_no_machine_can_correct_is_a_task_with_the_new_text(
    post: Post, at_desk: Desk, threads: FakePlatform
) -> None:
    client, right = at_desk(town.amira()), town.ROADWORKS.replace("7 Uhr", "9 Uhr")
    client.post(f"/beitrag/{post.address}/berichtigen", {"text": right, "reason": ""})
    work()
    assert "Bitte von Hand berichtigen: Die Saarstraße ist ab Montag, 30. November, 9 Uhr" in home(client)
    assert "1 zu übertragen" in words_of(client.get("/kanaele").content.decode())
    assert "von Hand zu berichtigen Bitte den Beitrag dort von Hand berichtigen" in page(client, post, "zustellung")

    task = f"zustellung/{Delivery.objects.get(act=Act.CORRECT, channel__platform=threads.key).key}"
    shown = page(client, post, task)
    assert f"Das ist zu übertragen {right}" in shown
    assert "Auf Threads bleibt der Text, der dort steht." in shown
    client.post(f"/beitrag/{post.address}/{task}", {"act": "confirm", "address": ""})
    assert "berichtigt von Hand bestätigt" in page(client, post, "zustellung")
    assert "Von Hand zu übertragen" not in home(client)


def home(client: Client) -> str:
    return words_of(client.get("/").content.decode())


def test_amira_withdraws_and_the_board_shows_the_receipt(post: Post, at_desk: Desk, threads: FakePlatform) -> None:
    client = at_desk(town.amira())
    client.post(f"/beitrag/{post.address}/zuruecknehmen", {"reason": "Die Sperrung entfällt."})
    work()
    board = page(client, post, "zustellung")
    assert "Zurückgenommen um" in board
    assert "Die Sperrung entfällt." in board
    assert "nicht mehr zu sehen" in board
    assert threads.timeline == []
    assert "Berichtigen ·" not in board


def test_a_withdrawal_without_a_reason_names_the_remedy(post: Post, at_desk: Desk, threads: FakePlatform) -> None:
    answer = at_desk(town.amira()).post(f"/beitrag/{post.address}/zuruecknehmen", {"reason": " "})
    assert answer.status_code == 422
    assert "Bitte sagen Sie, warum." in answer.content.decode()
    assert threads.timeline == [town.ROADWORKS]


def test_a_correction_keeps_what_was_typed_when_it_is_refused(post: Post, at_desk: Desk) -> None:
    entered = {"text": town.ROADWORKS, "reason": "Tippfehler"}
    answer = at_desk(town.amira()).post(f"/beitrag/{post.address}/berichtigen", entered)
    assert "Der Text ist derselbe wie bisher." in answer.content.decode()
    assert 'value="Tippfehler"' in answer.content.decode()


def test_a_guest_author_neither_corrects_nor_withdraws(post: Post, at_desk: Desk) -> None:
    client = at_desk(town.bernd())
    for what in ("berichtigen", "zuruecknehmen"):
        assert client.get(f"/beitrag/{post.address}/{what}").status_code == 403
        assert client.post(f"/beitrag/{post.address}/{what}", {"text": "x", "reason": "x"}).status_code == 403
    assert "Zurücknehmen" not in page(client, post, "zustellung")


def test_a_planned_post_that_is_corrected_says_that_nobody_saw_the_old_text(
    threads: FakePlatform, at_desk: Desk
) -> None:
    written, client = planned(), at_desk(town.amira())
    assert "Threads geht gleich mit dem neuen Text hinaus" in page(client, written, "berichtigen")
    right = {"text": town.ROADWORKS.replace("7 Uhr", "9 Uhr"), "reason": ""}
    answer = client.post(f"/beitrag/{written.address}/berichtigen", right, follow=True)
    assert "Der alte war noch nirgends zu sehen." in words_of(answer.content.decode())


def test_what_is_withdrawn_already_is_not_corrected_by_its_address(post: Post, at_desk: Desk) -> None:
    client = at_desk(town.amira())
    client.post(f"/beitrag/{post.address}/zuruecknehmen", {"reason": "Die Sperrung entfällt."})
    for entered in (None, {"text": "Neu. Anders.", "reason": ""}):
        address = f"/beitrag/{post.address}/berichtigen"
        answer = client.post(address, entered, follow=True) if entered else client.get(address, follow=True)
        assert "Dieser Beitrag ist schon zurückgenommen." in words_of(answer.content.decode())
    assert "Berichtigt um" not in page(client, post, "zustellung")


def test_a_channel_with_words_of_its_own_is_named_before_the_common_text_takes_their_place(
    threads: FakePlatform, mastodon: FakePlatform, at_desk: Desk
) -> None:
    written = town.written(town.ROADWORKS, by=town.amira(), variants={"threads-fake": "Saarstraße zu."})
    publish(written, by=town.amira(), revision=written.revision)
    work()
    client, warned = at_desk(town.amira()), "hatte einen eigenen Wortlaut; dort gilt jetzt der gemeinsame Text."
    form = page(client, written, "berichtigen")
    assert f"Threads {warned}" in form
    assert form.count(warned) == 1
    assert warned not in page(client, written, "zuruecknehmen")

    right = {"text": town.ROADWORKS.replace("7 Uhr", "9 Uhr"), "reason": ""}
    client.post(f"/beitrag/{written.address}/berichtigen", right)
    assert warned not in page(client, written, "berichtigen")  # they are gone already


def planned() -> Post:
    written = town.written(town.ROADWORKS, by=town.amira())
    Post.objects.filter(pk=written.pk).update(due_at=database_now() + timedelta(hours=2))
    publish(written, by=town.amira(), revision=written.revision)
    return written


def test_a_planned_post_is_taken_back_before_anybody_saw_it_and_nothing_else_is_said(
    threads: FakePlatform, at_desk: Desk
) -> None:
    written, client = planned(), at_desk(town.amira())
    form = page(client, written, "zuruecknehmen")
    assert "Der Beitrag war noch nirgends zu sehen; der Grund steht nur in der Redaktion." in form
    assert "auf der Website" not in form
    answer = client.post(f"/beitrag/{written.address}/zuruecknehmen", {"reason": " "})
    assert "Bitte sagen Sie, warum." in answer.content.decode()
    assert "auf der Website" not in words_of(answer.content.decode())

    client.post(f"/beitrag/{written.address}/zuruecknehmen", {"reason": "Die Sperrung entfällt."})
    board = page(client, written, "zustellung")
    assert "Der Beitrag war noch nirgends zu sehen und geht nicht mehr hinaus." in board
    assert "Der neue Text" not in board


def test_what_was_seen_says_that_the_reason_is_public(post: Post, at_desk: Desk) -> None:
    assert "Der Grund steht auf der Website an der Stelle" in page(at_desk(town.amira()), post, "zuruecknehmen")


def test_the_text_to_take_back_is_the_corrected_one(post: Post, at_desk: Desk) -> None:
    client = at_desk(town.amira())
    right = {"text": town.ROADWORKS.replace("7 Uhr", "9 Uhr"), "reason": ""}
    client.post(f"/beitrag/{post.address}/berichtigen", right)
    form = page(client, post, "zuruecknehmen")
    assert "30. November, 9 Uhr" in form
    assert "7 Uhr" not in form
