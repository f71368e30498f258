"""How Threads counts and what it takes: 500, in UTF-8 bytes to be safe (platform sheet, section 4)."""

from __future__ import annotations

from dataclasses import replace

from ausrufer.adapter.contract import Draft, Rendition
from ausrufer.kernel.shorten import shortened
from ausrufer.kernel.text import links, normal, utf8_bytes

LIMIT = 500  # UTF-8 bytes; accepted by the strictest reading of Meta's rule
MOST_PICTURES = 20  # a carousel's children; section 3
MOST_LINKS = 5  # different ones; section 3.1
CLEARLY_SHORTER = 400  # bytes; for the day on which a text is refused although it was counted right


def ladder(draft: Draft, limit: int) -> list[Rendition]:
    """Wanted; text with link, if the pictures are refused; clearly shorter, if the text is."""
    wanted = rendition(draft, limit)
    found = [wanted]
    if draft.pictures:
        text = with_page(draft, limit)
        found.append(replace(wanted, text=text, count=utf8_bytes(text), pictures=(), wording="text_only"))
    shortest = min(CLEARLY_SHORTER, limit)
    if utf8_bytes(found[-1].text) > shortest or wanted.wording == "whole":
        text = shortened(
            normal(draft.text), draft.page, min(shortest, max(60, utf8_bytes(wanted.text) - 1)), utf8_bytes
        )
        found.append(replace(wanted, text=text, count=utf8_bytes(text), pictures=(), wording="shortened"))
    return found


def rendition(draft: Draft, limit: int) -> Rendition:
    text, wording = normal(draft.text), "own" if draft.is_variant else "whole"
    if utf8_bytes(text) > limit or len(draft.pictures) > MOST_PICTURES or len(links(text)) > MOST_LINKS:
        text, wording = with_page(draft, limit), "shortened"
    return Rendition(
        text=text,
        language=draft.language,
        pictures=draft.pictures[:MOST_PICTURES],
        page=draft.page,
        topic=draft.topic,
        count=utf8_bytes(text),
        limit=limit,
        wording=wording,
    )


def with_page(draft: Draft, limit: int) -> str:
    """With the address of the own page, and no more links than Threads takes."""
    text = normal(draft.text)
    while len(links(text)) > MOST_LINKS - 1:
        text = text[: text.rindex(links(text)[-1])].rstrip()
    return shortened(text, "" if draft.page in text else draft.page, limit, utf8_bytes)


def same_text(sent: str, shown: str) -> bool:
    """White space is what Threads changes."""
    return "".join(normal(sent).split()) == "".join(normal(shown).split())
