"""Coming and going: asked for, confirmed, ended, forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from ausrufer.kernel.clock import utc_now
from ausrufer.newsletter import notes, subscribers
from ausrufer.newsletter.models import Standing, Subscriber
from tests.newsletter.mailbox import Mailbox
from tests.newsletter.readers import order, reader, sent
from tests.newsletter.test_letter import text_of


def jobs() -> int:
    from procrastinate.contrib.django.models import ProcrastinateJob

    return ProcrastinateJob.objects.filter(task_name__endswith="send_link").count()


def test_nothing_is_sent_before_the_link_in_the_mail_was_used(mailbox: Mailbox) -> None:
    dora = subscribers.subscribe("Dora@Post.example", ["roadworks"], consent="2026-11")
    assert sent(order()).total == 0
    notes.send_link(dora.pk)
    [mail] = mailbox.mails
    assert mail["Auto-Submitted"] == "auto-generated"
    assert f"/abo/{dora.token}" in text_of(mail)

    Client().post(f"/abo/{dora.token}", {"confirm": "1"})
    dora.refresh_from_db()
    assert (dora.state, dora.consent, dora.address) == (Standing.CONFIRMED, "2026-11", "dora@post.example")
    assert dora.confirmed_at
    assert sent(order()).sent == 1


def test_looking_at_the_page_ends_nothing_and_one_click_does(db: None) -> None:
    dora, browser = reader("dora@post.example"), Client(enforce_csrf_checks=True)
    page = browser.get(f"/abo/{dora.token}")
    assert "Abbestellen" in page.content.decode()
    assert Subscriber.objects.get().state == Standing.CONFIRMED

    for _ in range(2):  # mail programs ask twice
        answer = browser.post(f"/abo/{dora.token}", {"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, "abgemeldet" in answer.content.decode()) == (200, True)
    assert Subscriber.objects.get().state == Standing.ENDED


def test_a_link_nobody_has_says_so(db: None) -> None:
    assert Client().post("/abo/gibtesnicht").status_code == 404


def test_asking_for_the_link_tells_nobody_who_reads(db: None) -> None:
    reader("dora@post.example")
    pages = [Client().post("/abo", {"address": each}).content for each in ("dora@post.example", "x@post.example")]
    assert pages[0] == pages[1]
    assert jobs() == 1


def test_a_strangers_mailbox_is_not_filled_through_us(db: None) -> None:
    for _ in range(5):
        subscribers.subscribe("dora@post.example", [], consent="1")
    assert jobs() == 1


def test_whoever_comes_back_has_to_confirm_again_with_a_new_link(db: None) -> None:
    dora = reader("dora@post.example")
    subscribers.unsubscribe(dora.token)
    again = subscribers.subscribe("dora@post.example", [], consent="2")
    assert (again.state, again.confirmed_at) == (Standing.REQUESTED, None)
    assert again.token != dora.token


@pytest.mark.parametrize(
    "typed", ["", "dora", "dora@post", "a b@post.example", "a@post.example\r\nBcc: x@y.example", "ä@ö.de"]
)
def test_what_is_no_address_is_refused(db: None, typed: str) -> None:
    with pytest.raises(subscribers.NoAddress):
        subscribers.subscribe(typed, [], consent="1")


def test_unconfirmed_requests_are_forgotten_after_seven_days(db: None) -> None:
    old = reader("alt@post.example", state=Standing.REQUESTED)
    Subscriber.objects.filter(pk=old.pk).update(requested_at=utc_now() - timedelta(days=8))
    reader("neu@post.example", state=Standing.REQUESTED)
    reader("dora@post.example")
    subscribers.forget()
    assert [str(each) for each in Subscriber.objects.all()] == ["dora@post.example", "neu@post.example"]
