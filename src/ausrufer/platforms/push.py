"""Web push: the whole text to every browser that asked for it, over the push services of their makers."""

from __future__ import annotations

from ausrufer.adapter.capabilities import Capabilities, ConfirmsBy, Look
from ausrufer.adapter.contract import Draft, Keep, Order, Placement, Platform, Profile, Rendition, Seen
from ausrufer.adapter.errors import LockedOut, UnderWay
from ausrufer.adapter.mass import placed
from ausrufer.adapter.supplies import Mailings
from ausrufer.kernel.sentence import Sentence
from ausrufer.kernel.shorten import shortened
from ausrufer.kernel.text import normal, utf8_bytes

LIMIT = 2000  # bytes; 3,993 are allowed, some services are stricter (platform sheet, section 1)
LOOKS_AGAIN = 1.0  # seconds


class Push(Platform):
    """Through `Supplies.push`; final when no recipient waits any more."""

    key = "push"
    name = "Push"
    capabilities = Capabilities(
        max_text=LIMIT,
        measure="Bytes",
        confirms_by=ConfirmsBy.ACCEPTED,
        can_find=True,
        has_profile=True,
        usual_delay=0.0,
        seen_within=60.0,
    )
    look = Look(kind="post")

    def render(self, draft: Draft) -> list[Rendition]:
        """Pictures stay on the page the push leads to, which travels as an address of its own."""
        text, wording = normal(draft.text), "own" if draft.is_variant else "whole"
        if utf8_bytes(text) > LIMIT:
            text, wording = shortened(text, draft.page, LIMIT, utf8_bytes), "shortened"
        elif draft.pictures or draft.videos:
            wording = "text_only"
        wanted = Rendition(
            text=text,
            language=draft.language,
            link=draft.page,
            page=draft.page,
            topic=draft.topic,
            count=utf8_bytes(text),
            limit=LIMIT,
            wording=wording,
        )
        return [wanted]

    def send(self, order: Order, rendition: Rendition, keep: Keep) -> Placement:
        """Opening it again is harmless, so doubt is never more than another look."""
        keep(order.so_far)
        mailing = self._mailings.open(order, rendition)
        if mailing.open:
            words = {"done": str(mailing.total - mailing.open), "all": str(mailing.total)}
            raise UnderWay(Sentence("{done} von {all} verschickt", words), seconds=LOOKS_AGAIN)
        return placed(order, mailing)

    def find(self, order: Order, rendition: Rendition) -> Placement | None:
        """None while it is under way: it is sent again, which begins nothing twice."""
        mailing = self._mailings.look(order.key)
        return placed(order, mailing) if mailing and not mailing.open else None

    def is_online(self, placement: Placement) -> Seen:
        return Seen(True, placement.address, confirmed_by="accepted")

    def profile(self) -> Profile:
        return self._mailings.profile()

    @property
    def _mailings(self) -> Mailings:
        if self.supplies.push is None:
            raise LockedOut("Push ist nicht eingerichtet.")
        return self.supplies.push
