"""What the watch says when something is late, and the truth of /healthz."""

from __future__ import annotations

import pytest
from django.test import Client

from ausrufer.adapter.testing import FakePlatform, Killed
from ausrufer.channels.ledger import month_of
from ausrufer.channels.models import Channel
from ausrufer.deliveries.alarms import alarms
from ausrufer.deliveries.board import board
from ausrufer.deliveries.decide import Settled, confirm_online, give_up, send_again
from ausrufer.deliveries.deliver import deliver
from ausrufer.deliveries.models import Delivery, Release
from ausrufer.deliveries.pause import pause
from ausrufer.deliveries.publish import publish
from ausrufer.kernel.database_clock import database_now
from ausrufer.kernel.heartbeat import Heart
from ausrufer.people.models import AuditEntry
from tests import town
from tests.deliveries.conftest import claims, delivery_to, in_german, work


def released() -> Release:
    post = town.written(town.STORM, by=town.amira(), about=town.crisis())
    return publish(post, by=town.amira(), revision=post.revision)


def test_what_is_due_and_does_not_go_raises_an_alarm(threads: FakePlatform) -> None:
    released()
    assert alarms() == []
    town.let_time_pass(11)
    assert [each.delivery and each.delivery.channel.platform for each in alarms()] == ["own", threads.key]
    assert "geht nicht hinaus" in str(alarms()[0])


def test_a_held_channel_is_patience_and_no_alarm(threads: FakePlatform) -> None:
    threads.will("ask for patience for 600 seconds")
    released()
    work()
    town.let_time_pass(60)
    assert alarms() == []


def test_what_holds_the_own_pages_up_is_an_alarm(own: FakePlatform) -> None:
    own.will(*["ask for patience for 20 seconds"] * 3)
    released()
    work()
    town.let_time_pass(9)
    assert alarms() == []
    town.let_time_pass(2)
    assert [str(each) for each in alarms()] == [f"Own: „{town.STORM[:60]}“ ist fällig und geht nicht hinaus."]


def test_neither_is_a_channel_that_a_person_paused(threads: FakePlatform) -> None:
    pause(Channel.objects.get(platform=threads.key), because="Konto wird geprüft", by=town.amira())
    released()
    work()
    town.let_time_pass(60)
    assert alarms() == []


def test_what_was_accepted_and_is_never_seen_raises_an_alarm(threads: FakePlatform) -> None:
    threads.will_show(*["not yet"] * 30)
    released()
    said: set[str] = set()
    for _ in range(7):
        work()
        said |= {str(each) for each in alarms()}
        town.let_time_pass(10)
    assert said == {f"Fakethreads: „{town.STORM[:60]}“ ist angenommen, aber nicht zu sehen."}


def put_off(threads: FakePlatform, phrase: str, *, minutes: float) -> list[str]:
    """What the watch says after so long, with every try answered by `phrase`, which names half a minute."""
    threads.will(*[phrase] * 100)
    for _ in range(round(minutes * 2)):
        work()
        town.let_time_pass(30)
    work()
    return [str(each) for each in alarms()]


AGAIN = f"Fakethreads: „{town.STORM[:60]}“ wird immer wieder versucht und ist noch nicht hinausgegangen."


def test_a_warning_that_is_tried_again_and_again_is_said_after_a_minute(threads: FakePlatform) -> None:
    released()
    assert put_off(threads, "process for 30 seconds", minutes=0.5) == []
    assert put_off(threads, "process for 30 seconds", minutes=0.5) == [AGAIN]


def test_an_ordinary_post_may_wait_for_its_pictures_and_is_said_after_ten_minutes(threads: FakePlatform) -> None:
    post = town.written(town.STORM, by=town.amira())
    publish(post, by=town.amira(), revision=post.revision)
    assert put_off(threads, "process for 30 seconds", minutes=5.5) == []
    assert put_off(threads, "process for 30 seconds", minutes=4.5) == [AGAIN]


def test_a_mailing_that_gets_on_may_take_its_time(threads: FakePlatform) -> None:
    released()
    assert put_off(threads, "get on for 30 seconds", minutes=15) == []


def test_a_channel_without_money_left_is_said_once_and_not_for_each_post(threads: FakePlatform) -> None:
    channel = Channel.objects.get(platform=threads.key)
    channel.settings["monthly_budget_cents"] = 100
    channel.save()
    now = database_now()
    channel.spendings.create(month=month_of(now), cents=99, key="k", what="Beitrag", at=now)
    released()
    assert put_off(threads, "process for 30 seconds", minutes=2) == [
        "Fakethreads: 99 % des Budgets dieses Monats sind verbraucht."
    ]


def test_a_sender_that_hangs_raises_an_alarm(threads: FakePlatform) -> None:
    released()
    claims()
    town.let_time_pass(45)
    assert "bleibt beim Senden hängen" in str(alarms()[0])


def test_a_locked_channel_is_said_until_it_is_connected(threads: FakePlatform) -> None:
    threads.will("lock us out")
    released()
    work()
    assert [str(each) for each in alarms()] == ["Fakethreads: Der Zugang fehlt. Bitte den Kanal neu verbinden."]


def test_the_board_says_what_waits_and_until_when(threads: FakePlatform) -> None:
    threads.will("ask for patience for 600 seconds")
    release = released()
    work()
    shown = board(release)
    assert (shown.online, shown.total, shown.all_done) == (1, 2, False)
    website, limited = shown.rows
    assert (website.words, website.shape) == ("online", "tick")
    assert limited.words.startswith("bittet um Geduld bis ")
    assert "geht von selbst weiter" in in_german(limited.below)


def unclear(threads: FakePlatform) -> None:
    threads.platform.capabilities = type(threads.facts)(max_text=500, can_find=False)
    threads.will("not answer")
    released()
    work()


def test_a_person_who_looked_sends_again(threads: FakePlatform) -> None:
    unclear(threads)
    send_again(delivery_to(threads), by=town.amira())
    work()
    assert threads.timeline == [town.STORM]


def test_a_person_who_saw_it_confirms_with_the_address(threads: FakePlatform) -> None:
    unclear(threads)
    confirm_online(delivery_to(threads), "https://threads.example/post/9", by=town.amira())
    told = delivery_to(threads)
    assert (told.state, told.confirmed_by, told.address) == ("online", "person", "https://threads.example/post/9")
    assert AuditEntry.objects.filter(act="confirmed").exists()


def test_a_decision_that_comes_too_late_changes_nothing(threads: FakePlatform) -> None:
    unclear(threads)
    old = delivery_to(threads)
    give_up(old, by=town.amira())
    with pytest.raises(Settled):
        send_again(old, by=town.clara())
    assert delivery_to(threads).state == "failed"


def test_what_vanished_and_is_sent_again_is_looked_for_anew(threads: FakePlatform) -> None:
    threads.will_show("not yet")
    released()
    work()
    threads.take_down(delivery_to(threads).placement["parts"][0]["id"])  # type: ignore[index]
    town.let_time_pass(600)
    work()
    assert delivery_to(threads).needs_person
    send_again(delivery_to(threads), by=town.amira())
    assert delivery_to(threads).placement is None
    threads.published.clear()
    threads.taken_down.clear()
    threads.will("publish but not answer")
    work()
    town.let_time_pass(60)
    work()
    assert delivery_to(threads).state == "online"
    assert threads.timeline == [town.STORM]


def test_what_is_being_sent_cannot_be_given_up(threads: FakePlatform) -> None:
    released()
    for claimed in claims():
        with pytest.raises(Settled):
            give_up(Delivery.objects.get(pk=claimed.delivery), by=town.amira())
        deliver(claimed)
    assert delivery_to(threads).state == "online"


def test_where_nobody_can_look_an_interrupted_sending_is_a_persons_matter(threads: FakePlatform) -> None:
    threads.platform.capabilities = type(threads.facts)(max_text=500, can_find=False)
    threads.will("be killed after publishing")
    released()
    with pytest.raises(Killed):
        work()
    town.let_time_pass(45)
    work()
    told = delivery_to(threads)
    assert (told.state, told.needs_person, told.look_at) == ("unclear", True, None)
    assert threads.timeline == [town.STORM]


def test_health_tells_by_heartbeats_who_lives(threads: FakePlatform, client: Client) -> None:
    for part in ("dispatcher", "worker", "stream"):
        Heart(part).beat()
    assert client.get("/healthz").json()["parts"] == dict.fromkeys(
        ("database", "dispatcher", "worker", "stream", "public_folder"), True
    )
    town.let_time_pass(6)
    Heart("dispatcher").beat()
    parts = client.get("/healthz").json()["parts"]
    assert (parts["dispatcher"], parts["worker"]) == (True, False)
    assert client.get("/healthz").status_code == 503


def test_health_tells_the_alarms_and_no_text(threads: FakePlatform, client: Client) -> None:
    released()
    town.let_time_pass(11)
    answer = client.get("/healthz")
    assert len(answer.json()["alarms"]) == 2
    assert town.STORM[:20] not in answer.content.decode()
