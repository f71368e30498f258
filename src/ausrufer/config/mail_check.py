"""Whether the relay takes mail from us, and whether push services know whom to ask. For `ausrufer check`."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator

from django.conf import settings

from ausrufer.channels.models import Channel
from ausrufer.kernel.apart import run_apart
from ausrufer.newsletter.smtp import Relay, RelayAway, connect

Finding = tuple[bool, str]


def mail() -> Iterator[Finding]:
    """Connects, greets, encrypts and logs in as the newsletter does; nothing is sent."""
    if not (os.environ.get("AUSRUFER_SMTP") or is_used("newsletter")):
        return
    try:
        relay = Relay.from_address(settings.SMTP)
        run_apart(greeted(relay))
    except ValueError as trouble:
        yield False, str(trouble)
    except RelayAway as trouble:
        yield False, f"Mailserver {relay.host}:{relay.port} (AUSRUFER_SMTP) nimmt uns nicht: {reason(trouble)}"
    else:
        yield True, f"Mailserver {relay.host}:{relay.port} nimmt Mail von uns."
    if is_used("newsletter") and settings.MAIL_FROM.endswith("@localhost>"):
        yield False, "AUSRUFER_MAIL_FROM fehlt: Der Newsletter hat keinen Absender."


async def greeted(relay: Relay) -> None:
    connection = await connect(relay, socket.getfqdn())
    await connection.close()


def reason(trouble: RelayAway) -> str:
    """In words, where they can be found."""
    said = str(trouble)
    known = {
        "ConnectionRefusedError": "Dort hört niemand zu.",
        "TimeoutError": "Er antwortet nicht.",
        "gaierror": "Diesen Namen gibt es nicht.",
        "SSL": "Die Verschlüsselung kommt nicht zustande.",
        "535": "Name oder Passwort stimmen nicht.",
        "no encryption": "Ein Passwort ist gesetzt, aber er bietet keine Verschlüsselung an.",
    }
    return next((words for sign, words in known.items() if sign in said), said)


def push_contact() -> Iterator[Finding]:
    """RFC 8292, section 2.1: a push service may refuse who cannot be asked."""
    if not (os.environ.get("AUSRUFER_PUSH_CONTACT") or is_used("push")):
        return
    contact = settings.PUSH_CONTACT
    is_good = contact.startswith("https://") or (contact.startswith("mailto:") and "@" in contact)
    text = f"Ansprechpartner für Push-Dienste: {contact}."
    yield is_good, text if is_good else f"{text} Bitte AUSRUFER_PUSH_CONTACT setzen: mailto:… oder https://…"


def is_used(platform: str) -> bool:
    return Channel.objects.filter(platform=platform, is_active=True).exists()
