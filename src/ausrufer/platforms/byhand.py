"""By hand: WhatsApp channel, notice board, display: a person carries it there and says where it is."""

from __future__ import annotations

from dataclasses import replace

from ausrufer.adapter.capabilities import Capabilities, ConfirmsBy, Look, SendsPictures
from ausrufer.adapter.contract import Draft, Field, Keep, Order, Placement, Platform, Rendition, Seen
from ausrufer.adapter.errors import Unclear
from ausrufer.kernel.shorten import shortened
from ausrufer.kernel.text import graphemes, normal


class ByHand(Platform):
    """Settings: `limit`, characters that fit there; without it the whole text does.

    WhatsApp offers no interface for channels (platform sheet on Meta, section 4), and unofficial ones risk the account.
    """

    key = "byhand"
    name = "Von Hand"
    capabilities = Capabilities(
        max_pictures=20,
        max_videos=20,
        sends_pictures=SendsPictures.HAND,
        confirms_by=ConfirmsBy.PERSON,
        is_by_hand=True,
        usual_delay=0.0,
    )
    look = Look(kind="post")

    def render(self, draft: Draft) -> list[Rendition]:
        text, limit = normal(draft.text), int(self.settings.get("limit") or 0) or None
        whole = Rendition(
            text=text,
            language=draft.language,
            pictures=draft.pictures,
            videos=draft.videos,
            page=draft.page,
            topic=draft.topic,
            count=len(graphemes(text)),
            limit=limit,
            wording="own" if draft.is_variant else "whole",
        )
        if whole.fits or limit is None:
            return [whole]
        short = shortened(text, draft.page, limit, lambda words: len(graphemes(words)))
        return [replace(whole, text=short, count=len(graphemes(short)), wording="shortened")]

    def send(self, order: Order, rendition: Rendition, keep: Keep) -> Placement:
        """Nothing goes out by itself: a person is asked, and only her word makes it online."""
        what = what_to_carry(len(rendition.pictures), len(rendition.videos))
        raise Unclear(f"Bitte {what} übertragen und hier bestätigen.", diagnostic="carried by a person")

    def is_online(self, placement: Placement) -> Seen:
        return Seen(False, placement.address, confirmed_by="person", sentence="Das weiß nur, wer nachsieht.")

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        help_words = "Leer lassen, wenn jeder Text hineinpasst."
        return (Field("limit", "So viele Zeichen passen hinein", help_words, is_required=False, kind="number"),)


def what_to_carry(pictures: int, videos: int) -> str:
    """Text und Bilder"""
    if pictures and videos:
        return "den Text und alle Dateien"
    if pictures:
        return "Text und Bilder" if pictures > 1 else "Text und Bild"
    if videos:
        return "Text und Videos" if videos > 1 else "Text und Video"
    return "den Text"
