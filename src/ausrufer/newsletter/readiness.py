"""Whether a letter could go out: there is a sender, and the relay takes mail from us. Nothing is sent."""

from __future__ import annotations

import asyncio
import socket

from django.conf import settings

from ausrufer.adapter.errors import LockedOut, TryLater
from ausrufer.kernel.apart import run_apart
from ausrufer.kernel.sentence import Sentence
from ausrufer.newsletter.smtp import Relay, RelayAway, connect

GREETING = 20.0  # seconds for all of it: a person waits
AGAIN = 15.0  # seconds
REFUSED = "Mailserver {server} (AUSRUFER_SMTP) nimmt uns nicht: {reason}"
KNOWN = {
    "no SMTP": "Mailserver {server} (AUSRUFER_SMTP) nimmt uns nicht: Seine Antwort ist nicht zu verstehen.",
    "connection ended": "Mailserver {server} (AUSRUFER_SMTP) nimmt uns nicht: Er bricht die Verbindung ab.",
    "ConnectionRefusedError": "Mailserver {server} (AUSRUFER_SMTP) nimmt uns nicht: Dort hört niemand zu.",
    "TimeoutError": "Mailserver {server} (AUSRUFER_SMTP) nimmt uns nicht: Er antwortet nicht.",
    "gaierror": "Mailserver {server} (AUSRUFER_SMTP) nimmt uns nicht: Diesen Namen gibt es nicht.",
    "SSL": "Mailserver {server} (AUSRUFER_SMTP) nimmt uns nicht: Die Verschlüsselung kommt nicht zustande.",
    "535": "Mailserver {server} (AUSRUFER_SMTP) nimmt uns nicht: Name oder Passwort stimmen nicht.",
    "no encryption": "Mailserver {server} (AUSRUFER_SMTP) nimmt uns nicht: Er würde das Passwort nicht verschlüsseln.",
}


def ask_for_sender() -> None:
    """Raises LockedOut while nobody said who writes."""
    if settings.MAIL_FROM.endswith("@localhost>"):
        raise LockedOut("AUSRUFER_MAIL_FROM fehlt: Der Newsletter hat keinen Absender.")


def greet_relay() -> Relay:
    """Connects, greets, encrypts and logs in as the newsletter does. Raises LockedOut or TryLater."""
    try:
        relay = Relay.from_address(settings.SMTP)
    except ValueError as error:
        raise LockedOut(str(error)) from error
    try:
        run_apart(greeted(relay))
    except RelayAway as away:
        said = str(away)
        text = next((words for sign, words in KNOWN.items() if sign in said), REFUSED)
        values = {"server": f"{relay.host}:{relay.port}", "reason": said}
        raise TryLater(Sentence(text, values), seconds=AGAIN, diagnostic=said) from away
    return relay


async def greeted(relay: Relay) -> None:
    try:
        async with asyncio.timeout(GREETING):
            connection = await connect(relay, socket.getfqdn())
            await connection.close()
    except TimeoutError as error:
        raise RelayAway(repr(error)) from error
