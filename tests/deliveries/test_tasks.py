"""What no machine can correct or take down becomes a person's task, and stays none when its reason is gone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ausrufer.adapter.capabilities import Capabilities, ConfirmsBy
from ausrufer.adapter.testing import FakePlatform
from ausrufer.deliveries import changes, decide, reach
from ausrufer.deliveries.alarms import alarms
from ausrufer.deliveries.board import board
from ausrufer.deliveries.carrying import to_carry
from ausrufer.deliveries.models import Change, Delivery, Release
from ausrufer.deliveries.orders import rendition_of
from ausrufer.deliveries.publish import publish
from ausrufer.deliveries.states import Act, State
from ausrufer.posts.trouble import NotAllowed
from tests import town
from tests.deliveries.conftest import connected, delivery_to, in_german, work

RIGHT = town.ROADWORKS.replace("7 Uhr", "9 Uhr")


@pytest.fixture
def fixed(own: FakePlatform) -> Iterator[FakePlatform]:
    """A place where a post can neither be edited nor answered, but be taken down."""
    facts = Capabilities(max_text=500, can_withdraw=True, can_find=True)
    yield from connected(FakePlatform("fixed", facts=facts), 20)


def released() -> Release:
    post = town.written(town.ROADWORKS, by=town.amira())
    release = publish(post, by=town.amira(), revision=post.revision)
    work()
    return release


def correct(release: Release, text: str = RIGHT) -> Change:
    change = changes.correct(release, text=text, reason="", by=town.amira())
    work()
    return change


def taken_down(release: Release) -> list[str]:
    """What the form says before the button."""
    return [each.channel.platform for each in reach.reaches(release, Act.WITHDRAW)]


def task_of(change: Change) -> Delivery:
    return change.deliveries.get(channel__platform="fixed")


def test_a_person_is_asked_to_mend_it_and_her_word_is_the_receipt(fixed: FakePlatform) -> None:
    change = correct(released())
    [asked] = to_carry()
    assert (asked, rendition_of(asked).text) == (task_of(change), RIGHT)
    shown = next(row for row in board(change.release).changes[0].rows if row.delivery == asked)
    assert shown.words == "von Hand zu berichtigen"
    assert in_german(shown.below) == "Bitte den Beitrag dort von Hand berichtigen und hier bestätigen."
    assert shown.actions == ("carry", "confirm", "give_up")
    assert alarms() == []

    decide.confirm_online(asked, "", by=town.amira())
    assert not to_carry()
    assert task_of(change).state == State.ONLINE
    assert fixed.timeline == [town.ROADWORKS]  # we changed nothing there


def test_what_a_person_is_asked_to_mend_no_machine_sends(fixed: FakePlatform) -> None:
    """It would be a second post there; only a hand-made request asks for it."""
    asked = task_of(correct(released()))
    with pytest.raises(decide.Settled):
        decide.send_again(asked, by=town.amira())
    work()
    assert (fixed.timeline, list(to_carry())) == ([town.ROADWORKS], [asked])


def test_what_nobody_mended_for_four_hours_raises_an_alarm(fixed: FakePlatform) -> None:
    correct(released())
    town.let_time_pass(4 * 3600 + 1)
    assert [str(each) for each in alarms()] == [
        f"Fixed: „{town.ROADWORKS[:60]}“ ist seit über vier Stunden von Hand zu übertragen."
    ]


def test_the_next_correction_takes_the_place_of_what_is_not_mended_yet(fixed: FakePlatform) -> None:
    release = released()
    first = correct(release)
    second = correct(release, RIGHT + " Busse fahren.")
    assert task_of(first).state == State.LAPSED
    [asked] = to_carry()
    assert (asked.change, rendition_of(asked).text) == (second, RIGHT + " Busse fahren.")


def test_nobody_mends_what_is_taken_down(fixed: FakePlatform) -> None:
    release = released()
    correction = correct(release)
    changes.withdraw(release, reason="Überholt.", by=town.amira())
    assert (task_of(correction).state, list(to_carry())) == (State.LAPSED, [])
    work()
    assert fixed.timeline == []


def test_what_was_mended_by_hand_is_no_post_of_its_own_to_take_down(fixed: FakePlatform) -> None:
    release = released()
    asked = task_of(correct(release))
    assert taken_down(release) == ["own", "fixed"]
    decide.confirm_online(asked, "", by=town.amira())
    assert taken_down(release) == ["own", "fixed"]
    changes.withdraw(release, reason="Überholt.", by=town.amira())
    work()
    assert fixed.timeline == []


def test_what_never_arrived_needs_no_mending(fixed: FakePlatform) -> None:
    fixed.will("not answer")
    release = released()
    assert delivery_to(fixed).state == State.UNCLEAR
    change = correct(release)
    decide.give_up(Delivery.objects.get(act=Act.PUBLISH, channel__platform="fixed"), by=town.amira())
    work()
    assert (task_of(change).state, list(to_carry())) == (State.LAPSED, [])


def test_letters_stay_as_they_were_sent_and_nobody_is_asked_to_mend_them(own: FakePlatform) -> None:
    letters = FakePlatform("letters", facts=Capabilities(confirms_by=ConfirmsBy.ACCEPTED, can_find=True))
    for _ in connected(letters, 30):
        release = released()
        said = {each.channel.platform: each.way for each in reach.reaches(release, Act.CORRECT)}
        assert said["letters"] == "stays"
        correct(release)
        assert not to_carry()


@pytest.fixture
def lasting(own: FakePlatform) -> Iterator[FakePlatform]:
    """A place where what was published can be changed by its own people only, such as Instagram."""
    yield from connected(FakePlatform("lasting", facts=Capabilities(max_text=500, can_find=True)), 30)


def withdraw(release: Release) -> Change:
    change = changes.withdraw(release, reason="Überholt.", by=town.amira())
    work()
    return change


def test_what_no_machine_can_take_down_a_person_removes_and_her_word_is_the_receipt(lasting: FakePlatform) -> None:
    release = released()
    change = withdraw(release)
    [asked] = to_carry()
    assert (asked.change, asked.channel.platform) == (change, "lasting")
    [shown] = [row for row in board(release).changes[0].rows if row.delivery == asked]
    assert (shown.words, shown.actions) == ("von Hand zu entfernen", ("confirm",))
    assert in_german(shown.below) == "Bitte den Beitrag dort von Hand entfernen und hier bestätigen."
    assert (board(release).taken_back, alarms()) == (1, [])

    decide.confirm_gone(asked, by=town.amira())
    assert not to_carry()
    [receipt] = [row for row in board(release).changes[0].rows if row.delivery == asked]
    assert (receipt.words, receipt.below) == ("zurückgenommen", "von Hand bestätigt")
    assert board(release).taken_back == 2
    assert lasting.timeline == [town.ROADWORKS]  # we changed nothing there


def test_what_nobody_removed_for_four_hours_raises_an_alarm(lasting: FakePlatform) -> None:
    withdraw(released())
    town.let_time_pass(4 * 3600 + 1)
    assert [str(each) for each in alarms()] == [
        f"Lasting: „{town.ROADWORKS[:60]}“ ist seit über vier Stunden von Hand zu entfernen."
    ]


def test_what_never_arrived_needs_no_removing(lasting: FakePlatform) -> None:
    lasting.will("not answer")
    release = released()
    original = delivery_to(lasting)
    assert original.state == State.UNCLEAR
    withdraw(release)
    assert [each.channel.platform for each in to_carry()] == ["lasting"]
    decide.give_up(Delivery.objects.get(pk=original.pk), by=town.amira())
    work()
    assert not to_carry()


def test_only_the_press_office_says_that_it_is_gone(lasting: FakePlatform) -> None:
    withdraw(released())
    with pytest.raises(NotAllowed):
        decide.confirm_gone(to_carry()[0], by=town.bernd())
    assert to_carry()


def test_what_a_person_carried_a_person_takes_away_again(own: FakePlatform) -> None:
    town.channel("byhand", key="notice-board", position=40)
    release = released()
    carried = Delivery.objects.get(channel__key="notice-board")
    assert {each.channel.key: each.way for each in reach.reaches(release, Act.WITHDRAW)}["notice-board"] == "by_hand"
    decide.confirm_online(carried, "", by=town.amira())
    withdraw(release)
    [asked] = to_carry()
    assert (asked.act, asked.of) == (Act.WITHDRAW, carried)
    decide.confirm_gone(asked, by=town.amira())
    carried.refresh_from_db()
    assert carried.state == State.WITHDRAWN
