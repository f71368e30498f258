"""The own website: pages in memory, served at the transport as the public web server would."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ausrufer.adapter.contract import Order, Placement, Rendition
from ausrufer.adapter.errors import Holds, TryLater, Unclear
from ausrufer.adapter.http import Http
from ausrufer.adapter.supplies import Supplies
from ausrufer.adapter.testing import FakePages
from ausrufer.platforms.website import Website
from tests.platforms.rigs import Killed, media


class TroubledPages(FakePages):
    """Pages whose next writing goes wrong in the way a story asks for."""

    trouble = ""

    def put(self, order: Order, rendition: Rendition) -> Placement:
        trouble, self.trouble = self.trouble, ""
        if trouble.isdigit():
            raise TryLater("Die eigenen Seiten sind gerade gesperrt.", seconds=float(trouble), holds=Holds.WRITING)
        placement = super().put(order, rendition)
        if trouble == "lost":
            raise Unclear("Ob die Seite geschrieben ist, wissen wir nicht.")
        if trouble == "killed":
            raise Killed
        return placement


class WebsiteRig:
    def __init__(self) -> None:
        self.pages = TroubledPages()
        self.platform = Website(
            Supplies(http=Http(transport=self.pages.transport), pages=self.pages, media=media()), {}, {}
        )

    def fresh(self) -> None:
        self.pages.trouble = ""

    def timeline(self) -> list[str]:
        return self.pages.timeline

    def lose_the_next_answer(self) -> None:
        self.pages.trouble = "lost"

    def ask_for_patience(self, seconds: int) -> None:
        self.pages.trouble = str(seconds)

    def kill_after_publishing(self) -> None:
        self.pages.trouble = "killed"

    def refuse_the_next_picture(self) -> None:
        """Our own pages refuse no picture."""


@contextmanager
def start(folder: Path) -> Iterator[WebsiteRig]:
    yield WebsiteRig()
