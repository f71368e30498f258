"""Reading what comes back (RFC 3464), and remembering whose mailbox is gone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message

from ausrufer.newsletter.models import TOKEN_LENGTH, Subscriber
from ausrufer.newsletter.subscribers import note_hard_bounce

OUR_PATH = re.compile(rf"\+b([a-z0-9]{{{TOKEN_LENGTH}}})@", re.IGNORECASE)
ADDRESSED = ("X-Original-To", "Delivered-To", "Envelope-To", "To")


@dataclass(frozen=True)
class Bounce:
    is_hard: bool  # the mailbox is gone; full or slow ones are not hard
    token: str = ""  # from the return path
    addresses: tuple[str, ...] = ()  # from the report, e.g. for the crisis mails that went to fifty


def receive(mail: bytes) -> int:
    """How many subscribers it is about; 0 for whatever is no report of a bounce."""
    bounce = read(mail)
    if bounce is None or not bounce.is_hard:
        return 0
    tokens = {bounce.token} if bounce.token else set()
    if not tokens:
        tokens = set(Subscriber.objects.filter(address__in=bounce.addresses).values_list("token", flat=True))
    for token in tokens:
        note_hard_bounce(token)
    return len(tokens)


def read(mail: bytes) -> Bounce | None:
    message = message_from_bytes(mail, policy=policy.compat32)
    if message.get_content_type() != "multipart/report":
        return None
    failed = [block for block in reports(message) if str(block.get("Action", "")).strip().lower() == "failed"]
    if not failed:
        return None
    hard = [block for block in failed if str(block.get("Status", "")).strip().startswith("5.") and not is_full(block)]
    addresses = tuple(address for block in hard for address in recipients(block))
    ours = [found.group(1).lower() for name in ADDRESSED if (found := OUR_PATH.search(str(message.get(name, ""))))]
    return Bounce(bool(hard), ours[0] if ours else "", addresses)


def reports(message: Message) -> Iterator[Message]:
    """The blocks of every delivery-status part, one for each recipient."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            content = part.get_payload()
            yield from (block for block in content if isinstance(block, Message)) if isinstance(content, list) else ()


def recipients(block: Message) -> Iterator[str]:
    for name in ("Original-Recipient", "Final-Recipient"):
        value = str(block.get(name, "")).rpartition(";")[2].strip().lower()
        if "@" in value:
            yield value.strip("<>")


def is_full(block: Message) -> bool:
    """5.2.2 and its like: the mailbox exists."""
    return bool(re.match(r"\s*5\.(2\.[123]|3|7)", str(block.get("Status", ""))))
