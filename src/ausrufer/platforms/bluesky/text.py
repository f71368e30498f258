"""What of a draft Bluesky can show: 300 graphemes and 3,000 bytes, one kind of attachment."""

from __future__ import annotations

from dataclasses import replace

from ausrufer.adapter.contract import Card, Draft, Picture, Rendition, Video
from ausrufer.adapter.wording import wording_of
from ausrufer.kernel.chain import chained
from ausrufer.kernel.shorten import clearly_shorter, shortened
from ausrufer.kernel.text import first_sentence, graphemes, normal, utf8_bytes
from ausrufer.platforms.bluesky.facets import handles

LIMIT = 300  # graphemes
BYTES_EACH = 10  # of 3,000 bytes
MOST_PICTURES = 4
LARGEST_PICTURE = 2_000_000  # bytes
LARGEST_THUMB = 1_000_000
LARGEST_VIDEO = 300_000_000
LARGEST_CAPTIONS = 20_000
MOST_CAPTIONS = 20
LONGEST_TITLE = 120  # characters; a card shows no more
LONGEST_DESCRIPTION = 300


def measured(text: str) -> int:
    """Graphemes, or tenths of bytes where those are more: then 300 is the limit of both."""
    return max(len(graphemes(text)), -(-utf8_bytes(text) // BYTES_EACH))


def ladder(draft: Draft) -> list[Rendition]:
    """Wanted; text with link, if pictures or video are refused; clearly shorter, if the text is."""
    found = [wanted(draft)]
    if draft.pictures or draft.videos:
        thumb = draft.pictures[0] if draft.pictures else None
        found.append(plain(draft, with_page(draft, LIMIT), "text_only", thumb))
    shorter = clearly_shorter(LIMIT)
    if utf8_bytes(found[-1].text) > shorter or found[-1].more:  # however graphemes are counted, this fits
        found.append(plain(draft, shortened(normal(draft.text), draft.page, shorter, utf8_bytes), "shortened"))
    return found


def wanted(draft: Draft) -> Rendition:
    videos = tuple(shown(video) for video in draft.videos[:1] if video.size <= LARGEST_VIDEO)
    pictures = () if videos else draft.pictures[:MOST_PICTURES]
    is_all = len(videos) == len(draft.videos) and pictures == draft.pictures
    text, more, wording = normal(draft.text), list[str](), "own" if draft.is_variant else "whole"
    if measured(text) > LIMIT and draft.when_long == "chain":
        if not is_all and draft.page not in text:
            text += f"\n{draft.page}"
        (text, *more), wording = chained(text, draft.page, LIMIT, measured), "chain"
    elif measured(text) > LIMIT or not is_all:
        text = with_page(draft, LIMIT)
        wording = wording_of(draft, text, is_all=is_all)
    base = replace(plain(draft, text, wording), pictures=pictures, videos=videos, more=tuple(more))
    return replace(base, card=None) if pictures or videos else base


def plain(draft: Draft, text: str, wording: str, thumb: Picture | None = None) -> Rendition:
    """Without pictures; where the text names the own page, a card leads there."""
    mentions = {name: did for name, did in draft.known.items() if name in handles(draft.text)}
    return Rendition(
        text=text,
        language=draft.language,
        card=card(draft, thumb) if draft.page and draft.page in text else None,
        page=draft.page,
        topic=draft.topic,
        count=measured(text),
        limit=LIMIT,
        wording=wording,
        extra={"mentions": mentions} if mentions else {},
    )


def with_page(draft: Draft, limit: int) -> str:
    text = normal(draft.text)
    if draft.page in text and measured(text) <= limit:
        return text
    return shortened(text, draft.page, limit, measured)


def card(draft: Draft, thumb: Picture | None) -> Card:
    title, rest = first_sentence(normal(draft.text))
    return Card(
        address=draft.page,
        title=shortened(title, "", LONGEST_TITLE, len),
        description=shortened(rest.replace("\n", " "), "", LONGEST_DESCRIPTION, len),
        picture=thumb,
    )


def shown(video: Video) -> Video:
    """With the subtitles Bluesky takes."""
    return replace(
        video, captions=tuple(each for each in video.captions if each.size <= LARGEST_CAPTIONS)[:MOST_CAPTIONS]
    )
