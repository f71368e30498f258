"""How Threads counts and what it takes: 500, in UTF-8 bytes to be safe (platform sheet, section 4)."""

from __future__ import annotations

import re
from dataclasses import replace

from ausrufer.adapter.contract import Draft, Rendition
from ausrufer.adapter.wording import wording_of
from ausrufer.kernel.chain import chained
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
    if draft.pictures or draft.videos:
        found.append(variation(found[0], with_page(draft, limit), "text_only"))
    shorter = min(CLEARLY_SHORTER, limit)
    if utf8_bytes(found[-1].text) > shorter or found[-1].more:
        found.append(variation(found[0], with_page(draft, shorter), "shortened"))
    return found


def wanted(draft: Draft, limit: int) -> Rendition:
    text, wording = normal(draft.text), "own" if draft.is_variant else "whole"
    pictures = draft.pictures[:MOST_PICTURES]
    videos = draft.videos[: MOST_PICTURES - len(pictures)]
    is_all = (pictures, videos) == (draft.pictures, draft.videos)
    parts = chained(text, draft.page, limit, utf8_bytes) if draft.when_long == "chain" else []
    more: tuple[str, ...] = ()
    if len(parts) > 1 and is_all and all(len(addresses(part)) <= MOST_LINKS for part in parts):
        text, more, wording = parts[0], tuple(parts[1:]), "chain"
    elif utf8_bytes(text) > limit or not is_all or len(addresses(text)) > MOST_LINKS:
        text = with_page(draft, limit)
        wording = wording_of(draft, text, is_all=is_all)
    return Rendition(
        text=text,
        language=draft.language,
        pictures=pictures,
        videos=videos,
        more=more,
        link=card(draft, text) if not (pictures or videos) else "",
        page=draft.page,
        topic=draft.topic,
        count=utf8_bytes(text),
        limit=limit,
        wording=wording,
    )


def variation(rendition: Rendition, text: str, wording: str) -> Rendition:
    facts = replace(rendition, text=text, count=utf8_bytes(text), pictures=(), videos=(), more=(), wording=wording)
    return replace(facts, link=rendition.page if rendition.page in addresses(text) else "")


def card(draft: Draft, text: str) -> str:
    """The own page, when the text carries it: else Threads would draw the first link's card."""
    return draft.page if draft.page in addresses(text) else ""


def tag_of(topic: str) -> str:
    """1 to 50 characters, no point and no ampersand; section 3."""
    return " ".join(topic.replace(".", " ").replace("&", " ").split())[:50].strip()


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
