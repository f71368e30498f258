"""Whom a newsletter did not reach: by address, for the press office only, and every look is on record."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from ausrufer.adapter.testing import FakePlatform
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.publish import publish
from ausrufer.desk import unreached
from ausrufer.newsletter.mailings import carry_out
from ausrufer.newsletter.models import Fate, Mailing, Recipient
from ausrufer.people.models import AuditEntry, User
from tests import town
from tests.deliveries.conftest import work
from tests.desk.test_new_states_in_a_browser import EVERYWHERE, is_open_to_all
from tests.desk.test_targets_in_a_browser import TOO_SMALL
from tests.newsletter.mailbox import mail_server
from tests.newsletter.readers import reader
from tests.system import words_of

pytestmark = pytest.mark.django_db(transaction=True)
Desk = Callable[[User], Client]
Browse = Callable[..., Page]
NUMBER = "1 von 3 übergeben, 1 nicht angenommen, 1 unklar"


@pytest.fixture
def newsletter(website: FakePlatform, settings: Settings) -> Delivery:
    """Its worker was killed with Dora's letter in its hands; Erna has hers, and Willi's mailbox is gone."""
    settings.MAIL_FROM = "Stadt Trier <newsletter@trier.example>"
    town.channel("newsletter", position=40)
    for name in ("willi", "erna", "dora"):
        reader(f"{name}@post.example")
    post = town.written(town.ROADWORKS, by=town.amira())
    publish(post, by=town.amira(), revision=post.revision)
    work()
    with mail_server() as (mailbox, settings.SMTP):
        mailbox.answers = {"willi@post.example": "550 5.1.1 No such <b>user</b>"}
        Recipient.objects.filter(address__startswith="dora").update(state=Fate.SENDING)
        carry_out(Mailing.objects.get().pk)
    town.let_time_pass(5)
    work()
    return Delivery.objects.select_related("release__post").get(channel__platform="newsletter")


def board(delivery: Delivery) -> str:
    return f"/beitrag/{delivery.release.post.address}/zustellung"


def addresses(delivery: Delivery) -> str:
    return f"{board(delivery)}/{delivery.key}/adressen"


def read(client: Client, path: str) -> str:
    return words_of(client.get(path).content.decode())


def test_the_press_office_reads_whose_letter_is_in_doubt_and_whose_was_refused(
    at_desk: Desk, newsletter: Delivery
) -> None:
    page = at_desk(town.amira()).get(addresses(newsletter)).content.decode()
    shown = words_of(page)
    assert "wird eine gewöhnliche Mail nicht von selbst wiederholt" in shown
    assert "2 Adressen dora@post.example Antwort nicht bekannt unklar willi@post.example" in shown
    assert "willi@post.example 550 5.1.1 No such <b>user</b> nicht angenommen" in shown
    assert "<b>" not in page  # a mail server's words are words
    assert "erna@post.example" not in shown


def test_nobody_else_reads_citizens_addresses(at_desk: Desk, newsletter: Delivery) -> None:
    for person in (town.bernd(), town.emil()):
        client = at_desk(person)
        refused = client.get(addresses(newsletter))
        assert refused.status_code == 403
        assert "sieht nur die Pressestelle" in refused.content.decode()
        assert "post.example" not in refused.content.decode()
        whole = client.get(board(newsletter)).content.decode()
        assert NUMBER in words_of(whole)
        assert addresses(newsletter) not in whole
    assert not AuditEntry.objects.filter(act="read addresses").exists()


def test_every_look_is_on_record_without_the_addresses_and_kept_nowhere(at_desk: Desk, newsletter: Delivery) -> None:
    answer = at_desk(town.amira()).get(addresses(newsletter))
    assert answer["Cache-Control"] == "no-store"
    entry = AuditEntry.objects.get(act="read addresses")
    assert (entry.who, entry.about) == (town.amira(), f"delivery {newsletter.key}")
    assert entry.facts == {"post": newsletter.release.post.address, "number": 2}


def test_the_boards_number_leads_to_the_addresses_for_as_long_as_there_are_any(
    at_desk: Desk, newsletter: Delivery
) -> None:
    client = at_desk(town.amira())
    for path in (board(newsletter), f"{board(newsletter)}/stand"):
        assert f'<a href="{addresses(newsletter)}">{NUMBER}' in client.get(path).content.decode()
    Mailing.objects.all().delete()  # as after thirty days
    later = client.get(board(newsletter)).content.decode()
    assert NUMBER in words_of(later)
    assert addresses(newsletter) not in later
    assert "gibt es keine Liste von Adressen, oder ihre Zeit ist vorbei" in read(client, addresses(newsletter))


def test_a_newsletter_that_reached_everybody_has_an_empty_list(at_desk: Desk, newsletter: Delivery) -> None:
    Recipient.objects.update(state=Fate.SENT)
    placement = {**(newsletter.placement or {}), "extra": {"total": 3, "sent": 3, "failed": 0, "unclear": 0}}
    Delivery.objects.filter(pk=newsletter.pk).update(placement=placement)
    client = at_desk(town.amira())
    assert addresses(newsletter) not in client.get(board(newsletter)).content.decode()
    assert "Keine Adresse ist unklar, und keine wurde abgelehnt." in read(client, addresses(newsletter))


def test_of_very_many_the_first_are_shown_and_all_are_counted(
    at_desk: Desk, newsletter: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unreached, "SHOWN", 1)
    shown = read(at_desk(town.amira()), addresses(newsletter))
    assert "Gezeigt werden die ersten 1 von 2 Adressen, die unklaren zuerst." in shown
    assert "dora@post.example" in shown
    assert "willi@post.example" not in shown


def test_an_english_browser_reads_it_in_english(newsletter: Delivery) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.amira())
    shown = read(client, addresses(newsletter))
    assert "Newsletter: unclear or not accepted" in shown
    assert "2 addresses dora@post.example answer not known unclear willi@post.example 550" in shown
    assert "an ordinary mail is not repeated by itself" in shown
    assert "is deleted after 30 days. Who looked at it and when is recorded." in shown


@EVERYWHERE
def test_nobody_is_shut_out_of_the_list(browse: Browse, newsletter: Delivery, width: int, scheme: str) -> None:
    Recipient.objects.filter(address__startswith="willi").update(address=f"{'w' * 64}@{'lang.' * 30}example")
    page = browse(town.amira(), board(newsletter), width=width, scheme=scheme)
    is_open_to_all(page)
    assert page.evaluate(TOO_SMALL, 44 if width < 640 else 36) == []
    page.get_by_role("link", name=NUMBER).click()
    expect(page.get_by_role("heading", name="2 Adressen")).to_be_visible()
    is_open_to_all(page)
    assert page.evaluate(TOO_SMALL, 44 if width < 640 else 36) == []
