"""A draft that nobody needs any more is thrown away, once more asked; what was released stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from ausrufer.adapter.testing import FakePlatform
from ausrufer.deliveries.publish import publish
from ausrufer.people.models import AuditEntry, User
from ausrufer.posts import pictures
from ausrufer.posts.discard import discard
from ausrufer.posts.models import Post
from ausrufer.posts.trouble import NotAllowed, NotEditable
from tests import town
from tests.desk.conftest import picture
from tests.system import words_of

Desk = Callable[[User], Client]


@pytest.fixture
def draft(threads: FakePlatform) -> Post:
    post = town.written(town.ROADWORKS, by=town.bernd())
    pictures.attach(post, file=picture(), name="plan.png", by=town.bernd(), alt="Umleitungsplan")
    return post


def address(post: Post, what: str) -> str:
    return f"/beitrag/{post.address}/{what}"


def test_bernd_discards_his_draft_after_being_asked(draft: Post, at_desk: Desk) -> None:
    bernd = at_desk(town.bernd())
    assert "Entwurf verwerfen" in words_of(bernd.get(address(draft, "schreiben")).content.decode())
    asked = words_of(bernd.get(address(draft, "verwerfen")).content.decode())
    assert "Text, Bilder und eigene Fassungen sind dann weg." in asked
    assert town.ROADWORKS[:30] in asked
    said = words_of(bernd.post(address(draft, "verwerfen"), follow=True).content.decode())
    assert "Der Entwurf ist verworfen." in said
    assert "Saarstraße" not in said
    assert bernd.get(address(draft, "schreiben")).status_code == 404


def test_the_log_keeps_who_discarded_what(draft: Post) -> None:
    discard(draft, by=town.amira())
    entry = AuditEntry.objects.get(act="discarded")
    assert (entry.who, entry.about) == (town.amira(), f"post {draft.address}")
    assert entry.facts == {"author": "bernd"}
    assert not Post.objects.exists()


def test_nobody_discards_what_another_office_writes(draft: Post, at_desk: Desk) -> None:
    other = town.written("Der Wochenmarkt fällt aus.", by=town.amira())
    with pytest.raises(NotAllowed):
        discard(other, by=town.bernd())
    assert at_desk(town.bernd()).post(address(other, "verwerfen")).status_code == 403
    assert Post.objects.filter(pk=other.pk).exists()


def test_what_was_released_meanwhile_stays(draft: Post, at_desk: Desk) -> None:
    amira = at_desk(town.amira())
    draft.refresh_from_db()
    publish(draft, by=town.amira(), revision=draft.revision)
    with pytest.raises(NotEditable):
        discard(draft, by=town.amira())
    said = words_of(amira.post(address(draft, "verwerfen"), follow=True).content.decode())
    assert "schon freigegeben und kann nicht mehr geändert werden" in said
    assert "Vom Klick bis gesehen" in said
