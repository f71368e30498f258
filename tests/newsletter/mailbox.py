"""A real mail server on this machine that says no, comes later, or hangs up, as a story wants it."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection

from tests.platforms.rigs import free_port


class Mailbox:
    """What arrived, and for whom."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.paths: list[str] = []  # return paths
        self.recipients: Counter[str] = Counter()
        self.answers: dict[str, str] = {}  # by address, to RCPT
        self.hangs_up_after = 0  # mails; 0: never
        self.swallows_the_next = False  # takes it, and hangs up before it says so
        self.pipelines = True
        self.connections = 0  # that were opened so far
        self.on_mail: Callable[[], None] = lambda: None
        self.lock = threading.Lock()

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return [*responses[:-1], *(["250-PIPELINING"] if self.pipelines else []), responses[-1]]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        with self.lock:
            self.raw.append(content)
            message: Any = message_from_bytes(content, policy=policy.default)
            self.mails.append(message)
            self.paths.append(str(envelope.mail_from))
            self.recipients.update(envelope.rcpt_tos)
            number = len(self.mails)
        await asyncio.to_thread(self._tell)
        if self.swallows_the_next or (self.hangs_up_after and number % self.hangs_up_after == 0):
            self.swallows_the_next = False
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return "250 OK"

    def _tell(self) -> None:
        self.on_mail()
        connection.close()  # this thread's own

    def mail_to(self, address: str) -> EmailMessage:
        return next(mail for mail in self.mails if address in str(mail["To"]))


@contextmanager
def mail_server() -> Iterator[tuple[Mailbox, str]]:
    """The mailbox and the address of its server."""
    mailbox, port = Mailbox(), free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield mailbox, f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()
