"""One post to all browsers that asked for its topic: each once, whoever is gone is forgotten, nobody stops the rest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.fixtures import Settings

from ausrufer.adapter.contract import Draft, Order, Rendition
from ausrufer.adapter.supplies import Mailing, Supplies
from ausrufer.kernel.clock import utc_now
from ausrufer.kernel.ids import new_key
from ausrufer.platforms.push import Push
from ausrufer.push.carrying import PAUSES, carry_out
from ausrufer.push.mailings import PushMailings
from ausrufer.push.models import PushMailing, Subscription
from ausrufer.push.subscribers import BadSubscription, subscribe, unsubscribe
from tests import town
from tests.push.browser import Browser
from tests.push.service import PushService, push_service

STORM = "Warnung vor Sturm. Meiden Sie heute Abend Parks und Wälder."


@pytest.fixture
def service(db: None, settings: Settings, tmp_path: Path) -> Iterator[PushService]:
    with push_service() as running:
        settings.DATA = tmp_path
        settings.ALLOWED_ORIGINS = [running.origin]
        yield running


def reading(service: PushService, name: str, *topics: str) -> Browser:
    browser = Browser()
    subscribe(f"{service.origin}/{name}", browser.p256dh, browser.auth, topics)
    return browser


def order(topic: str = "crisis", *, urgent: bool = True, key: str = "") -> Order:
    return Order(key or str(new_key()), utc_now(), urgent=urgent, post="7k4q2m", topic=topic)


def rendition(text: str = STORM) -> Rendition:
    return Push(Supplies(http=None), {}, {}).render(Draft(text, "https://stadt.example/b/7k4q2m", topic="Krisen"))[0]  # type: ignore[arg-type]


def sent(what: Order) -> Mailing:
    PushMailings().open(what, rendition())
    carry_out(PushMailing.objects.get(key=what.key).pk)
    return PushMailings().open(what, rendition())


def test_the_whole_text_reaches_the_browser(service: PushService) -> None:
    dora = reading(service, "dora")
    told = sent(order())
    assert (told.total, told.sent, told.open) == (1, 1, 0)
    [body] = service.bodies("/dora")
    message = dora.message(body)
    assert f"{message['title']} {message['body']}" == STORM
    assert message["url"] == "https://stadt.example/b/7k4q2m"


def test_a_warning_is_urgent_and_short_lived(service: PushService) -> None:
    reading(service, "dora")
    sent(order())
    sent(order(urgent=False))
    crisis, routine = (headers for _, headers, _ in service.taken)
    assert (crisis["urgency"], crisis["ttl"]) == ("high", "3600")
    assert (routine["urgency"], routine["ttl"]) == ("normal", "86400")
    assert crisis["topic"] == routine["topic"] == "7k4q2m"  # a newer text replaces an undelivered one
    assert crisis["content-encoding"] == "aes128gcm"


def test_only_who_asked_for_the_topic_is_disturbed(service: PushService) -> None:
    reading(service, "everything")
    reading(service, "roads", "roadworks")
    assert sent(order("crisis")).total == 1
    assert sent(order("roadworks")).total == 2
    assert len(service.bodies("/roads")) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(service: PushService, status: int) -> None:
    reading(service, "gone")
    reading(service, "here")
    service.answers["/gone"] = [status]
    told = sent(order())
    assert (told.sent, told.failed, told.open) == (1, 1, 0)
    assert [each.endpoint for each in Subscription.objects.all()] == [f"{service.origin}/here"]


@pytest.mark.parametrize("status", [429, 302])
def test_a_busy_service_is_asked_again_later_and_the_others_go_on(service: PushService, status: int) -> None:
    reading(service, "busy")
    reading(service, "here")
    service.answers["/busy"] = [status]
    what = order()
    told = sent(what)
    assert (told.sent, told.open) == (1, 1)
    town.let_time_pass(601)
    carry_out(PushMailing.objects.get().pk)
    assert PushMailings().open(what, rendition()).open == 0
    assert (len(service.bodies("/busy")), len(service.bodies("/here"))) == (1, 1)


def test_a_broken_service_is_given_up_after_some_tries(service: PushService) -> None:
    reading(service, "broken")
    service.answers["/broken"] = [500] * 20
    what = order()
    sent(what)
    for pause in PAUSES:
        town.let_time_pass(pause + 1)
        carry_out(PushMailing.objects.get().pk)
    assert PushMailings().open(what, rendition()).failed == 1


@pytest.mark.parametrize("status", [400, 403, 413])  # bad, another city's key, too large (platform sheet, section 1)
def test_a_message_that_is_refused_stops_nobody_and_ends_no_subscription(service: PushService, status: int) -> None:
    reading(service, "refused")
    reading(service, "here")
    service.answers["/refused"] = [status]
    told = sent(order())
    assert (told.sent, told.failed, told.open) == (1, 1, 0)
    assert Subscription.objects.count() == 2


def test_opening_twice_is_one_mailing(service: PushService) -> None:
    reading(service, "dora")
    what = order()
    sent(what)
    sent(what)
    assert len(service.bodies("/dora")) == 1


def test_whoever_subscribes_meanwhile_is_not_on_the_list(service: PushService) -> None:
    reading(service, "dora")
    what = order()
    PushMailings().open(what, rendition())
    reading(service, "late")
    assert sent(what).total == 1


def test_an_endpoint_in_the_own_network_is_not_called(service: PushService, settings: Settings) -> None:
    reading(service, "inside")
    settings.ALLOWED_ORIGINS = []
    told = sent(order())
    assert (told.failed, told.open) == (1, 0)
    assert service.taken == []


def test_the_same_browser_twice_is_one_subscription(service: PushService) -> None:
    dora = reading(service, "dora")
    subscribe(f"{service.origin}/dora", dora.p256dh, dora.auth, ["crisis"])
    assert Subscription.objects.get().topics == ["crisis"]
    unsubscribe(f"{service.origin}/dora")
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(("endpoint", "key"), [("javascript:alert(1)", ""), ("https://push.example/1", "keine")])
def test_what_is_no_subscription_is_refused(db: None, endpoint: str, key: str) -> None:
    browser = Browser()
    with pytest.raises(BadSubscription):
        subscribe(endpoint, key or browser.p256dh, browser.auth)
    assert not Subscription.objects.exists()


def test_the_key_of_the_city_never_changes(service: PushService) -> None:
    reading(service, "dora")
    sent(order())
    sent(order())
    keys = {headers["authorization"].split("k=")[1] for _, headers, _ in service.taken}
    assert len(keys) == 1


def test_a_job_that_died_is_called_again_by_the_next_look(service: PushService) -> None:
    reading(service, "dora")
    what = order()
    PushMailings().open(what, rendition())
    ProcrastinateJob.objects.all().delete()  # as if its worker had been killed

    PushMailings().open(what, rendition())
    assert not ProcrastinateJob.objects.exists()  # it may still be on its way
    town.let_time_pass(11)
    PushMailings().open(what, rendition())
    assert ProcrastinateJob.objects.count() == 1


def test_a_service_that_stumbles_over_a_warning_is_asked_again_within_seconds(service: PushService) -> None:
    reading(service, "dora")
    service.answers["/dora"] = [503]
    what = order()
    assert sent(what).open == 1
    town.let_time_pass(6)
    carry_out(PushMailing.objects.get().pk)
    assert PushMailings().open(what, rendition()).sent == 1
