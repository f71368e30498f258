"""What nobody expects and yet happens: keys that do not fit, odd addresses, holds that begin meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from pytest_django.fixtures import Settings

from ausrufer.adapter.contract import Part, Placement
from ausrufer.adapter.errors import LockedOut, Rejected, Trouble, TryLater
from ausrufer.adapter.testing import FakePlatform
from ausrufer.channels.models import Channel, HeldFor
from ausrufer.deliveries import reach
from ausrufer.deliveries.alarms import alarms
from ausrufer.deliveries.board import board
from ausrufer.deliveries.claim import claim_due
from ausrufer.deliveries.deliver import deliver
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.publish import publish
from ausrufer.deliveries.states import Act, State
from ausrufer.kernel.database_clock import database_now
from ausrufer.kernel.sentence import Sentence
from tests import town
from tests.deliveries.conftest import ENGINE, delivery_to, in_german, work


def written_and_released() -> None:
    post = town.written(town.ROADWORKS, by=town.amira())
    publish(post, by=town.amira(), revision=post.revision)


def test_secrets_nobody_can_read_lock_the_channel_and_are_kept(threads: FakePlatform, settings: Settings) -> None:
    Channel.objects.filter(platform=threads.key).update(secrets={"access_token": "geheim"})
    key, settings.CHANNELS_KEY = settings.CHANNELS_KEY, Fernet.generate_key()
    written_and_released()
    work()

    delivery = delivery_to(threads)
    shown = {row.channel: in_german(row.below) for row in board(delivery.release).rows}
    assert "nicht zu entschlüsseln" in shown[delivery.channel.name]
    assert threads.published == []
    held = Channel.objects.get(platform=threads.key)
    held.save()  # e.g. somebody gives it another name
    settings.CHANNELS_KEY = key
    assert Channel.objects.get(platform=threads.key).secrets == {"access_token": "geheim"}


def test_a_platform_that_is_no_longer_there_makes_its_posts_wait(threads: FakePlatform) -> None:
    written_and_released()
    Channel.objects.filter(platform=threads.key).update(platform="gone")
    work()
    [waiting] = [each for each in delivery_to_all() if each.channel.platform == "gone"]
    assert waiting.state == State.WAITING
    assert "nicht eingebaut" in str(waiting.sentence)


def test_a_platform_that_is_no_longer_there_stops_no_change_on_the_others(threads: FakePlatform) -> None:
    written_and_released()
    work()
    release = delivery_to(threads).release
    gone = town.channel("gone", position=90)
    Delivery.objects.create(release=release, channel=gone, state=State.UNCLEAR, needs_person=True)

    assert {each.channel.platform: each.way for each in reach.reaches(release, Act.WITHDRAW)}["gone"] == "by_hand"
    assert [row.words for row in board(release).rows if row.delivery.channel == gone] == ["unklar: bitte entscheiden"]
    assert any("unklar" in str(each) for each in alarms())


def delivery_to_all() -> list[Any]:
    return list(Delivery.objects.select_related("channel"))


@pytest.mark.parametrize(
    "address",
    ["https://threads.example/" + "x" * 500, "https://threads.example/\0", "https://threads.example/\ud800"],
    ids=["too long", "NUL", "half a sign"],
)
def test_an_address_that_cannot_be_stored_costs_no_receipt(
    threads: FakePlatform, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    publishes = threads.platform.send

    def send(self: Any, *given: Any) -> Placement:
        placed = publishes(self, *given)
        return replace(placed, parts=tuple(Part(part.id, address) for part in placed.parts))

    monkeypatch.setattr(threads.platform, "send", send)
    written_and_released()
    work()
    assert delivery_to(threads).state == State.ONLINE
    assert len(threads.published) == 1


@pytest.mark.parametrize("sign", ["\0", "\ud800"], ids=["NUL", "half a sign"])
@pytest.mark.parametrize(
    ("kind", "state"), [(TryLater, State.WAITING), (Rejected, State.FAILED), (LockedOut, State.WAITING)]
)
def test_words_of_a_platform_that_cannot_be_stored_leave_no_delivery_behind(
    threads: FakePlatform, monkeypatch: pytest.MonkeyPatch, kind: type[Trouble], state: State, sign: str
) -> None:
    said = Sentence("Nicht für {page}.", {"page": f"Stadt{sign}"})

    def send(self: Any, *given: Any) -> Placement:
        more: dict[str, Any] = {"seconds": 60} if kind is TryLater else {}
        raise kind(said, diagnostic=f"ERROR {sign}", so_far={"container": sign}, **more)

    monkeypatch.setattr(threads.platform, "send", send)
    written_and_released()
    work()
    assert delivery_to(threads).state == state
    assert "Nicht für Stadt." in str(Sentence.from_json(delivery_to(threads).sentence or {}))


def test_a_look_that_cannot_be_stored_is_planned_again(threads: FakePlatform, monkeypatch: pytest.MonkeyPatch) -> None:
    def is_online(self: Any, *given: Any) -> Any:
        raise TryLater("Threads antwortet unverständlich.", seconds=10, diagnostic="\0 \ud800")

    monkeypatch.setattr(threads.platform, "is_online", is_online)
    written_and_released()
    work()
    assert delivery_to(threads).state == State.SENT


def test_a_hold_that_began_meanwhile_stays(threads: FakePlatform, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = Channel.objects.filter(platform=threads.key)
    channel.update(held_for=HeldFor.PATIENCE, held_until=database_now() - timedelta(seconds=1))
    later = database_now() + timedelta(minutes=10)
    publishes = threads.platform.send

    def send(self: Any, *given: Any) -> Placement:
        channel.update(held_until=later)  # the crisis beside it was asked for patience
        return publishes(self, *given)

    monkeypatch.setattr(threads.platform, "send", send)
    written_and_released()
    for claimed in claim_due(ENGINE, ordinary=24, urgent=8):
        deliver(claimed)
    assert channel.get().held_until == later


def test_what_is_no_longer_useful_is_not_even_begun(threads: FakePlatform) -> None:
    post = town.written(town.ROADWORKS, by=town.amira(), useful_until=database_now() + timedelta(minutes=5))
    publish(post, by=town.amira(), revision=post.revision)
    town.let_time_pass(301)
    assert claim_due(ENGINE, ordinary=24, urgent=8) == []
