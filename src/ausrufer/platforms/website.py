"""The city's own pages: always on, first, and the original of which every platform shows a copy."""

from __future__ import annotations

import html
from dataclasses import replace

from ausrufer.adapter.capabilities import Capabilities, ConfirmsBy, Look, SendsPictures
from ausrufer.adapter.contract import Draft, Keep, Order, Part, Placement, Platform, Rendition, Seen
from ausrufer.adapter.errors import Holds, LockedOut, Rejected, TryLater
from ausrufer.adapter.http import Answer
from ausrufer.adapter.supplies import Pages
from ausrufer.kernel.text import graphemes, normal


class Website(Platform):
    """Writes through `Supplies.pages` and reads back over HTTP, as a citizen would."""

    key = "website"
    name = "Website"
    capabilities = Capabilities(
        max_pictures=20,
        max_videos=20,
        sends_pictures=SendsPictures.PAGE,
        confirms_by=ConfirmsBy.PAGE,
        can_find=True,
        can_withdraw=True,
        can_edit=True,
        is_own=True,
        shows_captions=True,
        usual_delay=0.0,
    )
    look = Look(kind="page", radius=0, shows_first_sentence_large=True)

    def render(self, draft: Draft) -> list[Rendition]:
        text = normal(draft.text)
        rendition = Rendition(
            text=text,
            language=draft.language,
            pictures=draft.pictures,
            videos=draft.videos,
            page=draft.page,
            topic=draft.topic,
            count=len(graphemes(text)),
        )
        return [replace(rendition, wording="own") if draft.is_variant else rendition]

    def send(self, order: Order, rendition: Rendition, keep: Keep) -> Placement:
        # No `keep`: writing the same page again harms nobody, so an interrupted one may go again at once.
        return self._pages.put(order, rendition)

    def edit(self, order: Order, placement: Placement, rendition: Rendition, keep: Keep) -> Placement:
        return self._pages.put(order, rendition)

    def is_online(self, placement: Placement) -> Seen:
        part = placement.parts[0]
        if self._carries(part.address, part.id):
            return Seen(True, part.address, confirmed_by="page")
        return Seen(False, part.address, sentence="Auf der Website ist der Beitrag nicht zu sehen.")

    def find(self, order: Order, rendition: Rendition) -> Placement | None:
        if self._carries(rendition.page, order.key):
            return Placement((Part(order.key, rendition.page),))
        return None

    def withdraw(self, placement: Placement) -> None:
        self._pages.remove(placement)

    def _carries(self, address: str, key: str) -> bool:
        """Whether the page a reader gets now is the one this delivery wrote."""
        try:
            page = self.supplies.http.ask("GET", address, platform=self.name, reads=reads_page)
        except Rejected:
            return False
        return marker(key) in page.text

    @property
    def _pages(self) -> Pages:
        if self.supplies.pages is None:
            raise LockedOut("Die eigenen Seiten sind nicht eingerichtet.")
        return self.supplies.pages


def marker(key: str) -> str:
    """Stands in the head of every post's page; `public` writes it."""
    return f'<meta name="ausrufer-delivery" content="{html.escape(key)}">'


def reads_page(answer: Answer) -> TryLater | None:
    """Only 404 and 410 say that the page is missing; a busy or barred web server must not stop us from writing."""
    if answer.status in (404, 410) or answer.status >= 500 or answer.status < 400:
        return None
    return TryLater(
        "Die eigene Website lässt sich gerade nicht lesen.",
        seconds=10.0,
        holds=Holds.READING,
        diagnostic=answer.excerpt,
    )
