"""Newsletter and push at the desk: what is not set up is said, and what nobody ordered, too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from ausrufer.adapter.testing import FakePlatform
from ausrufer.channels.models import Channel
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.publish import publish
from ausrufer.people.models import User
from tests import town
from tests.deliveries.conftest import work
from tests.newsletter.mailbox import mail_server
from tests.platforms.rigs import free_port
from tests.system import words_of

Desk = Callable[[User], Client]


@pytest.fixture(autouse=True)
def channels(website: FakePlatform, settings: Settings) -> None:
    settings.MAIL_FROM, settings.PUSH_CONTACT = "Stadt Trier <newsletter@trier.example>", "mailto:presse@trier.example"
    for position, key in enumerate(("newsletter", "push"), 40):
        channel = town.channel(key, position=position)
        channel.doubt = {"text": "Der Zugang ist noch nicht geprüft.", "values": {}}
        channel.save()


def checked(client: Client, key: str) -> str:
    """What the page says after the check."""
    client.post(f"/kanaele/{key}/pruefen")
    return words_of(client.get("/kanaele").content.decode())


def is_doubted(key: str) -> bool:
    return Channel.objects.get(key=key).doubt is not None


def test_a_newsletter_without_a_sender_is_not_ready(at_desk: Desk, settings: Settings) -> None:
    settings.MAIL_FROM = "Newsletter <newsletter@localhost>"
    shown = checked(at_desk(town.emil()), "newsletter")
    assert "Newsletter: AUSRUFER_MAIL_FROM fehlt: Der Newsletter hat keinen Absender." in shown
    assert "nicht geprüft AUSRUFER_MAIL_FROM fehlt" in shown


def test_a_newsletter_without_a_mail_server_is_not_ready(at_desk: Desk, settings: Settings) -> None:
    settings.SMTP = f"smtp://127.0.0.1:{free_port()}"
    assert "(AUSRUFER_SMTP) nimmt uns nicht: Dort hört niemand zu." in checked(at_desk(town.emil()), "newsletter")
    assert is_doubted("newsletter")


def test_a_newsletter_that_could_go_out_says_who_sends_it_and_to_how_many(at_desk: Desk, settings: Settings) -> None:
    with mail_server() as (mailbox, settings.SMTP):
        shown = checked(at_desk(town.emil()), "newsletter")
        assert "Newsletter ist verbunden: newsletter@trier.example. Bis jetzt hat es niemand bestellt." in shown
        assert mailbox.mails == []
    assert not is_doubted("newsletter")


def test_push_needs_somebody_whom_its_services_may_ask(at_desk: Desk, settings: Settings) -> None:
    client = at_desk(town.emil())
    assert "Push ist verbunden: mailto:presse@trier.example." in checked(client, "push")
    settings.PUSH_CONTACT = "http://127.0.0.1:8080"
    assert "Bitte AUSRUFER_PUSH_CONTACT setzen: mailto:… oder https://…" in checked(client, "push")
    assert is_doubted("push")


def test_the_board_says_plainly_that_nobody_ordered_it(at_desk: Desk) -> None:
    post = town.written(town.ROADWORKS, by=town.amira())
    publish(post, by=town.amira(), revision=post.revision)
    work()
    board = words_of(at_desk(town.amira()).get(f"/beitrag/{post.address}/zustellung").content.decode())
    assert board.count("niemand hat es bestellt") == 2
    assert "0 von 0" not in board


def test_the_board_counts_whom_it_reached_and_of_whom_nobody_knows(at_desk: Desk) -> None:
    post = town.written(town.ROADWORKS, by=town.amira())
    publish(post, by=town.amira(), revision=post.revision)
    work()
    mailing = Delivery.objects.get(channel__platform="newsletter")
    counts = {"total": 400, "sent": 396, "failed": 3, "unclear": 1}
    Delivery.objects.filter(pk=mailing.pk).update(placement={**(mailing.placement or {}), "extra": counts})
    board = words_of(at_desk(town.amira()).get(f"/beitrag/{post.address}/zustellung").content.decode())
    assert "396 von 400 übergeben, 3 nicht angenommen, 1 unklar" in board
