"""Handing a mailing over: to everybody once, whatever the relay says."""

from __future__ import annotations

import threading

import pytest
from django.db.models import F
from pytest_django.fixtures import Settings

from ausrufer.adapter import supplies
from ausrufer.newsletter import mailings, smtp, subscribers
from ausrufer.newsletter.mailings import LetterPost, carry_out
from ausrufer.newsletter.models import Fate, Mailing, Recipient, Standing, Subscriber
from tests.newsletter.mailbox import Mailbox
from tests.newsletter.readers import ROADS, opened, order, reader, readers, sent, standing


def test_everybody_who_reads_the_topic_gets_one_mail(mailbox: Mailbox) -> None:
    reader("dora@post.example", "roadworks", "events")
    reader("alles@post.example")
    reader("kultur@post.example", "events")
    reader("neu@post.example", state=Standing.REQUESTED)
    reader("weg@post.example", state=Standing.ENDED)

    assert sent(order("roadworks")) == supplies.Mailing(2, sent=2, failed=0, unclear=0, open=0)
    assert mailbox.recipients == {"dora@post.example": 1, "alles@post.example": 1}


@pytest.mark.parametrize("pipelines", [True, False])
def test_sixty_readers_get_one_mail_each_over_ten_connections(mailbox: Mailbox, pipelines: bool) -> None:
    mailbox.pipelines = pipelines
    addresses = readers(60)

    assert sent(order()).sent == 60
    assert mailbox.recipients == dict.fromkeys(addresses, 1)
    assert mailbox.connections == 10


def test_bad_addresses_never_stop_the_rest(mailbox: Mailbox) -> None:
    addresses = readers(60)
    mailbox.answers = dict.fromkeys(addresses[:40], "550 5.1.1 No such user")

    assert sent(order()) == supplies.Mailing(60, sent=20, failed=40, unclear=0, open=0)
    assert set(mailbox.recipients) == set(addresses[40:])
    assert Recipient.objects.filter(state=Fate.FAILED, answer__contains="5.1.1").count() == 40


def test_an_answer_that_cannot_be_stored_keeps_nobody_waiting(mailbox: Mailbox) -> None:
    addresses = readers(3)
    mailbox.answers = {addresses[0]: "550 5.1.1 No\0such user"}

    assert sent(order()) == supplies.Mailing(3, sent=2, failed=1, unclear=0, open=0)


@pytest.mark.parametrize("urgent", [True, False])
def test_a_busy_mailbox_is_tried_again_later_and_nobody_twice(mailbox: Mailbox, urgent: bool) -> None:
    addresses = readers(12)
    mailbox.answers = {addresses[3]: "450 4.2.1 Try again later"}
    story = order(urgent=urgent)

    assert sent(story).open == 1
    mailbox.answers = {}
    carry_out(opened(story).pk)
    assert standing(story).open == 1  # not before its time
    Recipient.objects.update(not_before=None)
    carry_out(opened(story).pk)
    assert standing(story) == supplies.Mailing(12, sent=12, failed=0, unclear=0, open=0)
    assert mailbox.recipients == dict.fromkeys(addresses, 1)


def test_a_lost_answer_is_listed_as_unclear_and_not_repeated(mailbox: Mailbox) -> None:
    addresses = readers(30)
    mailbox.swallows_the_next = True

    assert sent(order()) == supplies.Mailing(30, sent=29, failed=0, unclear=1, open=0)
    assert mailbox.recipients == dict.fromkeys(addresses, 1)


def test_in_a_crisis_a_lost_answer_is_repeated_with_the_same_message_id(mailbox: Mailbox) -> None:
    addresses = readers(120)
    mailbox.swallows_the_next = True

    assert sent(order(urgent=True)) == supplies.Mailing(120, sent=120, failed=0, unclear=0, open=0)
    assert set(mailbox.recipients) == set(addresses)
    assert len({mail["Message-ID"] for mail in mailbox.mails}) == 1
    assert 120 < sum(mailbox.recipients.values()) <= 170  # one batch went twice


def test_a_relay_that_hangs_up_again_and_again_gets_all_the_same(mailbox: Mailbox) -> None:
    readers(40)
    mailbox.hangs_up_after = 7

    done = sent(order())
    assert (done.sent + done.unclear, done.open) == (40, 0)
    assert max(mailbox.recipients.values()) == 1


def test_a_relay_that_is_away_loses_nobody_and_says_so(mailbox: Mailbox, settings: Settings) -> None:
    addresses = readers(5)
    good, story = settings.SMTP, order()
    settings.SMTP = "smtp://127.0.0.1:9"

    away = sent(story)
    assert away.open == 5
    assert "Mailserver" in away.trouble
    settings.SMTP = good
    carry_out(opened(story).pk)
    assert standing(story).sent == 5
    assert set(mailbox.recipients) == set(addresses)


def test_what_a_killed_job_had_begun_is_unclear_and_the_rest_goes_on(mailbox: Mailbox) -> None:
    readers(20)
    story = order()
    begun = Recipient.objects.filter(mailing=opened(story)).order_by("id")[:10]
    Recipient.objects.filter(pk__in=[each.pk for each in begun]).update(state=Fate.SENDING)

    assert sent(story) == supplies.Mailing(20, sent=10, failed=0, unclear=10, open=0)
    assert len(mailbox.mails) == 10


def test_opening_again_makes_no_second_list(mailbox: Mailbox) -> None:
    readers(3)
    story = order()
    opened(story)
    reader("spaet@post.example")

    assert sent(story).total == 3
    assert sent(story).sent == 3
    assert len(mailbox.mails) == 3


def test_two_jobs_for_one_mailing_send_once(mailbox: Mailbox) -> None:
    readers(20)
    mailing = opened(order())
    mailbox.on_mail = lambda: None if len(mailbox.mails) > 1 else carry_out(mailing.pk)
    carry_out(mailing.pk)

    assert max(mailbox.recipients.values()) == 1


def test_a_running_newsletter_gives_way_to_a_crisis(mailbox: Mailbox) -> None:
    readers(400)
    newsletter, crisis = opened(order()), order("crisis", urgent=True)

    def storm() -> None:
        if len(mailbox.mails) >= 20:
            mailbox.on_mail = lambda: None
            opened(crisis)

    mailbox.on_mail = storm
    carry_out(newsletter.pk)
    assert standing(crisis).open > 0
    assert Recipient.objects.filter(mailing=newsletter, state=Fate.WAITING).exists()
    assert not Recipient.objects.filter(mailing=newsletter, state=Fate.SENDING).exists()
    carry_out(opened(crisis).pk)
    carry_out(newsletter.pk)
    assert set(mailbox.recipients.values()) == {2}


def test_whoever_leaves_during_a_mailing_gets_nothing_any_more(mailbox: Mailbox) -> None:
    dora, _ = reader("dora@post.example"), reader("emil@post.example")
    story = order()
    opened(story)
    subscribers.unsubscribe(dora.token)

    assert sent(story).total == 1
    assert set(mailbox.recipients) == {"emil@post.example"}


def test_a_mailing_nobody_reads_is_done_at_once(mailbox: Mailbox) -> None:
    assert LetterPost().open(order(), ROADS).open == 0
    assert not Subscriber.objects.exists()


def test_a_job_that_died_is_called_again(mailbox: Mailbox) -> None:
    readers(1)
    mailing = opened(order())
    assert not mailings.is_forgotten(mailing)
    Mailing.objects.update(called_at=F("called_at") - mailings.CALL_AGAIN * 2)
    mailing.refresh_from_db()
    assert mailings.is_forgotten(mailing)


def test_a_relay_that_falls_silent_leaves_one_letter_in_doubt_and_the_rest_goes_on(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "PATIENCE", 0.2)
    monkeypatch.setattr(smtp, "LOOKS_UP", 0.05)
    addresses, spoken = readers(30), threading.Event()

    def silent_once() -> None:
        mailbox.on_mail = lambda: None
        spoken.wait(10)

    mailbox.on_mail = silent_once
    done = sent(order())
    spoken.set()
    assert done == supplies.Mailing(30, sent=29, failed=0, unclear=1, open=0)
    assert mailbox.recipients == dict.fromkeys(addresses, 1)
