"""What a mail client hears through the proxy, and what the real server behind it took."""

from __future__ import annotations

import smtplib
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from sandbox.unruly import HUGE
from tests.newsletter.mailbox import Mailbox, mail_server
from tests.peers.processes import MailFaultProxy, mail_fault_proxy

DORA, EMIL = "dora@post.example", "emil@post.example"
LOST = (smtplib.SMTPServerDisconnected, ConnectionError)
ENVELOPE = f"MAIL FROM:<stadt@trier.example>\r\nRCPT TO:<{DORA}>\r\nDATA\r\n".encode()
COMMANDS = ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "DATA_END"]


@pytest.fixture(scope="module")
def both() -> Iterator[tuple[Mailbox, MailFaultProxy]]:
    with mail_server() as (mailbox, address), mail_fault_proxy(address) as proxy:
        yield mailbox, proxy


@pytest.fixture
def mailbox(both: tuple[Mailbox, MailFaultProxy]) -> Mailbox:
    both[0].recipients.clear()
    return both[0]


@pytest.fixture
def proxy(both: tuple[Mailbox, MailFaultProxy]) -> Iterator[MailFaultProxy]:
    yield both[1]
    both[1].calm()


def client(proxy: MailFaultProxy) -> smtplib.SMTP:
    parts = urlsplit(proxy.smtp)
    return smtplib.SMTP(parts.hostname or "", parts.port or 0, timeout=5)


def write(proxy: MailFaultProxy, *to: str) -> dict[str, tuple[int, bytes]]:
    """One letter; whoever was refused, and why."""
    with client(proxy) as line:
        return line.sendmail("stadt@trier.example", to or [DORA], "Subject: Hochwasser\r\n\r\nMeiden Sie die Ufer.\r\n")


def said(proxy: MailFaultProxy, packet: bytes) -> list[bytes]:
    """The lines that answer it, until the connection ends."""
    with connected(proxy) as line, line.makefile("rb") as heard:
        line.sendall(packet)
        return list(heard)


def connected(proxy: MailFaultProxy) -> socket.socket:
    parts = urlsplit(proxy.smtp)
    return socket.create_connection((parts.hostname, parts.port or 0), 5)


def test_without_a_fault_nobody_notices_it(mailbox: Mailbox, proxy: MailFaultProxy) -> None:
    assert write(proxy, DORA, EMIL) == {}
    assert mailbox.recipients == {DORA: 1, EMIL: 1}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("effect", ["drop_request", "drop_answer", "limit"])
def test_a_line_breaks_where_it_was_told_to(mailbox: Mailbox, proxy: MailFaultProxy, command: str, effect: str) -> None:
    proxy.will(effect, command)
    with pytest.raises((*LOST, smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)):
        write(proxy)
    assert mailbox.recipients == ({DORA: 1} if (effect, command) == ("drop_answer", "DATA_END") else {})
    assert proxy.has_struck()


def test_half_a_letter_is_none(mailbox: Mailbox, proxy: MailFaultProxy) -> None:
    proxy.will("cut_request", "DATA_END")
    with pytest.raises(LOST):
        write(proxy)
    assert mailbox.recipients == {}


def test_half_an_answer_comes_to_a_letter_that_is_out(mailbox: Mailbox, proxy: MailFaultProxy) -> None:
    proxy.will("cut", "DATA_END")
    assert said(proxy, b"HELO presse\r\n" + ENVELOPE + b"eins\r\n.\r\n")[-1] == b"250 "
    assert mailbox.recipients == {DORA: 1}


@pytest.mark.parametrize("effect", ["garbage", "html"])
def test_a_lie_is_no_answer_and_the_letter_may_be_out(mailbox: Mailbox, proxy: MailFaultProxy, effect: str) -> None:
    proxy.will(effect, "DATA_END", forwards=True)
    with pytest.raises(smtplib.SMTPResponseException):
        write(proxy)
    assert mailbox.recipients == {DORA: 1}


def test_one_of_two_recipients_is_put_off(mailbox: Mailbox, proxy: MailFaultProxy) -> None:
    proxy.will("status", "RCPT", recipient="emil@*", status=452)
    assert write(proxy, DORA, EMIL) == {EMIL: (452, b"made up by the fault proxy")}
    assert mailbox.recipients == {DORA: 1}


def test_after_a_refused_letter_the_line_takes_the_next(mailbox: Mailbox, proxy: MailFaultProxy) -> None:
    proxy.will("status", "DATA_END", status=452, recipient="dora@*")
    with client(proxy) as line:
        with pytest.raises(smtplib.SMTPDataError):
            line.sendmail("stadt@trier.example", DORA, "Subject: eins\r\n\r\n")
        line.sendmail("stadt@trier.example", EMIL, "Subject: zwei\r\n\r\n")
    assert mailbox.recipients == {EMIL: 1}


def test_commands_in_one_packet_are_answered_in_their_order(mailbox: Mailbox, proxy: MailFaultProxy) -> None:
    proxy.will("status", "RCPT", recipient="emil@*")
    two = ENVELOPE.replace(b"RCPT", b"RCPT TO:<emil@x.example>\r\nRCPT")
    letters = [ENVELOPE, b"eins\r\n..\r\n.\r\n", two, b"zwei\r\n.\r\n"]
    codes = [int(line[:3]) for line in said(proxy, b"".join([b"HELO presse\r\n", *letters, b"QUIT\r\n"]))]
    assert codes == [220, 250, 250, 250, 354, 250, 250, 450, 250, 354, 250, 221]
    assert mailbox.recipients == {DORA: 2}


def test_a_late_answer_is_a_good_one(mailbox: Mailbox, proxy: MailFaultProxy) -> None:
    proxy.will("delay", "DATA_END", seconds=0.3)
    began = time.monotonic()
    assert write(proxy) == {}
    assert time.monotonic() - began >= 0.3
    assert mailbox.recipients == {DORA: 1}


def test_two_hundred_megabytes_are_one_answer(proxy: MailFaultProxy) -> None:
    proxy.will("huge", "CONNECT")
    with connected(proxy) as line:
        heard = sum(len(piece) for piece in iter(lambda: line.recv(1_000_000), b""))
    assert heard > HUGE * 0.99


def test_a_fault_happens_as_often_as_it_was_told_and_then_no_more(mailbox: Mailbox, proxy: MailFaultProxy) -> None:
    proxy.will("limit", "CONNECT", count=2)
    for _ in range(2):
        with pytest.raises(smtplib.SMTPConnectError):
            write(proxy)
    assert write(proxy) == {}


def test_an_unknown_word_is_refused_with_those_that_are_known(proxy: MailFaultProxy) -> None:
    fault = {"effect": "redirect", "command": "MAIL"}
    answer = httpx.post(f"{proxy.origin}/_faults", json=fault, trust_env=False)
    assert (answer.status_code, "drop_answer" in answer.json()["error"]) == (400, True)
