"""The newsletter through a real relay that signs, to a real server that checks. Needs root; see tests/peers/postfix."""

from __future__ import annotations

import base64
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from ausrufer.newsletter.models import Fate, Recipient
from tests.newsletter.readers import order, reader, readers, sent, standing
from tests.peers.postfix import Postfix, postfix
from tests.system import until


def rsa_key(file: Path) -> str:
    """The private key as a file, the public one as it stands in the DNS."""
    subprocess.run(["openssl", "genrsa", "-out", str(file), "2048"], check=True, capture_output=True)
    command = ["openssl", "rsa", "-in", str(file), "-pubout", "-outform", "DER"]
    public = subprocess.run(command, check=True, capture_output=True).stdout
    return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Postfix, Path]]:
    key = tmp_path_factory.mktemp("dkim") / "2026.private"
    with postfix(keys=f"2026._domainkey.trier.example {rsa_key(key)}\n") as server:
        yield server, key


@pytest.fixture
def server(inbox: tuple[Postfix, Path], settings: Settings, transactional_db: None) -> Postfix:
    """Mail goes straight to the server that keeps it."""
    settings.SMTP, settings.MAIL_FROM = inbox[0].address, "Stadt Trier <newsletter@trier.example>"
    for file in (inbox[0].work / "mail/new").iterdir():
        file.unlink()
    return inbox[0]


def test_the_relay_signs_what_one_click_needs_and_the_signature_holds(
    server: Postfix, inbox: tuple[Postfix, Path], settings: Settings
) -> None:
    reader("dora@post.example")
    with postfix(SIGN=f"trier.example:2026:{inbox[1]}", RELAY=str(server.port)) as relay:
        settings.SMTP = relay.address
        assert sent(order()).sent == 1
        until(server.mails, within=30, what="the mail in the mailbox")
    [mail] = server.mails()

    assert "dkim=pass" in str(mail["Authentication-Results"])
    signed = re.sub(r"\s", "", str(mail["DKIM-Signature"])).lower()
    assert "list-unsubscribe:" in signed
    assert "list-unsubscribe-post" in signed


def test_refused_and_busy_mailboxes_stop_nobody_else(server: Postfix) -> None:
    good = readers(50)
    for number in range(30):
        reader(f"bounce{number}@post.example")
    reader("later@post.example")
    story = order()

    sent(story)
    done = standing(story)
    assert (done.sent, done.failed, done.open) == (50, 30, 1)
    assert Recipient.objects.get(state=Fate.WAITING).answer.startswith("450")
    until(lambda: len(server.mails()) == len(good), within=30, what="all mails in their mailboxes")
    assert sorted(str(mail["To"]) for mail in server.mails()) == sorted(good)


def test_a_crisis_mail_reaches_a_hundred_and_twenty_in_three_batches(server: Postfix) -> None:
    readers(120)
    reader("bounce@post.example")

    done = sent(order(urgent=True))
    assert (done.sent, done.failed, done.open) == (120, 1, 0)
    until(lambda: len(server.mails()) == 120, within=30, what="all mails in their mailboxes")
    assert len({str(mail["Message-ID"]) for mail in server.mails()}) == 1
