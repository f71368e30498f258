"""The machine's clock jumps by an hour: nothing is late, nothing is early, no receipt lies."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ausrufer.adapter.testing import FakePlatform
from ausrufer.deliveries.clock_jumps import ClockWatch
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.publish import publish
from ausrufer.kernel.models import ClockJump
from tests import town
from tests.deliveries.conftest import delivery_to, work


@pytest.mark.parametrize("hours", [1, -1])
def test_patience_asked_for_stays_the_same_number_of_seconds(threads: FakePlatform, hours: int) -> None:
    watch = ClockWatch()
    watch.notice()
    threads.will("ask for patience for 600 seconds")
    post = town.written(town.STORM, by=town.amira())
    publish(post, by=town.amira(), revision=post.revision)
    work()
    town.let_time_pass(hours * 3600)  # which this watch must take for a jump
    watch.notice()
    work()
    assert threads.timeline == []
    town.let_time_pass(601)
    work()
    assert threads.timeline == [town.STORM]
    seconds = delivery_to(threads).seconds_to_seen
    assert seconds is not None
    assert 590 < seconds < 700


def test_a_post_released_at_once_goes_out_although_the_clock_went_back(own: FakePlatform) -> None:
    post = town.written(town.STORM, by=town.amira())
    publish(post, by=town.amira(), revision=post.revision)
    town.let_time_pass(-3600)
    work()
    assert own.timeline == [town.STORM]


@pytest.mark.parametrize("hours", [1, -1])
def test_what_was_sent_before_the_jump_keeps_its_seconds_and_alarms_nobody(threads: FakePlatform, hours: int) -> None:
    watch = ClockWatch()
    watch.notice()
    threads.will_show("not yet", "not yet", "not yet")
    post = town.written(town.STORM, by=town.amira())
    publish(post, by=town.amira(), revision=post.revision)
    town.let_time_pass(7)
    watch.seen = None
    watch.notice()
    work()
    town.let_time_pass(hours * 3600)
    watch.notice()
    town.let_time_pass(1)
    work()
    sent = delivery_to(threads)
    assert (sent.state, sent.needs_person) == ("sent", False)
    assert sent.seconds_to_sent is not None
    assert 6 < sent.seconds_to_sent < 20


@pytest.mark.parametrize("hours", [1, -1])
def test_what_was_released_after_the_jump_and_before_anybody_noticed_keeps_its_seconds(
    threads: FakePlatform, hours: int
) -> None:
    watch = ClockWatch()
    watch.notice()
    threads.will("ask for patience for 600 seconds")
    town.let_time_pass(hours * 3600)
    post = town.written(town.STORM, by=town.amira())
    publish(post, by=town.amira(), revision=post.revision)
    watch.notice()
    work()
    assert delivery_to(threads).clock_jumps == timedelta(0)
    assert ClockJump.objects.count() == 1


def test_two_dispatchers_even_out_one_jump_once(threads: FakePlatform) -> None:
    watches = [ClockWatch(), ClockWatch()]
    for watch in watches:
        watch.notice()
    threads.will("ask for patience for 600 seconds")
    post = town.written(town.STORM, by=town.amira())
    publish(post, by=town.amira(), revision=post.revision)
    work()
    town.let_time_pass(3600)
    for watch in watches:
        watch.notice()
    assert ClockJump.objects.count() == 1
    assert Delivery.objects.get(channel__platform=threads.key).clock_jumps < timedelta(seconds=3601)
