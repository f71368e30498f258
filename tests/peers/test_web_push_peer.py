"""Pushes to a push service nobody here wrote: what it decrypts is what was written, and who is gone is forgotten."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from ausrufer.push import vapid
from ausrufer.push.models import Subscription
from ausrufer.push.subscribers import subscribe
from tests.peers.web_push import PushPeer, web_push
from tests.push.test_mailings import STORM, order, sent


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PushPeer]:
    with web_push(tmp_path_factory.mktemp("web-push")) as running:
        yield running


@pytest.fixture
def house(peer: PushPeer, db: None, settings: Settings, tmp_path: Path) -> str:
    """The public key to which browsers subscribe."""
    settings.DATA, settings.ALLOWED_ORIGINS = tmp_path, [peer.origin]
    return vapid.kept(tmp_path / "vapid.key", "mailto:presse@stadt.example").public


def test_the_service_accepts_our_signature_and_its_browser_reads_the_warning(peer: PushPeer, house: str) -> None:
    dora = peer.subscribe(house)
    subscribe(dora["endpoint"], dora["keys"]["p256dh"], dora["keys"]["auth"])

    assert sent(order()).sent == 1
    [message] = map(json.loads, peer.messages(dora))
    assert f"{message['title']} {message['body']}" == STORM
    assert message["severity"] == "crisis"


def test_a_browser_that_has_unsubscribed_there_is_forgotten_here(peer: PushPeer, house: str) -> None:
    gone, here = peer.subscribe(house), peer.subscribe(house)
    for each in (gone, here):
        subscribe(each["endpoint"], each["keys"]["p256dh"], each["keys"]["auth"])
    peer.expire(gone)

    told = sent(order())
    assert (told.sent, told.failed) == (1, 1)
    assert [each.endpoint for each in Subscription.objects.all()] == [here["endpoint"]]
    assert len(peer.messages(here)) == 1


def test_a_browser_of_another_city_is_not_ours(peer: PushPeer, house: str, tmp_path: Path) -> None:
    theirs = peer.subscribe(vapid.kept(tmp_path / "other.key", "mailto:andere@stadt.example").public)
    subscribe(theirs["endpoint"], theirs["keys"]["p256dh"], theirs["keys"]["auth"])

    assert sent(order()).failed == 1
    assert peer.messages(theirs) == []
