"""A small SMTP client that pipelines (RFC 2920): the end of one mail and the next one's envelope in one packet."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import re
import socket
import ssl
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urlsplit

PATIENCE = 120.0  # seconds for an answer; postfix may think long after the final dot
CONNECTING = 15.0  # seconds
LOOKS_UP = 5.0  # seconds between two looks whether an answer is late
LONGEST = 65_536  # bytes of a line nobody has ended
LINES = 200  # of one answer
CODE = re.compile("[2-5][0-9]{2}(?=[ -]|$)")  # RFC 5321, 4.2; 1 would be for commands we never say
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class RelayAway(Exception):
    """The relay does not take mail from us at the moment; nothing is said about any recipient."""


@dataclass(frozen=True)
class Relay:
    """`smtp://user:password@host:port`: TLS when offered, demanded with a password. `smtps://`: from the start."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    is_tls: bool = False

    @classmethod
    def from_address(cls, address: str) -> Relay:
        """Raises ValueError with a sentence."""
        parts = urlsplit(address)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError(f"AUSRUFER_SMTP ist keine Adresse wie smtp://relay.stadt.example:25: {parts.hostname}")
        port = parts.port or (465 if parts.scheme == "smtps" else 25)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.hostname, port, user, password, parts.scheme == "smtps")


@dataclass(frozen=True)
class Reply:
    code: int
    text: str = ""

    @property
    def is_good(self) -> bool:
        return 200 <= self.code < 400

    @property
    def is_final(self) -> bool:
        return self.code >= 500

    def __str__(self) -> str:
        return f"{self.code} {self.text}"[:200]


@lru_cache(64)  # a relay says the same few lines a hundred thousand times
def understood(line: bytes) -> tuple[Reply, bool]:
    """One line of an answer, and whether it is the last. Raises RelayAway for what is none."""
    words = line.decode("utf-8", "replace").rstrip("\r").replace("\0", "")  # which no database keeps
    if not CODE.match(words):
        raise RelayAway(f"no SMTP: {words[:80]!r}")
    return Reply(int(words[:3]), words[4:]), words[3:4] != "-"


class Connection:
    """One open connection. Every method raises RelayAway when it is gone, or when the relay says 421."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, relay: Relay) -> None:
        self.reader, self.writer, self.relay = reader, writer, relay
        self.offers: set[str] = set()
        self.refusals = 0  # many servers slow a connection down after ten
        self._loop = asyncio.get_running_loop()
        self._waits_since = 0.0  # by the loop's clock; 0: for nothing
        self._watch = self._loop.call_later(LOOKS_UP, self._look_up)
        self._unsaid: list[bytes] = []  # commands of an envelope that wait for their turn
        self._asked = 0  # answers that are still to come for the envelope
        self._lines: deque[bytes] = deque()  # of answers that came along with others in one packet
        self._rest = b""  # of a line whose end is still to come

    def _look_up(self) -> None:
        """One look now and then costs less than a time-out around each of a hundred thousand answers."""
        if self._waits_since and self._loop.time() - self._waits_since > PATIENCE:
            self.writer.transport.abort()
        else:
            self._watch = self._loop.call_later(LOOKS_UP, self._look_up)

    @property
    def pipelines(self) -> bool:
        return "PIPELINING" in self.offers

    def begin(self, sender: str, recipients: Sequence[str]) -> bytes:
        """The next envelope: bytes that may go along with what is written now; the rest follows in `envelope`."""
        commands = [f"MAIL FROM:<{sender}>", *(f"RCPT TO:<{each}>" for each in recipients), "DATA"]
        self._unsaid = [f"{command}\r\n".encode("ascii") for command in commands]
        self._asked = len(commands)
        if not self.pipelines:
            return b""
        packet, self._unsaid = b"".join(self._unsaid), []
        return packet

    async def envelope(self) -> list[Reply]:
        """What was said to the envelope begun last: MAIL, each RCPT, DATA."""
        replies: list[Reply] = []
        for number in range(self._asked):
            if self._unsaid:
                is_data = number == self._asked - 1
                if is_data and not any(reply.is_good for reply in replies[1:]):
                    self._unsaid = []
                    replies.append(Reply(503, "no recipients"))
                    await self.ask("RSET")
                    break
                self.writer.write(self._unsaid.pop(0))
            replies.append(await self.reply())
        self.refusals += sum(not reply.is_good for reply in replies[:-1])
        return replies

    def write(self, data: bytes) -> None:
        self.writer.write(data)

    async def ask(self, command: str) -> Reply:
        self.writer.write(command.encode() + b"\r\n")
        return await self.reply()

    async def reply(self) -> Reply:
        earlier: list[str] = []
        try:
            while True:
                reply, is_last = understood(self._lines.popleft() if self._lines else await self._line())
                if is_last:
                    break
                earlier.append(reply.text)
                if len(earlier) > LINES:
                    raise RelayAway("no SMTP: an answer without an end")
        except (OSError, ValueError) as error:
            raise RelayAway(repr(error)) from error
        finally:
            self._waits_since = 0.0
        if earlier:
            reply = Reply(reply.code, "\n".join([*earlier, reply.text]))
        if reply.code == 421:
            raise RelayAway(str(reply))
        return reply

    async def _line(self) -> bytes:
        self._waits_since = self._waits_since or self._loop.time()
        while not self._lines:
            data = await self.reader.read(LONGEST)
            *lines, self._rest = (self._rest + data).split(b"\n")
            self._lines.extend(lines)
            if not data or len(self._rest) > LONGEST:
                raise RelayAway(f"the connection ended: {self._rest[:80]!r}")
        return self._lines.popleft()

    def forget(self) -> None:
        """What came before the encryption began is nobody's word."""
        self._lines.clear()
        self._rest = b""

    async def close(self) -> None:
        self._watch.cancel()
        if self.writer.is_closing():  # given up, with nobody to say good-bye to
            return
        with contextlib.suppress(RelayAway, OSError, TimeoutError):
            async with asyncio.timeout(2):
                await self.ask("QUIT")
        self.writer.close()


async def connect(relay: Relay, name: str) -> Connection:
    """Greeted, encrypted and logged in. Raises RelayAway."""
    try:
        async with asyncio.timeout(CONNECTING):
            context = ssl.create_default_context() if relay.is_tls else None
            reader, writer = await asyncio.open_connection(relay.host, relay.port, ssl=context)
    except (OSError, TimeoutError) as error:
        raise RelayAway(repr(error)) from error
    with contextlib.suppress(OSError):
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection = Connection(reader, writer, relay)
    try:
        expect(await connection.reply())
        await hello(connection, name)
        await encrypt(connection, name)
        await log_in(connection)
    except BaseException:
        writer.close()
        raise
    return connection


async def hello(connection: Connection, name: str) -> None:
    reply = expect(await connection.ask(f"EHLO {name}"))
    connection.offers = {line.split(" ")[0].upper() for line in reply.text.split("\n")[1:]}


async def encrypt(connection: Connection, name: str) -> None:
    """Without a password any certificate is better than none; with one, only the right one will do."""
    relay = connection.relay
    if relay.is_tls or relay.host in LOOPBACK:
        return
    if "STARTTLS" not in connection.offers:
        if relay.password:
            raise RelayAway("a password, and the relay offers no encryption")
        return
    expect(await connection.ask("STARTTLS"))
    context = ssl.create_default_context()
    if not relay.password:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        await connection.writer.start_tls(context, server_hostname=relay.host)
    except OSError as error:
        raise RelayAway(repr(error)) from error
    connection.forget()
    await hello(connection, name)


async def log_in(connection: Connection) -> None:
    relay = connection.relay
    if relay.user:
        word = base64.b64encode(f"\0{relay.user}\0{relay.password}".encode()).decode()
        expect(await connection.ask(f"AUTH PLAIN {word}"))


def expect(reply: Reply) -> Reply:
    """Raises RelayAway for a refusal."""
    if not reply.is_good:
        raise RelayAway(str(reply))
    return reply
