"""What becomes of a text that is too long is the editor's choice for each channel, and she sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from ausrufer.adapter import registry
from ausrufer.adapter.testing import FakePlatform
from ausrufer.channels.models import Channel
from ausrufer.people.models import User
from ausrufer.posts.models import Post, Variant
from ausrufer.posts.render import renditions
from tests import town
from tests.system import words_of

Desk = Callable[[User], Client]
LONG = "Die Stadtwerke erneuern die Wasserleitung in der Südallee. " * 12


@pytest.fixture
def mastodon(website: FakePlatform) -> Iterator[Channel]:
    """The real platform: rendering needs no network."""
    assert registry.platform_class("mastodon").capabilities.can_chain
    yield town.channel("mastodon", position=20)


def draft(text: str = LONG) -> Post:
    return town.written(text, by=town.amira())


def entered(post: Post, **more: str) -> dict[str, object]:
    facts = {"revision": post.revision, "text": post.text, "topic": post.topic_id, "when": "now", "language": "de"}
    return {**facts, "channels": ["mastodon"], **more}


def test_a_chain_is_chosen_counted_and_shown_whole(mastodon: Channel, at_desk: Desk) -> None:
    post, client = draft(), at_desk(town.amira())
    client.post(f"/beitrag/{post.address}/schreiben", entered(post, **{"when_long-mastodon": "chain"}))
    page = words_of(client.get(f"/beitrag/{post.address}/schreiben").content.decode())
    assert "zu lang: wird eine Kette" in page
    assert "Kette aus 2 Beiträgen" in page
    assert page.count("Wasserleitung") > 2 * 12  # the textarea, the website, and every part of the chain


def test_the_default_is_the_channels_and_no_choice_is_stored_for_it(mastodon: Channel, at_desk: Desk) -> None:
    post, client = draft(), at_desk(town.amira())
    client.post(f"/beitrag/{post.address}/schreiben", entered(post, **{"when_long-mastodon": "shorten"}))
    assert not Variant.objects.exists()
    Channel.objects.filter(pk=mastodon.pk).update(when_long="chain")
    assert renditions(post)[1].wanted.wording == "chain"


def test_own_words_and_the_choice_do_not_disturb_each_other(mastodon: Channel, at_desk: Desk) -> None:
    post, client = draft(), at_desk(town.amira())
    words = {"when_long-mastodon": "chain", "variant-mastodon": "Kurz und gut."}
    client.post(f"/beitrag/{post.address}/schreiben", entered(post, **words))
    assert renditions(Post.objects.get(pk=post.pk))[1].wanted.text == "Kurz und gut."


def test_a_content_warning_stands_before_the_text_and_counts(mastodon: Channel, at_desk: Desk) -> None:
    post, client = draft("Ein Bild vom Unfall."), at_desk(town.amira())
    client.post(f"/beitrag/{post.address}/schreiben", entered(post, warning="Unfall"))
    wanted = renditions(Post.objects.get(pk=post.pk))[1].wanted
    assert (wanted.warning, wanted.count) == ("Unfall", len("Ein Bild vom Unfall.") + len("Unfall"))
    assert "Unfall" in words_of(client.get(f"/beitrag/{post.address}/schreiben").content.decode())
