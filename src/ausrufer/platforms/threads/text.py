"""How Threads counts and what it takes: 500, in UTF-8 bytes to be safe (platform sheet, section 4)."""

from __future__ import annotations

import re
from dataclasses import replace

from ausrufer.adapter.contract import Draft, Rendition
from ausrufer.kernel.shorten import shortened
from ausrufer.kernel.text import normal, utf8_bytes

LIMIT = 500  # UTF-8 bytes; accepted by the strictest reading of Meta's rule
MOST_PICTURES = 20  # a carousel's children; section 3
MOST_LINKS = 5  # different ones; section 3.1
CLEARLY_SHORTER = 400  # bytes; for the day on which a text is refused although it was counted right
ADDRESS = re.compile(r"(?:https?://|\bwww\.)[^\s<>\"]+[^\s<>\".,;:!?()\[\]'»«„“]")  # Meta counts bare www. too


def ladder(draft: Draft, limit: int) -> list[Rendition]:
    """Wanted; text with link, if the pictures are refused; clearly shorter, if the text is."""
    found = [wanted(draft, limit)]
    if draft.pictures:
        found.append(variation(found[0], with_page(draft, limit), "text_only"))
    shorter = min(CLEARLY_SHORTER, limit)
    if utf8_bytes(found[-1].text) > shorter:
        found.append(variation(found[0], with_page(draft, shorter), "shortened"))
    return found


def wanted(draft: Draft, limit: int) -> Rendition:
    text, wording = normal(draft.text), "own" if draft.is_variant else "whole"
    if utf8_bytes(text) > limit or len(draft.pictures) > MOST_PICTURES or len(addresses(text)) > MOST_LINKS:
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


def variation(rendition: Rendition, text: str, wording: str) -> Rendition:
    return replace(rendition, text=text, count=utf8_bytes(text), pictures=(), wording=wording)


def with_page(draft: Draft, limit: int) -> str:
    """With the address of the own page, and no more links than Threads takes together with it."""
    whole = text = normal(draft.text)
    while len({*addresses(text), draft.page}) > MOST_LINKS:
        text = text[: text.index(addresses(text)[-1])].rstrip(" \n,;:–-(")
    if text != whole:
        text += " …"
    if draft.page in addresses(text) and utf8_bytes(text) <= limit:
        return text
    return shortened(text, draft.page, limit, utf8_bytes)


def addresses(text: str) -> list[str]:
    """In order, each once."""
    return list(dict.fromkeys(ADDRESS.findall(text)))


def same_text(sent: str, shown: str) -> bool:
    """White space is what Threads changes."""
    return "".join(normal(sent).split()) == "".join(normal(shown).split())
