"""Which captions a channel does not show is said before release, and on the receipt when it did not take them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from ausrufer.adapter.capabilities import Capabilities, SendsPictures
from ausrufer.adapter.captions import NOT_TAKEN
from ausrufer.adapter.testing import FakePlatform
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.orders import placement_of
from ausrufer.deliveries.publish import publish
from ausrufer.people.models import User
from ausrufer.posts.models import Attachment, Caption, Post
from tests import town
from tests.deliveries.conftest import work
from tests.desk.conftest import named
from tests.system import words_of

Desk = Callable[[User], Client]
NOT_SHOWN = "Untertitel zeigt dieser Kanal nicht; sie stehen auf der eigenen Seite."


@pytest.fixture
def deaf(website: FakePlatform) -> Iterator[FakePlatform]:
    """Shows films, and no captions."""
    facts = Capabilities(max_videos=1, sends_pictures=SendsPictures.UPLOAD, can_find=True)
    yield from named(FakePlatform("deaf-fake", facts=facts), "Ohne Worte", 20)


@pytest.fixture
def draft(website: FakePlatform) -> Post:
    return town.written(town.ROADWORKS, by=town.amira())


def filmed(post: Post, *languages: str) -> None:
    """With captions of 100 bytes in these languages."""
    facts = {"width": 1280, "height": 720, "seconds": 9.0, "size": 9000, "alt": "Die Sperrung."}
    film = Attachment.objects.create(
        post=post, position=1, kind=Attachment.Kind.VIDEO, mime="video/mp4", digest="f" * 64, **facts
    )
    for number, language in enumerate(languages):
        Caption.objects.create(attachment=film, language=language, digest=f"{number:064}", size=100)


def preview(client: Client, post: Post, key: str) -> str:
    """What the preview of one channel says."""
    page = client.get(f"/beitrag/{post.address}/schreiben").content.decode()
    box = '<div class="preview" id="preview-'
    return words_of(page.split(f'{box}{key}"')[1].split(box)[0])


def test_a_channel_without_captions_says_so_before_release(deaf: FakePlatform, draft: Post, at_desk: Desk) -> None:
    filmed(draft, "de")
    amira = at_desk(town.amira())
    assert NOT_SHOWN in preview(amira, draft, "deaf-fake")
    assert "Untertitel" not in preview(amira, draft, "website-fake")


def test_nothing_is_said_where_there_are_no_captions(deaf: FakePlatform, draft: Post, at_desk: Desk) -> None:
    filmed(draft)
    assert "Untertitel" not in preview(at_desk(town.amira()), draft, "deaf-fake")


def test_a_language_the_platform_does_not_know_is_named(draft: Post, at_desk: Desk) -> None:
    draft.channels.add(town.channel("facebook", position=30))
    filmed(draft, "de", "lb")
    words = "Diese Untertitel nimmt der Kanal nicht: Luxemburgisch. Sie stehen auf der eigenen Seite."
    assert words in preview(at_desk(town.amira()), draft, "facebook")


def test_the_receipt_says_that_a_film_is_there_without_captions(deaf: FakePlatform, draft: Post, at_desk: Desk) -> None:
    deaf.will("publish without the captions")
    publish(draft, by=town.amira(), revision=draft.revision)
    work()
    delivery = Delivery.objects.get(channel__key="deaf-fake")
    page = at_desk(town.amira()).get(f"/beitrag/{draft.address}/zustellung").content.decode()

    assert words_of(page).count(NOT_TAKEN) == 1
    assert placement_of(delivery).note == NOT_TAKEN  # a correction keeps it
