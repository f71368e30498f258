"""Whatever a form is made to carry, the answer is a sentence, and nothing is half saved."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from ausrufer.adapter.capabilities import Capabilities
from ausrufer.adapter.testing import FakePlatform
from ausrufer.channels.models import Channel
from ausrufer.deliveries.publish import publish
from ausrufer.people.models import User
from ausrufer.posts.models import Post
from tests import town
from tests.deliveries.conftest import delivery_to, work
from tests.desk.conftest import entries, picture

Desk = Callable[[User], Client]


@pytest.fixture
def draft(threads: FakePlatform) -> Post:
    return town.written(town.ROADWORKS, by=town.amira())


@pytest.mark.parametrize("field", ["variant-threads-fake", "variant-\0", "text", "alt-1", "page"])
def test_a_character_that_is_none_is_refused_by_the_name_of_its_field(draft: Post, at_desk: Desk, field: str) -> None:
    answer = at_desk(town.amira()).post(f"/beitrag/{draft.address}/schreiben", entries(draft, **{field: "a\0b"}))
    assert answer.status_code == 400
    assert f"Das Feld „{field.strip(chr(0))}“" in answer.content.decode()
    before = draft.revision
    draft.refresh_from_db()
    assert (draft.revision, draft.text) == (before, town.ROADWORKS)


@pytest.mark.parametrize("path", ["/beitraege?q=a%00b", "/beitraege?topic=%00", "/anmelden?next=%00"])
def test_neither_is_it_in_an_address(draft: Post, at_desk: Desk, path: str) -> None:
    answer = at_desk(town.amira()).get(path)
    assert answer.status_code == 400
    assert "Bitte tippen Sie es neu ein." in answer.content.decode()


def test_neither_is_it_why_a_channel_is_paused(draft: Post, at_desk: Desk) -> None:
    answer = at_desk(town.amira()).post("/kanaele/threads-fake", {"act": "pause", "because": "a\0"})
    assert answer.status_code == 400
    assert not Channel.objects.exclude(paused_at=None).exists()


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000, "-1", "²"])
def test_a_picture_that_is_none_is_not_found(draft: Post, at_desk: Desk, number: str) -> None:
    answer = at_desk(town.amira()).post(f"/beitrag/{draft.address}/bilder", entries(draft, remove=number))
    assert answer.status_code == 404


def test_a_due_time_far_away_is_refused_beside_the_field(draft: Post, at_desk: Desk) -> None:
    page = at_desk(town.amira()).post(
        f"/beitrag/{draft.address}/schreiben", entries(draft, when="at", due_at="9998-12-31T23:59")
    )
    assert "Der Zeitpunkt liegt mehr als fünf Jahre voraus." in page.content.decode()
    draft.refresh_from_db()
    assert draft.due_at is None


@pytest.mark.parametrize("address", ["http://[", "https://x.example/" + "a" * 600, "javascript:alert(1)"])
def test_an_address_that_is_none_is_said_beside_its_field(
    draft: Post, threads: FakePlatform, at_desk: Desk, address: str
) -> None:
    threads.platform.capabilities = Capabilities(max_text=500, can_find=False)
    threads.will("not answer")
    publish(draft, by=town.amira(), revision=draft.revision)
    work()
    delivery = delivery_to(threads).key
    answer = at_desk(town.amira()).post(
        f"/beitrag/{draft.address}/zustellung/{delivery}", {"act": "confirm", "address": address}
    )
    assert "Bitte die ganze Adresse angeben" in answer.content.decode()


def test_too_many_files_and_a_missing_token_are_told_in_german(draft: Post, at_desk: Desk) -> None:
    many = {"pictures": [picture() for _ in range(101)], **entries(draft)}
    answer = at_desk(town.amira()).post(f"/beitrag/{draft.address}/bilder", many)
    assert (answer.status_code, "höchstens 100 Dateien" in answer.content.decode()) == (400, True)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(town.amira())
    answer = strict.post(f"/beitrag/{draft.address}/schreiben", entries(draft))
    assert (answer.status_code, "laden Sie die Seite neu" in answer.content.decode()) == (403, True)
