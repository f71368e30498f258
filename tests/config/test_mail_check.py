"""`ausrufer check` asks the mail server what the newsletter would ask, and sends nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from aiosmtpd.controller import Controller
from pytest_django.fixtures import Settings

from ausrufer.config import mail_check
from tests import town
from tests.peers.processes import mail_fault_proxy
from tests.platforms.rigs import free_port


class Relay:
    """Takes every mail; none should come."""

    def __init__(self) -> None:
        self.mails = 0

    async def handle_DATA(self, *_: object) -> str:
        self.mails += 1
        return "250 OK"


@contextmanager
def relay() -> Iterator[tuple[Relay, int]]:
    handler, port = Relay(), free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield handler, port
    finally:
        controller.stop()


@pytest.fixture(autouse=True)
def newsletter(db: None, settings: Settings) -> None:
    town.channel("newsletter")
    settings.MAIL_FROM = "Stadt Trier <newsletter@trier.example>"


def test_a_relay_that_greets_is_well_and_gets_no_mail(settings: Settings) -> None:
    with relay() as (handler, port):
        settings.SMTP = f"smtp://127.0.0.1:{port}"
        assert list(mail_check.mail()) == [(True, f"Mailserver 127.0.0.1:{port} nimmt Mail von uns.")]
        assert handler.mails == 0


def test_nobody_there_is_said(settings: Settings) -> None:
    settings.SMTP = f"smtp://127.0.0.1:{free_port()}"
    ((is_good, text),) = mail_check.mail()
    assert not is_good
    assert text.endswith("(AUSRUFER_SMTP) nimmt uns nicht: Dort hört niemand zu.")


def test_a_password_the_relay_does_not_know_is_said(settings: Settings) -> None:
    with relay() as (_, port):
        settings.SMTP = f"smtp://stadt:geheim@127.0.0.1:{port}"
        ((is_good, text),) = mail_check.mail()
        assert not is_good
        assert "geheim" not in text


@pytest.mark.parametrize(
    ("effect", "said"),
    [
        ("garbage", "Seine Antwort ist nicht zu verstehen."),
        ("html", "Seine Antwort ist nicht zu verstehen."),
        ("huge", "Seine Antwort ist nicht zu verstehen."),
        ("drop_answer", "Er bricht die Verbindung ab."),
    ],
)
def test_what_is_no_answer_of_a_mail_server_is_said_in_our_words(settings: Settings, effect: str, said: str) -> None:
    with relay() as (_, port), mail_fault_proxy(f"smtp://127.0.0.1:{port}") as proxy:
        proxy.will(effect, "EHLO")
        settings.SMTP = proxy.smtp
        ((is_good, text),) = mail_check.mail()
        assert not is_good
        assert text.endswith(said)


@pytest.mark.parametrize("address", ["relay.trier.example", "http://relay.trier.example"])
def test_an_address_that_is_none_is_said(settings: Settings, address: str) -> None:
    settings.SMTP = address
    ((is_good, text),) = mail_check.mail()
    assert not is_good
    assert "keine Adresse wie smtp://" in text


def test_a_newsletter_without_a_sender_is_said(settings: Settings) -> None:
    settings.MAIL_FROM = "Newsletter <newsletter@localhost>"
    with relay() as (_, port):
        settings.SMTP = f"smtp://127.0.0.1:{port}"
        assert "AUSRUFER_MAIL_FROM fehlt" in list(mail_check.mail())[1][1]


@pytest.mark.parametrize(
    ("contact", "is_good"),
    [
        ("mailto:it@trier.example", True),
        ("https://trier.example", True),
        ("http://127.0.0.1:8080", False),
        ("it", False),
    ],
)
def test_whom_a_push_service_may_ask(settings: Settings, contact: str, is_good: bool) -> None:
    town.channel("push")
    settings.PUSH_CONTACT = contact
    ((found, _),) = mail_check.push_contact()
    assert found is is_good


def test_who_sends_neither_is_asked_for_nothing(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    town.channel("newsletter").delete()
    monkeypatch.delenv("AUSRUFER_SMTP", raising=False)
    assert [*mail_check.mail(), *mail_check.push_contact()] == []
