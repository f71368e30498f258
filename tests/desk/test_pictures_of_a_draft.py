"""Pictures: several at once, in an order, each with words; what is no picture is told in a sentence."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.test import Client

from ausrufer.adapter.testing import FakePlatform
from ausrufer.people.models import User
from ausrufer.posts.models import Attachment, Post
from tests import town
from tests.desk.conftest import entries, picture

Desk = Callable[[User], Client]


@pytest.fixture
def draft(threads: FakePlatform) -> Post:
    return town.written(town.ROADWORKS, by=town.amira())


def change(client: Client, post: Post, **changes: object) -> str:
    answer = client.post(f"/beitrag/{post.address}/bilder", {**entries(post), **changes}, follow=True)
    return answer.content.decode()


def widths(post: Post) -> list[int]:
    return list(post.attachments.values_list("width", flat=True))


def test_several_at_once_and_what_was_typed_stays(draft: Post, at_desk: Desk) -> None:
    two = [picture(size=(640, 400)), picture(size=(800, 600), kind="JPEG")]
    page = change(at_desk(town.amira()), draft, pictures=two, text="Neuer Text.")
    assert widths(draft) == [640, 800]
    assert "Beschreibung von Bild 2 von 2" in page
    assert "Neuer Text." in page


@pytest.mark.parametrize(("number", "they"), [(1, "das Bild"), (2, "die Bilder")])
def test_what_goes_when_pictures_are_refused_stands_below_the_preview(
    draft: Post, at_desk: Desk, number: int, they: str
) -> None:
    several = [picture(size=(640, 400 + each)) for each in range(number)]
    page = change(at_desk(town.amira()), draft, pictures=several)
    assert f"Wenn Threads {they} nicht holt oder nicht annimmt: Text mit Link" in page


def test_order_replacing_and_removing(draft: Post, at_desk: Desk) -> None:
    amira = at_desk(town.amira())
    change(amira, draft, pictures=[picture(size=(640, 400)), picture(size=(800, 600))])
    first, second = draft.attachments.all()
    change(amira, draft, forward=second.pk)
    assert widths(draft) == [800, 640]
    change(amira, draft, **{f"replace-{second.pk}": picture(size=(500, 500))})
    assert widths(draft) == [500, 640]
    change(amira, draft, remove=first.pk)
    assert widths(draft) == [500]


def test_a_description_typed_while_uploading_is_kept(draft: Post, at_desk: Desk) -> None:
    amira = at_desk(town.amira())
    change(amira, draft, pictures=[picture()])
    only = draft.attachments.get()
    change(amira, draft, pictures=[picture(size=(800, 600))], **{f"alt-{only.pk}": "Umleitungsplan."})
    only.refresh_from_db()
    assert only.alt == "Umleitungsplan."


def test_what_is_no_picture_is_told_and_the_others_are_taken(draft: Post, at_desk: Desk) -> None:
    letter = io.BytesIO(b"Sehr geehrte Damen und Herren")
    letter.name = "brief.jpg"
    page = change(at_desk(town.amira()), draft, pictures=[letter, picture()])
    assert "„brief.jpg“ ist kein Bild, das wir lesen können" in page
    assert draft.attachments.count() == 1


def test_a_picture_of_another_post_is_out_of_reach(draft: Post, at_desk: Desk) -> None:
    amira = at_desk(town.amira())
    change(amira, draft, pictures=[picture()])
    other = town.written("Anderes.", by=town.amira())
    change(amira, other, remove=draft.attachments.get().pk)
    assert Attachment.objects.count() == 1


def test_pictures_are_shown_at_the_desk_only_by_their_digest(draft: Post, at_desk: Desk) -> None:
    amira = at_desk(town.amira())
    change(amira, draft, pictures=[picture()])
    digest = draft.attachments.get().digest
    assert amira.get(f"/bild/{digest}.jpg")["Content-Type"] == "image/jpeg"
    assert amira.get("/bild/..%2f..%2fkeys.jpg").status_code == 404
