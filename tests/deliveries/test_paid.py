"""The whole engine at a played X, which is paid for by the post: words it has already, and a credit that ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ausrufer.adapter import registry
from ausrufer.adapter.http import Http
from ausrufer.adapter.supplies import Supplies
from ausrufer.adapter.testing import FakePlatform
from ausrufer.channels.ledger import ChannelLedger
from ausrufer.channels.models import Channel, HeldFor
from ausrufer.deliveries.board import board
from ausrufer.deliveries.models import Delivery, Release
from ausrufer.deliveries.publish import publish
from ausrufer.deliveries.states import State
from tests import town
from tests.deliveries.conftest import in_german, work
from tests.platforms.rigs.x import PREPAID, XRig, start

MARKET = "Heute ist Wochenmarkt auf dem Viehmarktplatz."


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[XRig]:
    with start(tmp_path_factory.mktemp("x")) as rig:
        yield rig


@pytest.fixture
def x(own: FakePlatform, played: XRig) -> Iterator[XRig]:
    """The real platform at the stand-in, with a budget."""
    played.fresh()
    before = registry.platform("x", {}, {}, {}).supplies
    registry.equip(Supplies(http=Http(allowed_origins=[played.standin.origin]), ledger=ChannelLedger()))
    channel = town.channel("x")
    channel.settings = {**played.platform.settings, "monthly_budget_cents": 5000}
    channel.secrets = dict(played.platform.secrets)
    channel.save()
    yield played
    registry.equip(before)


def released(text: str) -> Release:
    post = town.written(text, by=town.amira())
    release = publish(post, by=town.amira(), revision=post.revision)
    work()
    return release


def on_x(release: Release) -> Delivery:
    return Delivery.objects.get(release=release, channel__platform="x")


def said(release: Release) -> str:
    """What the board says of X."""
    return next(in_german(row.below) for row in board(release).rows if row.channel == "X")


def test_yesterdays_post_again_is_refused_once_with_a_sentence_that_helps(x: XRig) -> None:
    released(MARKET)
    town.let_time_pass(86_400)
    again = released(MARKET)
    assert on_x(again).state == State.UNCLEAR  # X says it has it: an answer may have been lost
    town.let_time_pass(120)
    work()
    town.let_time_pass(120)
    work()

    assert on_x(again).state == State.FAILED
    assert "nimmt keinen zweiten an. Bitte den Text ändern." in said(again)
    assert x.timeline().count(MARKET) == 1


def test_without_credit_the_channel_waits_and_goes_on_once_it_is_bought(x: XRig) -> None:
    x.buy(0)
    release = released("Die Römerbrücke ist gesperrt.")
    assert on_x(release).state == State.WAITING
    assert Channel.objects.get(platform="x").held_for == HeldFor.PATIENCE
    assert "Das Guthaben bei X ist aufgebraucht." in said(release)

    x.buy(PREPAID)
    town.let_time_pass(3601)
    work()
    assert on_x(release).state == State.ONLINE
    assert x.timeline().count("Die Römerbrücke ist gesperrt.") == 1
