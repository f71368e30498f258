"""A newsletter with real processes: the worker is killed in the middle, and nobody is forgotten or written to twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest

from tests.newsletter.mailbox import Mailbox, mail_server
from tests.newsletter.test_bounces import report
from tests.system import System, running_system, until, words_of

READERS = 400
READ = f"""
from django.utils import timezone
from ausrufer.channels.models import Channel
from ausrufer.newsletter.models import Subscriber
now = timezone.now()
Subscriber.objects.bulk_create(Subscriber(address=f"leser{{n}}@post.example", state="confirmed", consent="1",
    requested_at=now, confirmed_at=now) for n in range({READERS}))
Channel.objects.create(key="newsletter", platform="newsletter", name="Newsletter")
"""
FATES = """
from collections import Counter
from ausrufer.newsletter.models import Recipient
print(dict(Counter(Recipient.objects.filter(mailing__urgent={}).values_list("state", flat=True))))
"""
KEY = """
from ausrufer.deliveries.models import Delivery
print(Delivery.objects.get(channel__key="newsletter", release__post__address="{}").key)
"""
READING = """
from ausrufer.newsletter.models import Subscriber
print(Subscriber.objects.filter(state="confirmed").count())
"""


@pytest.fixture(scope="module")
def town() -> Iterator[tuple[System, Mailbox]]:
    with mail_server() as (mailbox, address):
        environment = {"AUSRUFER_SMTP": address, "AUSRUFER_MAIL_FROM": "Stadt Trier <newsletter@trier.example>"}
        with running_system(environment) as system:
            system.python(READ)
            yield system, mailbox


@pytest.fixture
def letters(town: tuple[System, Mailbox]) -> tuple[System, Mailbox]:
    town[1].recipients.clear()
    town[1].mails.clear()
    return town


def fates(system: System, *, urgent: bool = False) -> dict[str, int]:
    found: dict[str, int] = eval(system.python(FATES.format(urgent)))
    return found


def unreached(system: System, address: str) -> str:
    """The list behind the board's number, as Amira reads it."""
    key = system.python(KEY.format(address)).strip()
    with closing(system.logged_in()) as browser:
        return words_of(browser.get(f"/beitrag/{address}/zustellung/{key}/adressen").text)


def done(system: System, address: str) -> bool:
    return system.states(address).get("newsletter") == "online"


def test_a_worker_killed_in_the_middle_forgets_nobody_and_writes_to_nobody_twice(
    letters: tuple[System, Mailbox],
) -> None:
    system, mailbox = letters
    told = system.post("Die Saarstraße ist gesperrt.")
    until(lambda: len(mailbox.mails) > 50, what="a newsletter under way")
    system.kill("worker")
    until(lambda: done(system, told["id"]), within=90, every=0.5, what="the end of the newsletter")

    found = fates(system)
    assert sum(found.values()) == READERS
    assert found.get("unclear", 0) <= 10
    assert found["sent"] + found.get("unclear", 0) == READERS
    assert max(mailbox.recipients.values()) == 1
    assert READERS - len(mailbox.recipients) <= found.get("unclear", 0)
    assert f"{found['sent']} von {READERS} übergeben" in system.board(told["id"])
    assert unreached(system, told["id"]).count("@post.example") == found.get("unclear", 0)


def test_a_crisis_mail_interrupted_by_a_kill_reaches_everybody(letters: tuple[System, Mailbox]) -> None:
    system, mailbox = letters
    told = system.post("Sturm: Bitte bleiben Sie im Haus.", topic="crisis")
    until(lambda: mailbox.mails, what="the first crisis mail")
    system.kill("worker")
    until(lambda: done(system, told["id"]), within=90, every=0.5, what="the end of the mailing")

    assert len(mailbox.recipients) == READERS
    assert fates(system, urgent=True) == {"sent": READERS}
    assert len({mail["Message-ID"] for mail in mailbox.mails}) == 1


def test_what_comes_back_is_taken_from_the_relays_pipe_and_one_click_ends_a_subscription(
    letters: tuple[System, Mailbox],
) -> None:
    system, mailbox = letters
    told = system.post("Die Saarstraße ist wieder frei.")
    until(lambda: done(system, told["id"]), within=90, every=0.5, what="the end of the newsletter")
    returned = report(f"<{mailbox.paths[-1]}>").decode()
    piped = system.command("bounce", typed=returned)
    assert (piped.returncode, piped.stdout.strip()) == (0, "1 Abonnement betroffen.")

    [link] = re.findall(r"<(https?://[^>]+)>", mailbox.mails[-1]["List-Unsubscribe"])
    clicked = httpx.post(link, data={"List-Unsubscribe": "One-Click"}, trust_env=False)
    assert (clicked.status_code, "abgemeldet" in clicked.text) == (200, True)
    assert system.python(READING).strip() == str(READERS - 1)
