"""What comes back, and whose subscription ends by it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F

from ausrufer.newsletter.bounces import read, receive
from ausrufer.newsletter.models import Standing, Subscriber
from tests.newsletter.readers import reader

REPORT = """From: MAILER-DAEMON@relay.example
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mail system could not deliver it.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 No such user

--b--
"""


def report(to: str, *, address: str = "dora@post.example", action: str = "failed", status: str = "5.1.1") -> bytes:
    return REPORT.format(to=to, address=address, action=action, status=status).replace("\n", "\r\n").encode()


def path(token: str) -> str:
    return f"<newsletter+b{token}@trier.example>"


def a_day_passes() -> None:
    Subscriber.objects.update(bounced_at=F("bounced_at") - timedelta(days=1))


def test_the_third_hard_bounce_ends_the_subscription(db: None) -> None:
    dora, _ = reader("dora@post.example"), reader("emil@post.example")
    for number in range(3):
        assert Subscriber.objects.get(pk=dora.pk).state == Standing.CONFIRMED, number
        receive(report(path(dora.token)))
        a_day_passes()

    dora.refresh_from_db()
    assert (dora.state, dora.ended_because) == (Standing.ENDED, "bounces")
    assert Subscriber.objects.filter(state=Standing.CONFIRMED).count() == 1


def test_three_on_one_day_count_once(db: None) -> None:
    dora = reader("dora@post.example")
    for _ in range(3):
        receive(report(path(dora.token.upper())))
    assert Subscriber.objects.get().bounces == 1


@pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.1"), ("failed", "4.2.2"), ("failed", "5.2.2")])
def test_slow_and_full_mailboxes_are_not_gone(db: None, action: str, status: str) -> None:
    dora = reader("dora@post.example")
    assert receive(report(path(dora.token), action=action, status=status)) == 0
    assert Subscriber.objects.get().bounces == 0


def test_a_crisis_mail_that_came_back_is_known_by_the_address_in_the_report(db: None) -> None:
    reader("dora@post.example")
    assert receive(report("<newsletter+b-17@trier.example>")) == 1
    assert Subscriber.objects.get().bounces == 1


@pytest.mark.parametrize(
    "mail", [b"", b"\xff\x00", b"Subject: Bin im Urlaub\r\n\r\nBis Montag.", b"Content-Type: multipart/report\r\n\r\n"]
)
def test_holiday_notes_and_rubbish_are_no_bounces(mail: bytes) -> None:
    assert read(mail) is None
