"""Single mails to one subscriber: please confirm, or here is your link. Nothing else may stand in them."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, make_msgid

from django.conf import settings

from ausrufer.kernel.apart import run_apart
from ausrufer.kernel.clock import utc_now
from ausrufer.newsletter.letter import Sender, dotted
from ausrufer.newsletter.mailings import sender
from ausrufer.newsletter.models import Standing, Subscriber
from ausrufer.newsletter.smtp import Relay, connect, expect

CONFIRM = """Guten Tag,

jemand hat mit dieser Adresse den Newsletter „{name}“ bestellt. Wenn Sie es waren, bestätigen Sie bitte hier:

{link}

Wenn nicht, müssen Sie nichts tun: Ohne Bestätigung löschen wir Ihre Adresse nach sieben Tagen.
"""
MANAGE = """Guten Tag,

unter dieser Adresse können Sie den Newsletter „{name}“ abbestellen:

{link}
"""


def send_link(number: int) -> None:
    """Raises RelayAway; the job comes again."""
    subscriber = Subscriber.objects.filter(pk=number).exclude(state=Standing.ENDED).first()
    if subscriber:
        run_apart(hand_over(note(subscriber, sender()), subscriber.address, sender().return_path(subscriber.token)))


def note(subscriber: Subscriber, by: Sender) -> EmailMessage:
    is_new = subscriber.state == Standing.REQUESTED
    mail = EmailMessage(policy=SMTP)
    mail["From"] = formataddr((by.name, by.address))
    mail["To"] = subscriber.address
    mail["Subject"] = "Bitte bestätigen Sie Ihre Bestellung" if is_new else "Ihr Link zum Abbestellen"
    mail["Date"] = format_datetime(utc_now())
    mail["Message-ID"] = make_msgid(domain=by.domain)
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = "de"
    mail.set_content((CONFIRM if is_new else MANAGE).format(name=by.name, link=by.manage(subscriber.token)))
    return mail


async def hand_over(mail: EmailMessage, address: str, return_path: str) -> None:
    by = sender()
    connection = await connect(Relay.from_address(settings.SMTP), by.domain)
    try:
        connection.write(connection.begin(return_path, [address]))
        replies = await connection.envelope()
        if replies[1].is_final:
            return  # nobody lives there; the subscription stays unconfirmed and is forgotten
        for reply in replies:
            expect(reply)
        connection.write(dotted(mail.as_bytes()) + b".\r\n")
        expect(await connection.reply())
    finally:
        await connection.close()
