"""A chain that ended half-way: what of it is out is taken down with the rest, and nobody is told that nothing was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from ausrufer.adapter.capabilities import Capabilities, ConfirmsBy
from ausrufer.adapter.testing import FakePlatform
from ausrufer.deliveries import changes, decide, reach
from ausrufer.deliveries.models import Delivery, Release
from ausrufer.deliveries.publish import publish
from ausrufer.deliveries.states import Act, State
from ausrufer.kernel.database_clock import database_now
from ausrufer.kernel.sentence import Sentence
from tests import town
from tests.deliveries.conftest import connected, work


@pytest.fixture
def chain(own: FakePlatform) -> Iterator[FakePlatform]:
    facts = Capabilities(can_reply=True, can_withdraw=True, can_find=True, can_chain=True, public_so_far=("parts",))
    yield from connected(FakePlatform("chain", facts=facts), 20)


def released_and_stuck(chain: FakePlatform, *, useful_for: timedelta | None = None) -> Release:
    """Half of it is out, the rest waits for an hour."""
    chain.will("publish a part and ask for patience for 3600 seconds")
    post = town.written(town.ROADWORKS, by=town.amira())
    if useful_for:
        post.useful_until = database_now() + useful_for
        post.save()
    release = publish(post, by=town.amira(), revision=post.revision)
    work()
    assert len(chain.timeline) == 1
    return release


def delivery_to(platform: FakePlatform) -> Delivery:
    return Delivery.objects.select_related("channel").get(channel__platform=platform.key, act=Act.PUBLISH)


def said(delivery: Delivery) -> str:
    return str(Sentence.from_json(delivery.sentence or {}))


def withdrawn(release: Release) -> Delivery:
    """The withdrawal on the chain's channel, once it is done."""
    change = changes.withdraw(release, reason="Überholt.", by=town.amira())
    work()
    return change.deliveries.get(channel__platform="chain")


def test_what_is_out_of_a_waiting_chain_is_taken_down(chain: FakePlatform) -> None:
    release = released_and_stuck(chain)
    assert {each.way for each in reach.reaches(release, Act.WITHDRAW)} == {"withdraw"}

    assert withdrawn(release).state == State.WITHDRAWN
    assert chain.timeline == []
    assert delivery_to(chain).state == State.LAPSED
    assert said(delivery_to(chain)) == "Zurückgenommen, bevor alles davon hinausging."
    town.let_time_pass(4000)
    work()
    assert chain.timeline == []


def test_a_part_that_comes_out_during_the_withdrawal_is_taken_down_too(chain: FakePlatform) -> None:
    """The dispatcher had taken it when Amira pressed the button."""
    release = released_and_stuck(chain)
    Delivery.objects.filter(channel__platform="chain").update(state=State.SENDING, acted_at=None, lease_until=None)
    change = changes.withdraw(release, reason="Überholt.", by=town.amira())
    work()
    assert change.deliveries.get(channel__platform="chain").state == State.WAITING

    Delivery.objects.filter(channel__platform="chain", act=Act.PUBLISH).update(state=State.WAITING)
    town.let_time_pass(5)
    work()
    assert chain.timeline == []
    assert said(delivery_to(chain)) == "Zurückgenommen, bevor alles davon hinausging."


def test_a_chain_that_somebody_gave_up_is_taken_down_later(chain: FakePlatform) -> None:
    release = released_and_stuck(chain)
    decide.give_up(delivery_to(chain), by=town.amira())
    assert "Was davon schon dort steht, entfernt die Rücknahme." in said(delivery_to(chain))

    assert withdrawn(release).state == State.WITHDRAWN
    assert chain.timeline == []


def test_a_chain_that_is_of_no_more_use_says_that_some_of_it_stays(chain: FakePlatform) -> None:
    release = released_and_stuck(chain, useful_for=timedelta(minutes=30))
    town.let_time_pass(2000)
    work()
    assert said(delivery_to(chain)).endswith("bevor alles davon hinausging. Was dort steht, bleibt.")

    assert withdrawn(release).state == State.WITHDRAWN
    assert chain.timeline == []


def test_what_was_given_up_unseen_is_taken_down_should_it_be_there(chain: FakePlatform) -> None:
    post = town.written(town.ROADWORKS, by=town.amira())
    release = publish(post, by=town.amira(), revision=post.revision)
    chain.will_show(*["not yet"] * 5)
    work()
    town.let_time_pass(130)
    chain.will_show("not yet")
    work()
    assert delivery_to(chain).state == State.UNCLEAR
    decide.give_up(delivery_to(chain), by=town.amira())

    assert withdrawn(release).state == State.WITHDRAWN
    assert chain.timeline == []


def test_a_mailing_that_gets_on_is_broken_off_and_nobody_says_that_it_never_went_out(own: FakePlatform) -> None:
    facts = Capabilities(confirms_by=ConfirmsBy.ACCEPTED, can_find=True)
    for letters in connected(FakePlatform("letters", facts=facts), 30):
        letters.will("get on for 600 seconds")
        post = town.written(town.ROADWORKS, by=town.amira())
        release = publish(post, by=town.amira(), revision=post.revision)
        work()
        reached = reach.reaches(release, Act.WITHDRAW)
        assert [each.way for each in reached] == ["withdraw", "break_off"]
        assert not reach.was_nowhere([each for each in reached if each.way == "break_off"])
        changes.withdraw(release, reason="Überholt.", by=town.amira())
        assert delivery_to(letters).state == State.LAPSED
