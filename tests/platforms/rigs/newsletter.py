"""The newsletter: a post office in memory that knows each order once, as the database does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx

from ausrufer.adapter.contract import Order, Profile, Rendition
from ausrufer.adapter.errors import TryLater, Unclear
from ausrufer.adapter.http import Http
from ausrufer.adapter.supplies import Mailing, Supplies
from ausrufer.platforms.newsletter import Newsletter
from tests.platforms.rigs import Killed, media

READERS = 3


class PostOffice:
    """Hands over one mail at each look; its next opening goes wrong in the way a story asks for."""

    def __init__(self) -> None:
        self.letters: dict[str, Rendition] = {}
        self.mailings: dict[str, Mailing] = {}
        self.trouble = ""

    def open(self, order: Order, rendition: Rendition) -> Mailing:
        trouble, self.trouble = self.trouble, ""
        if trouble.isdigit():
            raise TryLater("Der Mailserver bittet um Geduld.", seconds=float(trouble))
        self.letters.setdefault(order.key, rendition)
        before = self.mailings.get(order.key, Mailing(READERS, 0, 0, 0, READERS + 1, rendition.page))
        done = READERS - before.open + 1
        mailing = self.mailings[order.key] = replace(before, sent=done, open=READERS - done) if before.open else before
        if trouble == "lost":
            raise Unclear("Ob die Liste geschrieben ist, wissen wir nicht.")
        if trouble == "killed":
            raise Killed
        return mailing

    def look(self, key: str) -> Mailing | None:
        return self.mailings.get(key)

    def profile(self) -> Profile:
        return Profile("Stadt Trier", "newsletter@trier.example", readers=READERS)


class NewsletterRig:
    def __init__(self) -> None:
        self.office = PostOffice()
        nowhere = Http(transport=httpx.MockTransport(lambda request: httpx.Response(500)))
        self.platform = Newsletter(Supplies(http=nowhere, media=media(), newsletter=self.office), {}, {})

    def fresh(self) -> None:
        self.office.trouble = ""

    def timeline(self) -> list[str]:
        return [letter.text for letter in self.office.letters.values()]

    def lose_the_next_answer(self) -> None:
        self.office.trouble = "lost"

    def ask_for_patience(self, seconds: int) -> None:
        self.office.trouble = str(seconds)

    def kill_after_publishing(self) -> None:
        self.office.trouble = "killed"

    def refuse_the_next_picture(self) -> None:
        """Pictures stand on the own page; nobody is there to refuse them."""


@contextmanager
def start(folder: Path) -> Iterator[NewsletterRig]:
    yield NewsletterRig()
