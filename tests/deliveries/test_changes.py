"""A released post is corrected or withdrawn: on every channel that can, each with its own receipt, and once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from ausrufer.adapter.capabilities import Capabilities
from ausrufer.adapter.testing import FakePlatform
from ausrufer.channels.models import Channel
from ausrufer.deliveries import changes, decide, pause, reach
from ausrufer.deliveries.alarms import alarms
from ausrufer.deliveries.deliver import deliver
from ausrufer.deliveries.models import Change, Delivery, Release
from ausrufer.deliveries.publish import publish
from ausrufer.deliveries.states import Act, State
from ausrufer.kernel.database_clock import database_now
from ausrufer.people.models import AuditEntry
from ausrufer.posts.models import Post
from ausrufer.posts.render import page_address
from ausrufer.posts.trouble import NotAllowed, NotReady
from tests import town
from tests.deliveries.conftest import claims, connected, delivery_to, work

RIGHT = town.ROADWORKS.replace("7 Uhr", "9 Uhr")


@pytest.fixture
def editable(own: FakePlatform) -> Iterator[FakePlatform]:
    yield from connected(FakePlatform("editable", facts=Capabilities(can_edit=True, can_find=True)), 10)


@pytest.fixture
def answering(own: FakePlatform) -> Iterator[FakePlatform]:
    facts = Capabilities(max_text=500, can_reply=True, can_withdraw=True, can_find=True)
    yield from connected(FakePlatform("answering", facts=facts), 20)


@pytest.fixture
def released(editable: FakePlatform, answering: FakePlatform) -> Release:
    post = town.written(town.ROADWORKS, by=town.amira())
    release = publish(post, by=town.amira(), revision=post.revision)
    work()
    return release


def ways(release: Release, act: Act) -> dict[str, str]:
    return {each.channel.platform: each.way for each in reach.reaches(release, act)}


def states(change: Change) -> dict[str, str]:
    return dict(change.deliveries.values_list("channel__platform", "state"))


def test_a_correction_edits_where_it_can_and_answers_elsewhere(
    released: Release, editable: FakePlatform, answering: FakePlatform
) -> None:
    change = changes.correct(released, text=RIGHT, reason="Falsche Uhrzeit.", by=town.amira())
    work()
    assert editable.timeline == [RIGHT]
    assert answering.timeline == [town.ROADWORKS, f"Berichtigung: {RIGHT}"]
    assert states(change) == dict.fromkeys(("own", "editable", "answering"), State.ONLINE)
    reply = answering.orders[-1].reply_to
    assert reply
    assert reply.parts[0].id == "answering-1"


def test_a_correction_has_seconds_of_its_own(released: Release) -> None:
    town.let_time_pass(3600)
    change = changes.correct(released, text=RIGHT, reason="", by=town.amira())
    assert alarms() == []  # it has just begun
    work()
    assert all((each.seconds_to_seen or 99) < 60 for each in change.deliveries.all())


def test_the_second_correction_starts_from_the_first(released: Release, editable: FakePlatform) -> None:
    changes.correct(released, text=RIGHT, reason="", by=town.amira())
    work()
    again = changes.correct(released, text=RIGHT + " Busse fahren.", reason="", by=town.clara())
    work()
    assert (again.number, again.before) == (2, RIGHT)
    assert editable.timeline == [RIGHT + " Busse fahren."]


@pytest.mark.parametrize("text", ["", "  ", town.ROADWORKS])
def test_a_correction_that_corrects_nothing_is_refused(released: Release, text: str) -> None:
    with pytest.raises(NotReady):
        changes.correct(released, text=text, reason="", by=town.amira())
    assert not Change.objects.exists()


def test_a_lost_answer_to_an_edit_is_repeated_without_harm(released: Release, editable: FakePlatform) -> None:
    change = changes.correct(released, text=RIGHT, reason="", by=town.amira())
    editable.will("be unreachable")
    work()
    assert states(change)["editable"] == State.WAITING
    town.let_time_pass(20)
    work()
    assert editable.timeline == [RIGHT]


def test_a_withdrawal_takes_down_every_copy_and_says_where_a_person_must(
    released: Release, editable: FakePlatform, answering: FakePlatform
) -> None:
    assert ways(released, Act.WITHDRAW) == {"own": "withdraw", "editable": "task", "answering": "withdraw"}
    change = changes.withdraw(released, reason="Die Sperrung entfällt.", by=town.amira())
    work()
    assert answering.timeline == []
    assert states(change) == {"own": State.WITHDRAWN, "answering": State.WITHDRAWN, "editable": State.UNCLEAR}
    assert delivery_to_original(answering).state == State.WITHDRAWN
    assert delivery_to_original(editable).state == State.ONLINE


def test_what_still_waits_does_not_go_out_after_a_withdrawal(answering: FakePlatform) -> None:
    answering.will("ask for patience for 600 seconds")
    post = town.written(town.ROADWORKS, by=town.amira())
    release = publish(post, by=town.amira(), revision=post.revision)
    work()
    changes.withdraw(release, reason="Überholt.", by=town.amira())
    town.let_time_pass(700)
    work()
    assert answering.timeline == []
    assert delivery_to(answering).state == State.LAPSED


def test_what_is_under_way_at_that_moment_is_taken_down_as_soon_as_it_is_known(answering: FakePlatform) -> None:
    answering.will("publish but not answer")
    post = town.written(town.ROADWORKS, by=town.amira())
    release = publish(post, by=town.amira(), revision=post.revision)
    work()
    assert delivery_to(answering).state == State.UNCLEAR
    change = changes.withdraw(release, reason="Überholt.", by=town.amira())
    for _ in range(4):
        town.let_time_pass(40)
        work()
    assert answering.timeline == []
    assert states(change) == dict.fromkeys(("own", "answering"), State.WITHDRAWN)


def test_what_never_went_out_is_not_sent_again_after_a_withdrawal(answering: FakePlatform) -> None:
    answering.will("not answer")
    post = town.written(town.ROADWORKS, by=town.amira())
    release = publish(post, by=town.amira(), revision=post.revision)
    work()
    change = changes.withdraw(release, reason="Überholt.", by=town.amira())
    for _ in range(4):
        town.let_time_pass(40)
        work()
    assert len(answering.orders) == 1
    assert states(change) == dict.fromkeys(("own", "answering"), State.WITHDRAWN)


def test_what_still_waits_goes_out_with_the_corrected_text(editable: FakePlatform, answering: FakePlatform) -> None:
    release = with_one_channel_paused(answering)
    changes.correct(release, text=RIGHT, reason="", by=town.amira())
    pause.resume(Channel.objects.get(platform=answering.key), by=town.amira())
    work()
    assert editable.timeline == answering.timeline == [RIGHT]


def test_a_planned_post_is_corrected_before_anybody_saw_it(editable: FakePlatform, answering: FakePlatform) -> None:
    release = planned(hours=2)
    change = changes.correct(release, text=RIGHT, reason="", by=town.amira())
    assert not change.deliveries.exists()
    town.let_time_pass(7201)
    work()
    assert editable.timeline == answering.timeline == [RIGHT]


def test_what_is_under_way_is_corrected_as_soon_as_it_is_known(answering: FakePlatform) -> None:
    answering.will("publish but not answer")
    post = town.written(town.ROADWORKS, by=town.amira())
    release = publish(post, by=town.amira(), revision=post.revision)
    work()
    assert delivery_to(answering).state == State.UNCLEAR
    change = changes.correct(release, text=RIGHT, reason="", by=town.amira())
    assert states(change)["answering"] == State.WAITING
    for _ in range(4):
        town.let_time_pass(40)
        work()
    assert answering.timeline == [town.ROADWORKS, f"Berichtigung: {RIGHT}"]


def test_what_is_under_way_and_never_arrives_needs_no_correction(answering: FakePlatform) -> None:
    post = town.written(town.ROADWORKS, by=town.amira())
    release = publish(post, by=town.amira(), revision=post.revision)
    [delivery] = Delivery.objects.filter(channel__platform=answering.key)
    Delivery.objects.filter(pk=delivery.pk).update(state=State.UNCLEAR, needs_person=True)
    change = changes.correct(release, text=RIGHT, reason="", by=town.amira())
    Delivery.objects.filter(pk=delivery.pk).update(state=State.FAILED, needs_person=False)
    work()
    assert answering.timeline == []
    assert states(change)["answering"] == State.LAPSED


def test_a_withdrawal_takes_the_correction_down_too(released: Release, answering: FakePlatform) -> None:
    correction = changes.correct(released, text=RIGHT, reason="", by=town.amira())
    work()
    changes.withdraw(released, reason="Die Sperrung entfällt.", by=town.amira())
    work()
    assert answering.timeline == []
    assert states(correction)["answering"] == State.WITHDRAWN


def test_what_was_withdrawn_is_not_corrected_any_more(released: Release) -> None:
    changes.withdraw(released, reason="Überholt.", by=town.amira())
    with pytest.raises(changes.AlreadyWithdrawn):
        changes.correct(released, text=RIGHT, reason="", by=town.amira())


def with_one_channel_paused(platform: FakePlatform) -> Release:
    pause.pause(Channel.objects.get(platform=platform.key), because="Umbau", by=town.amira())
    post = town.written(town.ROADWORKS, by=town.amira())
    release = publish(post, by=town.amira(), revision=post.revision)
    work()
    return release


def planned(*, hours: float) -> Release:
    post = town.written(town.ROADWORKS, by=town.amira())
    Post.objects.filter(pk=post.pk).update(due_at=database_now() + timedelta(hours=hours))
    return publish(post, by=town.amira(), revision=post.revision)


def test_two_people_withdraw_in_the_same_second_once(released: Release) -> None:
    changes.withdraw(released, reason="Überholt.", by=town.amira())
    with pytest.raises(changes.AlreadyWithdrawn):
        changes.withdraw(released, reason="Überholt.", by=town.clara())


def test_a_withdrawal_needs_a_reason_and_the_press_office(released: Release) -> None:
    with pytest.raises(NotReady, match="warum"):
        changes.withdraw(released, reason=" ", by=town.amira())
    with pytest.raises(NotAllowed):
        changes.withdraw(released, reason="Weg.", by=town.bernd())
    with pytest.raises(NotAllowed):
        changes.correct(released, text=RIGHT, reason="", by=town.bernd())
    assert not Change.objects.exists()


def test_every_change_is_written_into_the_log(released: Release) -> None:
    changes.correct(released, text=RIGHT, reason="", by=town.amira())
    changes.withdraw(released, reason="Überholt.", by=town.amira())
    acts = AuditEntry.objects.values_list("act", flat=True)
    assert {"corrected", "withdrew"} <= set(acts)


def delivery_to_original(platform: FakePlatform) -> Delivery:
    return Delivery.objects.get(channel__platform=platform.key, act=Act.PUBLISH)


@pytest.mark.django_db(transaction=True)
def test_what_a_dispatcher_takes_while_it_is_withdrawn_does_not_stay(
    answering: FakePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = town.written(town.ROADWORKS, by=town.amira())
    release = publish(post, by=town.amira(), revision=post.revision)
    reaches, taken = reach.reaches, []

    def take() -> None:
        taken.extend(claims())
        connections.close_all()

    def taken_meanwhile(*given: Any) -> list[reach.Reach]:
        found = reaches(*given)
        dispatcher = threading.Thread(target=take)
        dispatcher.start()
        dispatcher.join()
        return found

    monkeypatch.setattr(changes, "reaches", taken_meanwhile)
    changes.withdraw(release, reason="Überholt.", by=town.amira())
    for claimed in taken:
        deliver(claimed)
    work()
    town.let_time_pass(10)
    work()
    assert answering.timeline == []


def lost_and_confirmed(answering: FakePlatform) -> Release:
    """It is out, its answer got lost, nothing finds it, and Amira saw it there: nobody knows its id."""
    answering.will("publish but not answer")
    answering.will_find(*["be unreachable"] * 20)
    post = town.written(town.ROADWORKS, by=town.amira())
    release = publish(post, by=town.amira(), revision=post.revision)
    work()
    return release


def test_what_a_person_saw_is_out_of_reach_and_said_before_the_button(answering: FakePlatform) -> None:
    release = lost_and_confirmed(answering)
    decide.confirm_online(delivery_to(answering), "", by=town.amira())

    assert ways(release, Act.CORRECT)["answering"] == "task"
    assert ways(release, Act.WITHDRAW)["answering"] == "task"


def test_what_a_person_saw_after_the_withdrawal_is_not_called_taken_down(answering: FakePlatform) -> None:
    release = lost_and_confirmed(answering)
    change = changes.withdraw(release, reason="Überholt.", by=town.amira())
    work()
    decide.confirm_online(Delivery.objects.get(act=Act.PUBLISH, channel__platform="answering"), "", by=town.amira())
    town.let_time_pass(10)
    work()

    told = change.deliveries.get(channel__platform="answering")
    assert (told.state, "von Hand" in str(told.sentence)) == (State.FAILED, True)
    assert answering.timeline == [town.ROADWORKS]


HEARD = "\n" + "Die Stadtwerke erneuern dort die Leitungen. " * 12


def published(text: str, variants: dict[str, str] | None = None) -> Release:
    post = town.written(text, by=town.amira(), variants=variants or {})
    release = publish(post, by=town.amira(), revision=post.revision)
    work()
    return release


def test_below_a_long_text_stands_what_changed_and_where_all_of_it_is(answering: FakePlatform) -> None:
    late = HEARD + "Der Bus fährt um 7 Uhr."
    release = published(town.ROADWORKS + late)
    right = town.ROADWORKS + late.replace("7 Uhr", "9 Uhr")
    changes.correct(release, text=right, reason="Die Abfahrt war falsch", by=town.amira())
    work()
    told = "Berichtigung: Die Abfahrt war falsch. Der Bus fährt um 9 Uhr."
    assert answering.timeline[1] == f"{told}\n{page_address(release.post)}"


def test_an_own_wording_is_corrected_from_what_it_said_itself(answering: FakePlatform) -> None:
    release = published(town.ROADWORKS + HEARD, variants={"answering": "Saarstraße zu." + HEARD})
    changes.correct(release, text=RIGHT + HEARD, reason="", by=town.amira())
    work()
    assert answering.timeline[1].startswith(f"Berichtigung: {RIGHT}\nhttp")
