"""Push: mailings in memory whose one browser reads what was encrypted for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ausrufer.adapter.contract import Order, Profile, Rendition
from ausrufer.adapter.errors import Holds, TryLater, Unclear
from ausrufer.adapter.http import Http
from ausrufer.adapter.supplies import Mailing, Supplies
from ausrufer.platforms.push import Push
from ausrufer.push.encryption import encrypted
from ausrufer.push.mailings import message
from tests.platforms.rigs import Killed
from tests.push.browser import Browser


class MailingsInMemory:
    """As `ausrufer.push` keeps its promise: the same order opens one mailing, however often."""

    def __init__(self) -> None:
        self.browser = Browser()
        self.opened: dict[str, bytes] = {}
        self.next = ""
        self.seconds = 0

    def open(self, order: Order, rendition: Rendition) -> Mailing:
        trouble, self.next = self.next, ""
        if trouble == "patience":
            raise TryLater("Push bittet um Geduld.", seconds=self.seconds, holds=Holds.WRITING)
        if order.key not in self.opened:
            words = message(order, rendition)
            self.opened[order.key] = encrypted(words, self.browser.p256dh, self.browser.auth)
        if trouble == "lost":
            raise Unclear("Die Antwort blieb aus.")
        if trouble == "killed":
            raise Killed
        return self.told(rendition.page)

    def look(self, key: str) -> Mailing | None:
        return self.told("") if key in self.opened else None

    def profile(self) -> Profile:
        return Profile("mailto:presse@trier.example", readers=1)

    def told(self, page: str) -> Mailing:
        return Mailing(total=1, sent=1, failed=0, unclear=0, open=0, address=page)


class PushRig:
    def __init__(self) -> None:
        self.mailings = MailingsInMemory()
        self.platform = Push(Supplies(http=Http(), push=self.mailings), {}, {})

    def fresh(self) -> None:
        self.mailings.next = ""

    def timeline(self) -> list[str]:
        read = [self.mailings.browser.message(body) for body in self.mailings.opened.values()]
        return [f"{each['title']} {each['body']}".strip() for each in read]

    def lose_the_next_answer(self) -> None:
        self.mailings.next = "lost"

    def ask_for_patience(self, seconds: int) -> None:
        self.mailings.next, self.mailings.seconds = "patience", seconds

    def kill_after_publishing(self) -> None:
        self.mailings.next = "killed"

    def refuse_the_next_picture(self) -> None:
        """Nothing to refuse: pictures stay on the page."""


@contextmanager
def start(folder: Path) -> Iterator[PushRig]:
    yield PushRig()
