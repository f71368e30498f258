"""Bad days between us and a real mail server: what it took is never sent twice, what it did not take is not forgotten.

Needs root; see tests/peers/postfix.
"""

from __future__ import annotations

import smtplib
from collections import Counter
from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from ausrufer.adapter.contract import Order
from ausrufer.adapter.errors import TryLater
from ausrufer.desk.troubles import TROUBLES
from ausrufer.newsletter.lines import CONNECTIONS
from ausrufer.newsletter.mailings import RELAY_AWAY, RELAY_PAUSE, carry_out
from ausrufer.newsletter.models import Fate, Mailing, Recipient
from ausrufer.newsletter.readiness import greet_relay
from tests import town
from tests.newsletter.readers import order, readers, sent, standing
from tests.peers.postfix import Postfix, postfix
from tests.peers.processes import MailFaultProxy, mail_fault_proxy

SEVENTH = "leser7@post.example"
MINUTE = 61.0  # the first pause of a mailbox, and a little
COMMANDS = ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA"]


@pytest.fixture(scope="module")
def both() -> Iterator[tuple[Postfix, MailFaultProxy]]:
    with postfix() as server, mail_fault_proxy(server.address) as proxy:
        yield server, proxy


@pytest.fixture
def server(both: tuple[Postfix, MailFaultProxy], settings: Settings, transactional_db: None) -> Postfix:
    """Its mailboxes are empty, and our mail comes to it through the proxy."""
    settings.SMTP, settings.MAIL_FROM = both[1].smtp, "Stadt Trier <newsletter@trier.example>"
    for file in (both[0].work / "mail/new").iterdir():
        file.unlink()
    return both[0]


@pytest.fixture
def line(both: tuple[Postfix, MailFaultProxy], server: Postfix) -> Iterator[MailFaultProxy]:
    yield both[1]
    both[1].calm()


def copies(server: Postfix) -> Counter[str]:
    """What lies in each reader's mailbox."""
    return Counter(str(mail["Delivered-To"]) for mail in server.all_mails())


def once(addresses: list[str], *but: str) -> Counter[str]:
    return Counter(address for address in addresses if address not in but)


def unclear() -> list[str]:
    return list(Recipient.objects.filter(state=Fate.UNCLEAR).values_list("address", flat=True))


def tried_again(story: Order, after: float) -> None:
    town.let_time_pass(after)
    carry_out(Mailing.objects.get(key=story.key).pk)


def test_nothing_is_said_that_the_proxy_could_not_read(line: MailFaultProxy) -> None:
    with smtplib.SMTP(*line.smtp.removeprefix("smtp://").split(":")) as client:  # type: ignore[arg-type]
        client.ehlo()
        assert client.has_extn("pipelining")
        assert not client.has_extn("starttls")
        assert not client.has_extn("chunking")


@pytest.mark.parametrize("effect", ["drop_answer", "cut", "garbage", "html", "huge"])
def test_a_letter_whose_answer_is_lost_or_a_lie_is_unclear_and_goes_once(
    server: Postfix, line: MailFaultProxy, effect: str
) -> None:
    addresses = readers(40)
    line.will(effect, "DATA_END", recipient=SEVENTH, forwards=True)

    done = sent(order())
    assert line.has_struck()
    assert (done.sent, done.unclear, done.open, done.failed) == (39, 1, 0, 0)
    assert unclear() == [SEVENTH]
    assert copies(server) == once(addresses)


@pytest.mark.parametrize("code", [199, 354, 999])
def test_a_number_that_is_no_verdict_leaves_the_letter_unclear(
    server: Postfix, line: MailFaultProxy, code: int
) -> None:
    addresses = readers(12)
    line.will("status", "DATA_END", recipient=SEVENTH, status=code, forwards=True)

    sent(order())
    assert unclear() == [SEVENTH]
    assert copies(server) == once(addresses)


@pytest.mark.parametrize("effect", ["drop_request", "cut_request"])
def test_a_letter_that_was_cut_is_unclear_and_the_server_took_nothing(
    server: Postfix, line: MailFaultProxy, effect: str
) -> None:
    """We said the last dot, and cannot know how far it came."""
    addresses = readers(40)
    line.will(effect, "DATA_END", recipient=SEVENTH)

    assert sent(order()).sent == 39
    assert unclear() == [SEVENTH]
    assert copies(server) == once(addresses, SEVENTH)


@pytest.mark.parametrize("effect", ["drop_answer", "cut", "garbage", "huge"])
def test_in_a_crisis_it_is_repeated_at_once_with_the_same_message_id(
    server: Postfix, line: MailFaultProxy, effect: str
) -> None:
    addresses = readers(120)
    line.will(effect, "DATA_END", recipient=SEVENTH, forwards=True)

    done = sent(order(urgent=True))
    assert (done.sent, done.open, done.unclear) == (120, 0, 0)
    found = copies(server)
    assert set(found) == set(addresses)
    assert (found[SEVENTH], max(found.values())) == (2, 2)
    assert sum(found.values()) <= 170  # one batch went twice
    assert len({str(mail["Message-ID"]) for mail in server.mails()}) == 1


@pytest.mark.parametrize("effect", ["drop_request", "cut_request"])
def test_a_crisis_letter_that_was_cut_is_repeated_and_comes_once(
    server: Postfix, line: MailFaultProxy, effect: str
) -> None:
    addresses = readers(120)
    line.will(effect, "DATA_END", recipient=SEVENTH)

    assert sent(order(urgent=True)).sent == 120
    assert copies(server) == once(addresses)


@pytest.mark.parametrize("command", ["CONNECT", "RCPT", "DATA_END"])
@pytest.mark.parametrize("urgent", [True, False])
def test_late_answers_are_waited_for(server: Postfix, line: MailFaultProxy, command: str, urgent: bool) -> None:
    addresses = readers(30)
    line.will("delay", command, seconds=0.5, count=3)

    assert sent(order(urgent=urgent)).sent == 30
    assert line.has_struck()
    assert copies(server) == once(addresses)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("effect", ["drop_answer", "cut", "limit", "garbage"])
@pytest.mark.parametrize("urgent", [True, False])
def test_a_line_that_breaks_before_the_letter_harms_nobody(
    server: Postfix, line: MailFaultProxy, command: str, effect: str, urgent: bool
) -> None:
    addresses = readers(60)
    line.will(effect, command)

    done = sent(order(urgent=urgent))
    assert line.has_struck()
    assert (done.sent, done.open, done.trouble) == (60, 0, "")
    assert copies(server) == once(addresses)


@pytest.mark.parametrize("effect", ["limit", "garbage", "drop_answer"])
@pytest.mark.parametrize("urgent", [True, False])
def test_a_server_that_takes_nobody_is_tried_again_and_the_desk_reads_one_sentence(
    server: Postfix, line: MailFaultProxy, effect: str, urgent: bool
) -> None:
    addresses, story = readers(30), order(urgent=urgent)
    line.will(effect, "CONNECT", count=0)

    away = sent(story)
    assert (away.open, away.trouble) == (30, RELAY_AWAY)
    with pytest.raises(TryLater) as said:
        greet_relay()
    assert said.value.sentence.text in TROUBLES
    line.calm()
    tried_again(story, RELAY_PAUSE)
    assert (standing(story).sent, standing(story).trouble) == (30, "")
    assert copies(server) == once(addresses)


@pytest.mark.parametrize(("command", "code"), [("RCPT", 450), ("RCPT", 452), ("DATA_END", 452), ("DATA", 451)])
@pytest.mark.parametrize("urgent", [True, False])
def test_who_is_put_off_is_tried_after_a_minute_and_gets_it_once(
    server: Postfix, line: MailFaultProxy, command: str, code: int, urgent: bool
) -> None:
    addresses, story = readers(60), order(urgent=urgent)
    line.will("status", command, recipient=SEVENTH, status=code)

    first = sent(story)
    assert (first.sent + first.open, first.failed, first.unclear) == (60, 0, 0)
    assert SEVENTH in Recipient.objects.filter(state=Fate.WAITING).values_list("address", flat=True)
    assert SEVENTH not in copies(server)
    tried_again(story, MINUTE)
    assert standing(story).sent == 60
    assert copies(server) == once(addresses)


def test_a_letter_refused_with_421_is_sent_again_at_once(server: Postfix, line: MailFaultProxy) -> None:
    addresses = readers(40)
    line.will("limit", "DATA_END", recipient=SEVENTH)

    assert sent(order()).sent == 40
    assert copies(server) == once(addresses)


def test_a_full_server_keeps_everybody_waiting(server: Postfix, line: MailFaultProxy) -> None:
    addresses, story = readers(30), order()
    line.will("status", "MAIL", status=452, count=0)

    assert (sent(story).open, standing(story).trouble) == (30, RELAY_AWAY)
    line.calm()
    tried_again(story, RELAY_PAUSE)
    assert copies(server) == once(addresses)


@pytest.mark.parametrize("effect", ["drop_answer", "garbage"])
def test_a_server_that_never_says_how_it_ended_is_not_given_the_whole_list(
    server: Postfix, line: MailFaultProxy, effect: str
) -> None:
    addresses, story = readers(60), order()
    line.will(effect, "DATA_END", count=0, forwards=True)

    done = sent(story)
    assert (done.unclear, done.open, done.trouble) == (CONNECTIONS, 60 - CONNECTIONS, RELAY_AWAY)
    line.calm()
    tried_again(story, RELAY_PAUSE)
    assert (standing(story).unclear, standing(story).sent) == (CONNECTIONS, 60 - CONNECTIONS)
    assert copies(server) == once(addresses)


def test_in_a_crisis_such_a_server_gets_everybodys_warning_and_few_copies(
    server: Postfix, line: MailFaultProxy
) -> None:
    addresses, story = readers(120), order(urgent=True)
    line.will("drop_answer", "DATA_END", count=0)

    sent(story)
    for _ in range(10):
        tried_again(story, 2 * 3600)
    assert standing(story).open == 0
    assert sorted(unclear()) == sorted(addresses)
    found = copies(server)
    assert set(found) == set(addresses)
    assert max(found.values()) <= 5
    assert len({str(mail["Message-ID"]) for mail in server.mails()}) == 1
