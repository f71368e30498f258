"""The connections of one mailing: ten talk to the relay at a time, each with one mail in its hands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from ausrufer.newsletter.journal import Change, Journal, Reader
from ausrufer.newsletter.letter import Form, Sender
from ausrufer.newsletter.models import Fate, Mailing
from ausrufer.newsletter.smtp import Connection, Relay, RelayAway, Reply, connect, expect

CONNECTIONS = 10
BATCH = 50  # recipients of one crisis mail
FIRST_BATCH = 5  # of a connection: so that the first mails are out while others are still being counted
AT_ONCE = 1e-6  # seconds
PAUSES = (60.0, 300.0, 900.0, 3600.0)  # seconds before a mailbox that is busy is tried again; then it has failed
REFUSALS = 8  # on one connection; servers slow down and hang up after ten or twenty
LOOKS_UP = 0.2  # seconds between two looks for a crisis


class Lines:
    """Carries a mailing out as far as the relay takes it."""

    def __init__(
        self, mailing: Mailing, journal: Journal, relay: Relay, sender: Sender, is_stopping: Callable[[], bool]
    ) -> None:
        self.journal, self.relay, self.sender, self.is_stopping = journal, relay, sender, is_stopping
        self.key, self.letter, self.urgent = str(mailing.key), bytes(mailing.letter), mailing.urgent
        self.form = Form(self.letter, self.key)
        self.gives_way = False  # a crisis waits, or the worker is asked to stop
        self.trouble = ""
        self.moved = 0  # recipients whose fate this job learned; who is unclear taught us nothing

    async def run(self) -> None:
        """Returns when nobody is due any more, when the relay is away, or when a crisis waits."""
        watch = asyncio.create_task(self._look_up())
        try:
            while not self.gives_way:
                before, self.trouble = self.moved, ""
                await self._all_lines()
                await self.journal.put_back()
                if self.moved == before:
                    return
            await self.journal.put_back()
        finally:
            watch.cancel()

    async def _all_lines(self) -> None:
        """When one breaks, the others end before anybody closes what they write on."""
        lines = [asyncio.create_task(self._line()) for _ in range(CONNECTIONS)]
        try:
            await asyncio.gather(*lines)
        finally:
            for each in lines:
                each.cancel()
            await asyncio.gather(*lines, return_exceptions=True)

    async def _look_up(self) -> None:
        while not self.gives_way:
            await asyncio.sleep(LOOKS_UP)
            is_later = not self.urgent and await self.journal.someone_is_more_urgent()
            self.gives_way = is_later or self.is_stopping()

    async def _next(self, number: int = 1) -> list[Reader]:
        return [] if self.gives_way else await self.journal.take(number)

    async def _line(self) -> None:
        """One connection after the other until the list is at its end, or one of them brought nothing."""
        while readers := await self._next(FIRST_BATCH if self.urgent else 1):
            before = self.moved
            try:
                connection = await connect(self.relay, self.sender.domain)
            except RelayAway as error:
                self.trouble = str(error)
                return
            try:
                await (self._batches(connection, readers) if self.urgent else self._one_by_one(connection, readers))
            except RelayAway as error:
                self.trouble = str(error)
                if self.moved == before:
                    return
            finally:
                await connection.close()

    async def _one_by_one(self, connection: Connection, readers: list[Reader]) -> None:
        """Nothing is on its way before the slip says that it may be; so a crash leaves one in doubt, not more."""
        connection.write(self._begin(connection, readers))
        while readers:
            [reader] = readers
            replies = await connection.envelope()
            if refused := refusal(reader, replies):
                await self._empty(connection, replies[-1])
                self._note(refused)
                readers = [] if connection.refusals >= REFUSALS else await self._next()
                connection.write(self._begin(connection, readers))
                continue
            mail = self.form.filled(reader.address, reader.token)
            readers = await self._next()
            self.journal.begin(reader)
            connection.write(mail + self._begin(connection, readers))
            self._note(await self._verdict(connection, reader))

    def _begin(self, connection: Connection, readers: list[Reader]) -> bytes:
        if not readers:
            return b""
        [reader] = readers
        return connection.begin(self.sender.return_path(reader.token), [reader.address])

    async def _verdict(self, connection: Connection, reader: Reader) -> Change:
        """After the final dot: silence leaves it open, and 421 is a refusal in plain words."""
        try:
            return verdict(reader, await last_word(connection))
        except RelayAway as error:
            state = Fate.WAITING if str(error).startswith("421") else Fate.UNCLEAR
            self._note(Change(reader, state, str(error)[:200]))
            raise

    async def _batches(self, connection: Connection, readers: list[Reader]) -> None:
        """Repeated after a crash with the same Message-ID: in a crisis twice is better than not at all."""
        path = self.sender.return_path(f"-{self.key.replace('-', '')}")
        while readers:
            connection.write(connection.begin(path, [each.address for each in readers]))
            replies = await connection.envelope()
            expect(replies[0])
            answers = list(zip(readers, replies[1:-1], strict=True))
            taken = [reader for reader, reply in answers if reply.is_good]
            if taken and replies[-1].code == 354:
                connection.write(self.letter)
                changes = await self._verdicts(connection, taken)
            else:
                changes = [verdict(each, replies[-1]) for each in taken]
                await self._empty(connection, replies[-1])
            refused = [verdict(reader, reply) for reader, reply in answers if not reply.is_good]
            self._note(*changes, *refused)
            readers = await self._next(BATCH)

    async def _verdicts(self, connection: Connection, readers: list[Reader]) -> list[Change]:
        """After the final dot of a crisis mail: only silence leaves a copy that may be out."""
        try:
            last = await last_word(connection)
        except RelayAway as error:
            if not str(error).startswith("421"):
                self._note(*(doubt(each, str(error)[:200]) for each in readers))
            raise
        return [verdict(each, last) for each in readers]

    async def _empty(self, connection: Connection, data: Reply) -> None:
        """A server that says 354 although it took no recipient wants an end all the same."""
        if data.code == 354:
            connection.write(b".\r\n")
            await connection.reply()

    def _note(self, *changes: Change) -> None:
        self.journal.note(*changes)
        self.moved += sum(each.state in (Fate.SENT, Fate.FAILED) or each.pause > 0 for each in changes)


def refusal(reader: Reader, replies: Sequence[Reply]) -> Change | None:
    """None when the letter may follow. Raises RelayAway when it is us whom the relay does not want."""
    mail, recipient, data = replies
    expect(mail)
    if not recipient.is_good:
        return verdict(reader, recipient)
    return None if data.code == 354 else verdict(reader, data)


async def last_word(connection: Connection) -> Reply:
    """After the final dot. Raises RelayAway for what is no verdict: RFC 5321, 4.3.2 has no 3 there."""
    reply = await connection.reply()
    if 300 <= reply.code < 400:
        raise RelayAway(str(reply))
    return reply


def doubt(reader: Reader, answer: str) -> Change:
    """What a lost answer means in a crisis: again at once, then later and later, and never a sixth copy."""
    if reader.tries >= len(PAUSES):
        return Change(reader, Fate.UNCLEAR, answer)
    return Change(reader, Fate.WAITING, answer, pause=(AT_ONCE, *PAUSES)[reader.tries])


def verdict(reader: Reader, reply: Reply) -> Change:
    """What an answer means for a recipient: taken, later, or never."""
    if reply.is_good:
        return Change(reader, Fate.SENT)
    if reply.is_final or reader.tries >= len(PAUSES):
        return Change(reader, Fate.FAILED, str(reply))
    return Change(reader, Fate.WAITING, str(reply), pause=PAUSES[reader.tries])
