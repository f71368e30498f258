"""Stands in front of a real mail server and misbehaves on request: loses answers, puts off, delays, cuts, lies.

    python -m sandbox.smtp_fault_proxy --upstream smtp://127.0.0.1:2525

prints one JSON line {"smtp": …, "origin": …} once it listens. Faults come by POST /_faults to the origin, e.g.
{"effect": "drop_answer", "command": "DATA_END", "recipient": "dora@*", "count": 1}, and the rest as in
sandbox/fault_proxy.py. CONNECT is the greeting, DATA_END the letter with its final dot. A client that pipelines may:
its commands are carried out one by one. STARTTLS and CHUNKING are taken away, because nobody could read along.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import ClassVar
from urllib.parse import urlsplit

from sandbox.unruly import EFFECTS, HUGE, TRUE_ANSWERS, Fault, Faults, read_request

LIES = {
    "cut_request": "forwards only half of the command or letter, then closes the connection",
    "limit": "421, then closes the connection",
    "status": "answers with `status`",
    "garbage": "a line that is no answer",
    "html": "a page for people",
    "huge": "200 MB of an answer, then closes the connection",
}
CLOSING = ("drop_request", "drop_answer", "cut", "cut_request", "limit", "huge")
SECRET = (b"STARTTLS", b"CHUNKING")
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class MailFault(Fault):
    command: str = "*"  # CONNECT, EHLO, MAIL, RCPT, DATA, DATA_END, RSET, QUIT
    recipient: str = "*"  # with * and ?; who is named, or anybody the letter is for
    status: int = 450

    effects: ClassVar[dict[str, str]] = EFFECTS | LIES

    def meets(self, command: str, recipients: Sequence[str]) -> bool:
        named = recipients[-1:] if command == "RCPT" else recipients
        is_meant = self.recipient == "*" or any(fnmatchcase(each, self.recipient) for each in named)
        return self.command in ("*", command) and is_meant


class Session:
    """A client's connection, and ours to the server on its behalf."""

    def __init__(self, client: Line, upstream: str, faults: Faults[MailFault]) -> None:
        self.reader, self.writer = client
        self.upstream, self.faults = urlsplit(upstream), faults
        self.server: Line | None = None
        self.hello = b""
        self.recipients: list[str] = []

    async def run(self) -> None:
        answer = await self.step("CONNECT", b"")
        while answer[:3] not in (b"", b"221") and (line := await self.reader.readline()):
            command = line[:4].decode("latin-1").strip().upper()
            if command == "MAIL":
                self.recipients = []
            if command == "RCPT":
                self.recipients.append(line.partition(b"<")[2].partition(b">")[0].decode("latin-1"))
            answer = await self.step(command, line)
            if command == "DATA" and answer.startswith(b"354"):
                answer = await self.step("DATA_END", await self.letter())

    async def step(self, command: str, said: bytes) -> bytes:
        """The end of what was answered; b"" when there is nothing more to say."""
        fault = self.faults.take(lambda each: each.meets(command, self.recipients))
        if fault and fault.effect == "cut_request":
            await self.forward(said[: len(said) // 2], answered=False)
            return b""
        piece = b""
        async for piece in self.faults.answer(fault, lambda: self.forward(said), lies):
            self.writer.write(piece)
            await self.writer.drain()
        if fault and fault.effect not in TRUE_ANSWERS and command.startswith("DATA"):
            self.leave()  # it waits for a letter that does not come, and the client for nothing
        return b"" if fault and fault.effect in CLOSING else piece

    async def letter(self) -> bytes:
        """With its final dot. Raises ConnectionError when the client ends before."""
        lines = [await self.reader.readline()]
        while lines[-1] != b".\r\n":
            lines.append(await self.reader.readline())
            if not lines[-1]:
                raise ConnectionError("half a letter")
        return b"".join(lines)

    async def forward(self, said: bytes, *, answered: bool = True) -> bytes:
        if self.server is None:
            self.server = await asyncio.open_connection(self.upstream.hostname, self.upstream.port)
            greeting = await self.reply()
            if not said:
                return greeting
            if self.hello:
                await self.forward(self.hello)
        self.server[1].write(said)
        await self.server[1].drain()
        if said[:4].upper() in (b"EHLO", b"HELO"):
            self.hello = said
        return await self.reply() if answered else b""

    async def reply(self) -> bytes:
        assert self.server
        lines = [await self.server[0].readline()]
        while lines[-1][3:4] == b"-":
            lines.append(await self.server[0].readline())
        kept = [line for line in lines if not line[4:].upper().startswith(SECRET)]
        return b"".join([*kept[:-1], kept[-1][:3] + b" " + kept[-1][4:]]) if kept[-1] else b""

    def leave(self) -> None:
        if self.server:
            self.server[1].close()
        self.server = None


def lies(fault: MailFault) -> Iterator[bytes]:
    match fault.effect:
        case "limit":
            yield b"421 4.7.0 Too many connections, try again later\r\n"
        case "garbage":
            yield b'{"id": "1\xff\0\r\n'
        case "html":
            yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<h1>Wartungsarbeiten</h1>\r\n"
        case "huge":
            for _ in range(HUGE // 1_000_000):
                yield b"250-1,1,1,\r\n" * (1_000_000 // 12)
        case _:
            yield b"%d made up by the fault proxy\r\n" % fault.status


async def run(upstream: str) -> None:
    faults = Faults(MailFault)
    sessions: set[Session] = set()  # asyncio itself forgets one whose client has left

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = Session((reader, writer), upstream, faults)
        sessions.add(session)
        with suppress(ConnectionError, OSError):
            await session.run()
        sessions.remove(session)
        session.leave()
        writer.close()

    async def control(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, OSError):
            writer.write(faults.control(await read_request(reader)))
        writer.close()

    mail, web = [await asyncio.start_server(each, "127.0.0.1", 0) for each in (serve, control)]
    smtp, origin = [f"127.0.0.1:{each.sockets[0].getsockname()[1]}" for each in (mail, web)]
    print(json.dumps({"smtp": f"smtp://{smtp}", "origin": f"http://{origin}"}), flush=True)  # noqa: T201
    async with mail, web:
        await asyncio.gather(mail.serve_forever(), web.serve_forever())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--upstream", required=True)
    asyncio.run(run(parser.parse_args().upstream))
