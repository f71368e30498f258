"""What Instagram shows: pictures, and a caption of 2,200 characters without clickable links (sheet, section 2)."""

from __future__ import annotations

import re
from dataclasses import replace

from ausrufer.adapter.contract import Draft, Picture, Rendition
from ausrufer.adapter.wording import wording_of
from ausrufer.kernel.shorten import clearly_shorter, shortened
from ausrufer.kernel.text import normal

MAX_TEXT = 2200  # characters
MAX_TAGS = 30
MAX_MENTIONS = 20
MAX_MEDIA = 10
MAX_SIZE = 8_000_000  # bytes of a picture
NARROWEST, BROADEST = 4 / 5, 1.91  # width through height
TAG = re.compile(r"(?<![\w&/])#[\w]*[^\W\d_][\w]*")
MENTION = re.compile(r"(?<![\w/@.])@[\w.]+")


def fits(picture: Picture) -> bool:
    """JPEG only; what is narrower than 4:5 or broader than 1.91:1 is refused."""
    ratio = picture.width / max(1, picture.height)
    # A pixel of rounding is no other format.
    is_shape = NARROWEST - 0.002 <= ratio <= BROADEST + 0.005
    return picture.mime == "image/jpeg" and picture.size <= MAX_SIZE and is_shape


def ladder(draft: Draft) -> list[Rendition]:
    found, shorter = [rendition(draft)], clearly_shorter(MAX_TEXT)
    if found[0].count > shorter:
        text = shortened(without_crowd(normal(draft.text)), draft.page, shorter, len)
        found.append(replace(found[0], text=text, count=len(text), wording="shortened"))
    return found


def rendition(draft: Draft) -> Rendition:
    """Pictures first, then videos; without either it cannot be released, and the desk says so."""
    shaped = [each.as_framed() for each in draft.pictures]  # with bars, where the picture itself would be refused
    pictures = tuple(each for each in shaped if fits(each))[:MAX_MEDIA]
    videos = draft.videos[: MAX_MEDIA - len(pictures)]
    text = normal(draft.text)
    is_all = (len(pictures), videos) == (len(draft.pictures), draft.videos)
    if len(text) > MAX_TEXT or is_crowded(text) or (not is_all and draft.page not in text):
        text = shortened(without_crowd(text), draft.page, MAX_TEXT, len)
    return Rendition(
        text=text,
        language=draft.language,
        pictures=pictures,
        videos=videos,
        page=draft.page,
        topic=draft.topic,
        count=len(text),
        limit=MAX_TEXT,
        wording=wording_of(draft, text, is_all=is_all),
    )


def is_crowded(text: str) -> bool:
    """More tags or mentions than Instagram takes."""
    return len(TAG.findall(text)) > MAX_TAGS or len(MENTION.findall(text)) > MAX_MENTIONS


def without_crowd(text: str) -> str:
    """Cut before the first tag or mention that is one too many."""
    ends = [
        found[most]
        for found, most in ((starts(TAG, text), MAX_TAGS), (starts(MENTION, text), MAX_MENTIONS))
        if len(found) > most
    ]
    return text[: min(ends)].rstrip(" \n,;:–-(") + " …" if ends else text


def starts(pattern: re.Pattern[str], text: str) -> list[int]:
    return [found.start() for found in pattern.finditer(text)]


def same_text(sent: str, shown: str) -> bool:
    """White space is what Instagram changes."""
    return "".join(normal(sent).split()) == "".join(normal(shown).split())
