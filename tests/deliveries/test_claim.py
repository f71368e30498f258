"""Who gets which delivery, and when."""

from __future__ import annotations

import dataclasses
import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from ausrufer.adapter.testing import FakePlatform
from ausrufer.channels.models import Channel
from ausrufer.deliveries import pause
from ausrufer.deliveries.claim import Claimed, claim_due, seconds_to_next
from ausrufer.deliveries.deliver import deliver
from ausrufer.deliveries.keep import KeepProgress
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.publish import publish
from ausrufer.deliveries.states import State
from ausrufer.deliveries.sweep import sweep
from ausrufer.kernel.database_clock import database_now
from tests import town
from tests.deliveries.conftest import ENGINE, claims, delivery_to, work
from tests.system import until


def released(text: str, *, crisis: bool = False, **more: object) -> None:
    post = town.written(text, by=town.amira(), about=town.crisis() if crisis else town.topic(), **more)
    publish(post, by=town.amira(), revision=post.revision)


def test_one_at_a_time_per_channel_and_in_order(own: FakePlatform) -> None:
    for text in ("Erstens.", "Zweitens.", "Drittens."):
        released(text)
    assert len(claims()) == 1
    assert claims() == []
    Delivery.objects.update(state="waiting", claimed_by=None, lease_until=None)
    work()
    assert own.timeline == ["Erstens.", "Zweitens.", "Drittens."]


def test_the_own_pages_can_be_claimed_before_any_copy(own: FakePlatform, threads: FakePlatform) -> None:
    released("Erst auf der eigenen Seite.")
    [first] = claim_due(ENGINE, ordinary=24, urgent=8, own_only=True)
    assert first.delivery == delivery_to(own).pk
    assert claim_due(ENGINE, ordinary=24, urgent=8, own_only=True) == []
    assert [each.delivery for each in claims()] == [delivery_to(threads).pk]


def test_a_crisis_does_not_wait_behind_a_slow_post(own: FakePlatform) -> None:
    released("Ein langer Bericht.")
    [slow] = claims()
    released(town.STORM, crisis=True)
    [urgent] = claims()
    assert urgent.urgent
    deliver(urgent)
    assert own.timeline == [town.STORM]
    deliver(slow)


def test_a_slot_is_kept_for_a_crisis_when_everything_is_busy(own: FakePlatform) -> None:
    released("Ein Beitrag.")
    released(town.STORM, crisis=True)
    assert [claimed.urgent for claimed in claim_due(ENGINE, ordinary=0, urgent=8)] == [True]


def test_a_paused_channel_waits_and_the_others_go_on(own: FakePlatform, threads: FakePlatform) -> None:
    channel = Channel.objects.get(platform=threads.key)
    pause.pause(channel, because="Konto wird geprüft", by=town.amira())
    released(town.ROADWORKS)
    work()
    assert own.timeline == [town.ROADWORKS]
    assert threads.timeline == []
    pause.resume(channel, by=town.amira())
    work()
    assert threads.timeline == [town.ROADWORKS]


def test_a_due_time_is_kept_and_the_seconds_begin_there(own: FakePlatform) -> None:
    released(town.ROADWORKS, due_at=database_now() + timedelta(minutes=30))
    work()
    assert own.timeline == []
    planned = seconds_to_next(database_now())
    assert planned is not None
    assert 1790 < planned <= 1800
    town.let_time_pass(1800)
    work()
    assert own.timeline == [town.ROADWORKS]
    seconds = delivery_to(own).seconds_to_seen
    assert seconds is not None
    assert seconds < 60


def test_what_became_due_while_claiming_is_not_slept_over(own: FakePlatform) -> None:
    released(town.ROADWORKS, due_at=database_now() + timedelta(minutes=30))
    since = database_now()
    town.let_time_pass(1801)
    planned = seconds_to_next(since)
    assert planned is not None
    assert planned <= 0


def test_what_cannot_be_taken_now_does_not_keep_the_dispatcher_awake(own: FakePlatform) -> None:
    own.will_show("not yet")
    released("Erstens.")
    [first] = claims()
    deliver(first)
    released("Zweitens.")
    claims()
    town.let_time_pass(45)  # a look is due and no place is free; a lease has run out and the sweep comes with the beat
    assert seconds_to_next(database_now()) is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("trouble", ["ask for patience for 600 seconds", "lock us out"])
def test_nobody_takes_a_row_again_before_its_channel_is_held(threads: FakePlatform, trouble: str) -> None:
    threads.will(trouble)
    released("Die Saarstraße ist gesperrt.")
    claimed = next(each for each in claims() if each.delivery == delivery_to(threads).pk)

    def send() -> None:
        deliver(claimed)
        connections.close_all()

    sender = threading.Thread(target=send)
    with transaction.atomic():
        Channel.objects.select_for_update().get(platform=threads.key)  # so that holding it takes a while
        sender.start()
        until(somebody_waits_for_a_lock)
        assert claims() == []
    sender.join()
    assert claims() == []
    assert delivery_to(threads).state == "waiting"


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_two_dispatchers_never_take_the_same_delivery(own: FakePlatform, threads: FakePlatform) -> None:
    for number in range(10):
        released(f"Beitrag {number}.")
    taken: list[Claimed] = []
    together = threading.Barrier(4)

    def dispatcher(number: int) -> None:
        together.wait()
        for _ in range(20):
            for claimed in claim_due(number, ordinary=8, urgent=2):
                taken.append(claimed)
                deliver(claimed)
        connections.close_all()

    crew = [threading.Thread(target=dispatcher, args=[number]) for number in range(1, 5)]
    for each in crew:
        each.start()
    for each in crew:
        each.join()
    work()
    assert len({claimed.delivery for claimed in taken}) == len(taken)
    for platform in (own, threads):
        assert sorted(platform.timeline) == sorted(f"Beitrag {number}." for number in range(10))


def test_a_film_may_take_as_long_as_its_platform_says_and_no_longer(own: FakePlatform, threads: FakePlatform) -> None:
    threads.platform.capabilities = dataclasses.replace(threads.facts, longest_call=90.0)
    released("Mit einem langen Film.")
    film = next(each for each in claims() if each.delivery == delivery_to(threads).pk)

    def after(seconds: float) -> str:
        town.let_time_pass(seconds)
        sweep()
        return delivery_to(threads).state

    assert after(89) == State.SENDING
    KeepProgress(delivery_to(threads))({"film": "unterwegs"})
    assert after(89) == State.SENDING
    assert after(2) == State.UNCLEAR
    assert delivery_to(threads).claim > film.claim  # whoever had it is too late now
