"""One letter for all: rendered once, and filled in for each recipient by replacing bytes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.quoprimime import body_encode
from email.utils import format_datetime, formataddr

from django.template.loader import render_to_string

from ausrufer.adapter.contract import Rendition
from ausrufer.kernel.text import first_sentence
from ausrufer.newsletter.models import TOKEN_LENGTH

# Of a token's length and made of its signs, so that no line of the letter grows when it is filled in.
TOKEN = "tttt".ljust(TOKEN_LENGTH, "q")
ADDRESS = "q-recipient-q"
NUMBER = "q-number-q"
PLACES = [each.encode() for each in (ADDRESS, NUMBER, TOKEN)]
IN_HEAD, IN_BODY = re.compile(b"(%b|%b|%b)" % tuple(PLACES)), re.compile(b"(%b)" % TOKEN.encode())
BOUNDARY = "=_ausrufer_letter"
SUBJECT = 90  # signs; longer ones are cut off by most programs, so we do it at a word
PLAIN = re.compile(r"[!-;=?-~]+")  # what stands between < and > in a head; anything else is left out
NARROW = 70  # leaves room for what a soft line break adds


@dataclass(frozen=True)
class Sender:
    """Who writes: the same for every letter of the house."""

    name: str  # "Stadt Trier"
    address: str  # "newsletter@trier.de"
    desk: str  # origin under which /abo/<token> answers

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]

    def return_path(self, token: str) -> str:
        """Says by itself who could not be reached (VERP)."""
        local, _, domain = self.address.rpartition("@")
        return f"{local}+b{token}@{domain}"

    def manage(self, token: str = "") -> str:
        return f"{self.desk}/abo/{token}" if token else f"{self.desk}/abo"


def compose(key: str, rendition: Rendition, sender: Sender, *, urgent: bool, at: datetime) -> bytes:
    """The whole mail with CRLF, dots doubled for SMTP, ended by the dot.

    An ordinary one has places for the recipient's address and token. In a crisis one and the same mail goes to fifty
    recipients at a time, so it carries the address of the page where everybody asks for his own link instead.
    """
    manage = sender.manage() if urgent else sender.manage(TOKEN)
    subject, rest = first_sentence(rendition.text)
    shown = {
        "rendition": rendition,
        "first": subject,
        "rest": [each.strip() for each in rest.split("\n\n") if each.strip()],
        "manage": manage,
        "name": rendition.extra.get("name") or sender.name,
        "alts": [picture.alt for picture in rendition.pictures if picture.alt],
    }
    text = render_to_string("newsletter/letter.txt", shown)
    html = render_to_string("newsletter/letter.html", shown)
    heads = [*headers(key, rendition, sender, urgent=urgent, at=at), ("Subject", encoded(shorter(subject)))]
    head = "".join(f"{name}: {value}\r\n" for name, value in heads)
    body = f"{part('text/plain', text)}{part('text/html', html)}--{BOUNDARY}--\r\n"
    return dotted(f"{head}\r\n{body}".encode("ascii")) + b".\r\n"


def headers(key: str, rendition: Rendition, sender: Sender, *, urgent: bool, at: datetime) -> list[tuple[str, str]]:
    extra, listed = rendition.extra, f"newsletter.{sender.domain}"
    name = " ".join(str(extra.get("name") or sender.name).split())
    list_id, reply_to = (str(extra.get(each) or "") for each in ("list_id", "reply_to"))
    mailto = f"<mailto:{sender.address}?subject=abmelden>"
    one_click = [("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")]
    return [
        ("From", formataddr((encoded(name), sender.address))),
        ("To", f"<{sender.address}>" if urgent else f"<{ADDRESS}>"),
        *([("Reply-To", f"<{reply_to}>")] if PLAIN.fullmatch(reply_to) else []),
        ("Date", format_datetime(at)),
        # From the delivery's key and the recipient: whoever gets it twice has a program that shows it once.
        ("Message-ID", f"<{key}@{sender.domain}>" if urgent else f"<{key}.{NUMBER}@{sender.domain}>"),
        ("List-Id", f"{encoded(name)} <{list_id if PLAIN.fullmatch(list_id) else listed}>"),
        ("List-Unsubscribe", mailto if urgent else f"<{sender.manage(TOKEN)}>,\r\n {mailto}"),
        *([] if urgent else one_click),
        ("Precedence", "bulk"),
        *([("Importance", "high")] if urgent else []),
        ("Content-Language", rendition.language),
        ("MIME-Version", "1.0"),
        ("Content-Type", f'multipart/alternative; boundary="{BOUNDARY}"'),
    ]


class Form:
    """A letter cut once at the places that are a recipient's own: address and number in its head, tokens everywhere."""

    def __init__(self, letter: bytes, key: str) -> None:
        self.key = key
        head, body = letter.split(b"\r\n\r\n", 1)
        self.pieces = [*IN_HEAD.split(head + b"\r\n\r\n"), *IN_BODY.split(body)]

    def filled(self, address: str, token: str) -> bytes:
        """The letter of one recipient."""
        number = hashlib.sha256(f"{self.key}:{address}".encode()).hexdigest()[:24]
        own = dict(zip(PLACES, (address.encode(), number.encode(), token.encode()), strict=True))
        return b"".join([own.get(piece, piece) for piece in self.pieces])


def part(kind: str, content: str) -> str:
    head = f"--{BOUNDARY}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return head + quoted(content) + "\r\n"


def quoted(content: str) -> str:
    """Quoted-printable in which no token is broken: soft line breaks stand before and after each."""
    pieces = content.replace("\r\n", "\n").split(TOKEN)
    return f"=\r\n{TOKEN}=\r\n".join(encoded_lines(piece) for piece in pieces)


def encoded_lines(piece: str) -> str:
    """One sign for each byte is what `body_encode` wants."""
    return str(body_encode(piece.encode().decode("latin-1"), NARROW, "\r\n"))


def encoded(text: str) -> str:
    return text if text.isascii() else Header(text, "utf-8", maxlinelen=70).encode(linesep="\r\n")


def shorter(subject: str) -> str:
    subject = " ".join(subject.split())
    return subject if len(subject) <= SUBJECT else subject[:SUBJECT].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"


def dotted(mail: bytes) -> bytes:
    """A line that begins with a dot gets a second one, or it would end the mail (RFC 5321, 4.5.2)."""
    return mail.replace(b"\r\n.", b"\r\n..")
