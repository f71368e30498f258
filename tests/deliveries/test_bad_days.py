"""What happens to one delivery on a bad day; in the end there is exactly one copy, or a person knows why not."""

from __future__ import annotations

import pytest
from django.db import transaction

from ausrufer.adapter.testing import FakePlatform, Killed
from ausrufer.channels.models import Channel, HeldFor
from ausrufer.deliveries.deliver import deliver
from ausrufer.deliveries.publish import publish
from ausrufer.deliveries.states import State
from ausrufer.posts.models import Post
from tests import town
from tests.deliveries.conftest import claims, delivery_to, work


@pytest.fixture
def storm_warning(threads: FakePlatform) -> Post:
    return town.written(town.STORM, by=town.amira(), about=town.crisis())


def released(post: Post) -> None:
    publish(post, by=town.amira(), revision=post.revision)


def test_a_post_is_online_everywhere(storm_warning: Post, own: FakePlatform, threads: FakePlatform) -> None:
    released(storm_warning)
    work()
    assert own.timeline == threads.timeline == [town.STORM]
    assert delivery_to(threads).state == State.ONLINE
    assert delivery_to(threads).seconds_to_seen is not None


def test_a_silent_platform_is_asked_before_we_repeat(storm_warning: Post, threads: FakePlatform) -> None:
    threads.will("publish but not answer")
    released(storm_warning)
    work()
    assert delivery_to(threads).state == State.UNCLEAR
    town.let_time_pass(3)
    work()
    assert threads.timeline == [town.STORM]
    assert delivery_to(threads).state == State.ONLINE


def test_what_is_not_there_after_two_looks_is_sent_again(storm_warning: Post, threads: FakePlatform) -> None:
    threads.will("not answer")
    released(storm_warning)
    work()
    town.let_time_pass(3)
    work()
    assert threads.timeline == []  # looked once: the lost call might still be under way
    town.let_time_pass(40)
    work()
    assert threads.timeline == [town.STORM]
    assert delivery_to(threads).state == State.ONLINE


def test_a_platform_that_cannot_tell_leaves_it_to_a_person(storm_warning: Post, threads: FakePlatform) -> None:
    threads.platform.capabilities = type(threads.facts)(max_text=500, can_find=False)
    threads.will("not answer")
    released(storm_warning)
    work()
    town.let_time_pass(600)
    work()
    assert delivery_to(threads).needs_person
    assert threads.timeline == []


def test_being_told_to_wait_costs_no_attempt(storm_warning: Post, own: FakePlatform, threads: FakePlatform) -> None:
    threads.will("ask for patience for 600 seconds")
    released(storm_warning)
    work()
    assert own.timeline == [town.STORM]  # the others go on
    assert delivery_to(threads).state == State.WAITING
    town.let_time_pass(590)
    work()
    assert threads.timeline == []
    town.let_time_pass(11)
    work()
    assert threads.timeline == [town.STORM]
    assert Channel.objects.get(platform=threads.key).held_for == ""


def test_a_limited_channel_holds_its_other_posts_too(storm_warning: Post, threads: FakePlatform) -> None:
    threads.will("ask for patience for 600 seconds")
    released(storm_warning)
    work()
    released(town.written(town.ROADWORKS, by=town.amira()))
    work()
    assert len(threads.orders) == 1  # nobody knocks at a door that asked for patience


def test_a_limit_met_while_preparing_is_waited_for_too(storm_warning: Post, threads: FakePlatform) -> None:
    threads.will("limit our looks for 600 seconds")
    released(storm_warning)
    work()
    town.let_time_pass(590)
    work()
    assert len(threads.orders) == 1  # else it would knock as fast as the machine can
    town.let_time_pass(11)
    work()
    assert threads.timeline == [town.STORM]
    assert delivery_to(threads).state == State.ONLINE


def test_too_long_for_the_platform_becomes_the_approved_shorter_form(
    storm_warning: Post, threads: FakePlatform
) -> None:
    threads.will("refuse as too long")
    released(storm_warning)
    work()
    [seen] = threads.published
    assert seen.rendition.wording == "shortened"
    assert storm_warning.address in seen.rendition.text  # where the rest is to be read
    assert delivery_to(threads).rank == 1


def test_what_is_refused_in_every_form_goes_back_to_the_author(storm_warning: Post, threads: FakePlatform) -> None:
    threads.will("refuse", "refuse", "refuse")
    released(storm_warning)
    work()
    assert delivery_to(threads).state == State.FAILED
    assert delivery_to(threads).sentence  # which the author reads


def test_a_sender_killed_after_publishing_leaves_one_copy(storm_warning: Post, threads: FakePlatform) -> None:
    threads.will("be killed after publishing")
    released(storm_warning)
    with pytest.raises(Killed):
        work()
    assert delivery_to(threads).state == State.SENDING
    town.let_time_pass(31)
    work()
    assert threads.timeline == [town.STORM]
    assert delivery_to(threads).state == State.ONLINE


def test_a_sender_killed_before_any_act_is_simply_followed(storm_warning: Post, threads: FakePlatform) -> None:
    released(storm_warning)
    abandoned = claims()  # claimed, and then the process ended
    assert delivery_to(threads).state == State.SENDING
    town.let_time_pass(31)
    work()
    assert threads.timeline == [town.STORM]
    for claimed in abandoned:
        deliver(claimed)  # and should it live after all: its claim is lost
    assert threads.timeline == [town.STORM]


def test_a_mistake_of_ours_after_an_act_is_looked_into(storm_warning: Post, threads: FakePlatform) -> None:
    threads.will("crash after publishing")
    released(storm_warning)
    work()
    town.let_time_pass(3)
    work()
    assert threads.timeline == [town.STORM]


def test_a_lost_access_holds_the_channel_until_it_is_connected(storm_warning: Post, threads: FakePlatform) -> None:
    threads.will("lock us out")
    released(storm_warning)
    work()
    town.let_time_pass(86_400)
    work()
    channel = Channel.objects.get(platform=threads.key)
    assert channel.held_for == HeldFor.ACCESS
    assert threads.timeline == []
    Channel.objects.filter(pk=channel.pk).update(held_for="")
    work()
    assert threads.timeline == [town.STORM]


def test_accepted_but_never_seen_alarms_and_is_never_sent_again(storm_warning: Post, threads: FakePlatform) -> None:
    threads.will_show(*["not yet"] * 30)
    released(storm_warning)
    for _ in range(25):
        work()
        town.let_time_pass(31)
    assert delivery_to(threads).state == State.UNCLEAR
    assert delivery_to(threads).needs_person
    for _ in range(10):
        work()
        town.let_time_pass(61)
    assert delivery_to(threads).state == State.ONLINE  # it turned up after all
    assert len(threads.orders) == 1


def test_what_is_no_longer_useful_lapses(storm_warning: Post, threads: FakePlatform) -> None:
    from datetime import timedelta

    from ausrufer.kernel.database_clock import database_now

    post = town.written(town.ROADWORKS, by=town.amira(), useful_until=database_now() + timedelta(seconds=60))
    threads.will("ask for patience for 600 seconds")
    released(post)
    work()
    town.let_time_pass(61)
    work()
    assert delivery_to(threads).state == State.LAPSED
    assert threads.timeline == []


@pytest.mark.parametrize("trouble", ["ask for patience for 600 seconds", "lock us out"])
@pytest.mark.django_db(transaction=True)
def test_a_delivery_goes_back_and_its_channel_is_held_in_one_step(
    storm_warning: Post, threads: FakePlatform, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    """Else the next post would slip through in between, or a lost database would leave the channel open."""
    seen = []

    def held(*given: object, **named: object) -> None:
        seen.append(transaction.get_connection().in_atomic_block)

    monkeypatch.setattr("ausrufer.channels.hold.hold", held)
    threads.will(trouble)
    released(storm_warning)
    work(1)
    assert seen == [True]
