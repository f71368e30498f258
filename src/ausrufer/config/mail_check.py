"""Whether the relay takes mail from us, and whether push services know whom to ask. For `ausrufer check`."""

from __future__ import annotations

import os
from collections.abc import Iterator

from ausrufer.adapter.errors import Trouble
from ausrufer.channels.models import Channel
from ausrufer.newsletter import readiness
from ausrufer.push.mailings import ask_for_contact

Finding = tuple[bool, str]


def mail() -> Iterator[Finding]:
    """Connects, greets, encrypts and logs in as the newsletter does; nothing is sent."""
    if not (os.environ.get("AUSRUFER_SMTP") or is_used("newsletter")):
        return
    try:
        relay = readiness.greet_relay()
    except Trouble as trouble:
        yield False, str(trouble.sentence)
    else:
        yield True, f"Mailserver {relay.host}:{relay.port} nimmt Mail von uns."
    if not is_used("newsletter"):
        return
    try:
        readiness.ask_for_sender()
    except Trouble as trouble:
        yield False, str(trouble.sentence)


def push_contact() -> Iterator[Finding]:
    """RFC 8292, section 2.1: a push service may refuse who cannot be asked."""
    if not (os.environ.get("AUSRUFER_PUSH_CONTACT") or is_used("push")):
        return
    try:
        contact = ask_for_contact()
    except Trouble as trouble:
        yield False, str(trouble.sentence)
    else:
        yield True, f"Ansprechpartner für Push-Dienste: {contact}."


def is_used(platform: str) -> bool:
    return Channel.objects.filter(platform=platform, is_active=True).exists()
