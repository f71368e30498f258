"""What of a draft an instance can show: its own limits, a chain or a shorter text, and the fallbacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ausrufer.adapter.contract import Draft, Picture, Rendition, Video
from ausrufer.adapter.wording import wording_of
from ausrufer.kernel.chain import chained
from ausrufer.kernel.shorten import clearly_shorter, shortened
from ausrufer.kernel.text import graphemes, normal, utf8_bytes
from ausrufer.platforms.mastodon.text import LINK_LENGTH, measured

LARGEST_VIDEO = 103_809_024  # bytes; Mastodon's default
SMALLEST_LIMIT = 500  # characters; Mastodon's default, and no instance we know allows less


@dataclass(frozen=True)
class Limits:
    """As the instance states them; Mastodon's defaults where it does not."""

    text: int
    pictures: int
    video: int  # bytes
    link: int

    @classmethod
    def of(cls, stated: Mapping[str, Any]) -> Limits:
        return cls(
            text=int(stated.get("max_text") or SMALLEST_LIMIT),
            pictures=int(stated.get("max_pictures") or 4),
            video=int(stated.get("max_video") or LARGEST_VIDEO),
            link=int(stated.get("link_length") or LINK_LENGTH),
        )


def ladder(draft: Draft, limits: Limits) -> list[Rendition]:
    """Wanted; text with link, if pictures are refused; clearly shorter, if the text is, however it is counted."""
    pictures, videos = shown_media(draft, limits)
    found = [rendition(draft, limits, pictures, videos, link=(pictures, videos) != (draft.pictures, draft.videos))]
    if draft.pictures or draft.videos:
        found.append(replace(rendition(draft, limits, (), (), link=True), wording="text_only"))
    strictest = clearly_shorter(min(limits.text, SMALLEST_LIMIT)) - len(draft.warning.encode())
    if utf8_bytes(found[-1].text) > strictest or found[-1].more:
        short = shortened(normal(draft.text), draft.page, strictest, utf8_bytes)
        shorter = replace(found[-1], text=short, more=(), count=count(draft, limits, short), wording="shortened")
        found.append(shorter)
    return found


def shown_media(draft: Draft, limits: Limits) -> tuple[tuple[Picture, ...], tuple[Video, ...]]:
    """One video, or pictures: an instance takes no mixture."""
    videos = tuple(each for each in draft.videos if each.size <= limits.video)[:1]
    return ((), videos) if videos else (draft.pictures[: limits.pictures], ())


def rendition(
    draft: Draft, limits: Limits, pictures: tuple[Picture, ...], videos: tuple[Video, ...], *, link: bool
) -> Rendition:
    text, more, wording = normal(draft.text), list[str](), "own" if draft.is_variant else "whole"
    room = limits.text - len(graphemes(draft.warning))  # the warning counts towards the limit

    def measure(words: str) -> int:
        return measured(words, limits.link)

    if measure(text) > room and draft.when_long == "chain":
        text += f"\n{draft.page}" if link and draft.page not in text else ""
        (text, *more), wording = chained(text, draft.page, room, measure), "chain"
    elif measure(text) > room or (link and draft.page not in text):
        text = shortened(text, draft.page, room, measure).strip()
        wording = wording_of(draft, text, is_all=not link)
    return Rendition(
        text=text,
        language=draft.language,
        pictures=pictures,
        videos=videos,
        more=tuple(more),
        warning=draft.warning,
        page=draft.page,
        topic=draft.topic,
        count=count(draft, limits, text),
        limit=limits.text,
        wording=wording,
    )


def count(draft: Draft, limits: Limits, text: str) -> int:
    return measured(text, limits.link) + len(graphemes(draft.warning))
