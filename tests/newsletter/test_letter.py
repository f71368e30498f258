"""What stands in a letter."""

from __future__ import annotations

import re
from dataclasses import replace
from email.message import EmailMessage

import pytest

from ausrufer.adapter.contract import Rendition
from tests.newsletter.mailbox import Mailbox
from tests.newsletter.readers import PAGE, ROADS, order, reader, sent
from tests.platforms.nasty_texts import NASTY
from tests.platforms.rigs import picture

DESK = "https://redaktion.trier.example"


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert isinstance(part, EmailMessage)
    return str(part.get_content()).replace("\r\n", "\n")


def html_of(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert isinstance(part, EmailMessage)
    return str(part.get_content())


def letter(mailbox: Mailbox, rendition: Rendition = ROADS, *, urgent: bool = False) -> EmailMessage:
    reader("dora@post.example")
    sent(order(urgent=urgent), rendition)
    return mailbox.mails[-1]


def test_one_click_ends_it_and_the_link_is_her_own(mailbox: Mailbox) -> None:
    dora = reader("dora@post.example")
    sent(order())
    [mail] = mailbox.mails

    assert f"<{DESK}/abo/{dora.token}>" in mail["List-Unsubscribe"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"{DESK}/abo/{dora.token}" in text_of(mail)
    assert f'href="{DESK}/abo/{dora.token}"' in html_of(mail)
    assert mailbox.paths == [f"newsletter+b{dora.token}@trier.example"]


def test_the_heads_say_what_it_is(mailbox: Mailbox) -> None:
    facts = {"name": "Rathaus-Post Köln", "list_id": "post.koeln.example", "reply_to": "presse@koeln.example"}
    mail = letter(mailbox, replace(ROADS, extra=facts, language="lb"))

    assert mail["From"] == "Rathaus-Post Köln <newsletter@trier.example>"
    assert mail["To"] == "dora@post.example"
    assert mail["Subject"] == "Die Saarstraße ist gesperrt."
    assert "<post.koeln.example>" in mail["List-Id"]
    assert mail["Reply-To"] == "presse@koeln.example"
    assert (mail["Precedence"], mail["Content-Language"], mail["Auto-Submitted"]) == ("bulk", "lb", None)


@pytest.mark.parametrize(
    "facts",
    [
        {"list_id": "post.köln.example"},
        {"list_id": "Unsere Post"},
        {"reply_to": "bürger@koeln.example"},
        {"reply_to": "presse@koeln.example>\r\nBcc: <dora@post.example"},
        {"name": "Rathaus\r\nBcc: dora@post.example"},
    ],
)
def test_what_was_entered_and_fits_no_head_stops_no_letter(mailbox: Mailbox, facts: dict[str, str]) -> None:
    mail = letter(mailbox, replace(ROADS, extra=facts))

    assert mail["Bcc"] is None
    assert mail["List-Id"].endswith("<newsletter.trier.example>")
    assert mail["Reply-To"] is None


def test_two_readers_get_letters_that_differ_in_their_own_lines_only(mailbox: Mailbox) -> None:
    first, second = reader("dora@post.example"), reader("emil@post.example")
    sent(order())
    ours = [mailbox.mail_to(each.address).as_string().replace(each.token, "…") for each in (first, second)]
    same = [re.sub(r"To: .*|Message-ID:\s*.*|X-\w+: .*", "", each) for each in ours]

    assert same[0] == same[1]
    assert len({mail["Message-ID"] for mail in mailbox.mails}) == 2


def test_a_crisis_letter_is_the_same_for_many_and_names_the_page_for_all(mailbox: Mailbox) -> None:
    for number in range(60):
        reader(f"leser{number}@post.example")
    sent(order(urgent=True))

    assert {mail["To"] for mail in mailbox.mails} == {"newsletter@trier.example"}
    assert f"{DESK}/abo\n" in text_of(mailbox.mails[0])
    assert "mailto:" in mailbox.mails[0]["List-Unsubscribe"]
    assert mailbox.mails[0]["List-Unsubscribe-Post"] is None
    assert mailbox.raw[0].split(b"From:")[1] == mailbox.raw[1].split(b"From:")[1]


@pytest.mark.parametrize("name", NASTY)
def test_every_text_arrives_as_it_was_written(mailbox: Mailbox, name: str) -> None:
    mail = letter(mailbox, replace(ROADS, text=NASTY[name]))

    assert text_of(mail).startswith(NASTY[name].replace("\r\n", "\n").replace("\r", "\n"))
    assert max(len(line) for line in mailbox.raw[-1].splitlines()) <= 200
    assert mailbox.raw[-1].isascii()


def test_a_line_that_is_a_dot_does_not_end_the_letter(mailbox: Mailbox) -> None:
    mail = letter(mailbox, replace(ROADS, text="Erstens.\n.\n..\nZweitens."))
    assert "Erstens.\n.\n..\nZweitens." in text_of(mail)


def test_markup_somebody_typed_stays_text(mailbox: Mailbox) -> None:
    html = html_of(letter(mailbox, replace(ROADS, text="<script>x</script> https://a.example/?a=1&b=2")))
    assert "<script>" not in html
    assert 'href="https://a.example/?a=1&amp;b=2"' in html


def test_pictures_are_named_and_stand_on_the_page(mailbox: Mailbox) -> None:
    mail = letter(mailbox, replace(ROADS, pictures=(picture("bruecke"),)))
    assert "Gesperrte Brücke" in text_of(mail)
    assert PAGE in text_of(mail)
    assert "<img" not in html_of(mail)  # nothing that would tell us who opened it
