"""Pushes to a push service nobody here wrote: what it decrypts is what was written, and who is gone is forgotten."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pytest_django.fixtures import Settings

from ausrufer.push import vapid
from ausrufer.push.carrying import carry_out
from ausrufer.push.mailings import PushMailings
from ausrufer.push.models import PushMailing, Subscription
from ausrufer.push.subscribers import subscribe
from tests import town
from tests.peers.processes import FaultProxy, fault_proxy
from tests.peers.web_push import PushPeer, web_push
from tests.push.test_mailings import STORM, order, rendition, sent


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


@pytest.fixture(scope="module")
def unruly(peer: PushPeer) -> Iterator[FaultProxy]:
    with fault_proxy(peer.origin) as proxy:
        yield proxy


@pytest.mark.parametrize(
    ("fault", "seconds", "copies"),
    [
        ("drop_request", 6, 1),
        ("drop_answer", 6, 2),  # the second takes the place of the first: the same topic, and the same words
        ("cut", 6, 2),
        ("status", 6, 1),
        ("limit", 601, 1),
        ("html", 6, 1),
        ("redirect", 6, 1),
    ],
)
def test_a_bad_line_to_one_browser_stops_no_other_and_is_tried_again(
    peer: PushPeer, house: str, unruly: FaultProxy, settings: Settings, fault: str, seconds: int, copies: int
) -> None:
    settings.ALLOWED_ORIGINS = [peer.origin, unruly.origin]
    far, near = peer.subscribe(house), peer.subscribe(house)
    behind = far["endpoint"].replace(peer.origin, unruly.origin)
    subscribe(behind, far["keys"]["p256dh"], far["keys"]["auth"])
    subscribe(near["endpoint"], near["keys"]["p256dh"], near["keys"]["auth"])
    unruly.will(fault, path=urlsplit(behind).path, seconds=600)

    what = order()
    told = sent(what)
    assert (told.sent, told.open) == (1, 1)
    town.let_time_pass(seconds)
    carry_out(PushMailing.objects.get(key=what.key).pk)
    told = PushMailings().open(what, rendition())
    assert (told.sent, told.open) == (2, 0)
    assert (len(peer.messages(far)), len(set(peer.messages(far))), len(peer.messages(near))) == (copies, 1, 1)


@pytest.mark.parametrize("fault", ["garbage", "huge"])
def test_what_a_service_says_beside_its_yes_is_not_read(
    peer: PushPeer, house: str, unruly: FaultProxy, settings: Settings, fault: str
) -> None:
    settings.ALLOWED_ORIGINS = [unruly.origin]
    far = peer.subscribe(house)
    subscribe(far["endpoint"].replace(peer.origin, unruly.origin), far["keys"]["p256dh"], far["keys"]["auth"])
    unruly.will(fault, path="*", forwards=True)

    assert sent(order()).sent == 1
    assert len(peer.messages(far)) == 1


def test_a_late_answer_is_waited_for(peer: PushPeer, house: str, unruly: FaultProxy, settings: Settings) -> None:
    settings.ALLOWED_ORIGINS = [unruly.origin]
    far = peer.subscribe(house)
    subscribe(far["endpoint"].replace(peer.origin, unruly.origin), far["keys"]["p256dh"], far["keys"]["auth"])
    unruly.will("delay", path="*", seconds=2)

    assert sent(order()).sent == 1
    assert len(peer.messages(far)) == 1


def test_a_browser_of_another_city_is_not_ours(peer: PushPeer, house: str, tmp_path: Path) -> None:
    theirs = peer.subscribe(vapid.kept(tmp_path / "other.key", "mailto:andere@stadt.example").public)
    subscribe(theirs["endpoint"], theirs["keys"]["p256dh"], theirs["keys"]["auth"])

    assert sent(order()).failed == 1
    assert peer.messages(theirs) == []
