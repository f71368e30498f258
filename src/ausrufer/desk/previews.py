"""What each channel will show, drawn from the same renditions that are frozen and sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ausrufer.adapter.contract import Rendition
from ausrufer.desk.compose_form import LANGUAGES
from ausrufer.desk.moments import decimal_sign
from ausrufer.posts.look_ups import Mentioned
from ausrufer.posts.models import Attachment
from ausrufer.posts.render import ChannelRenditions

WORDINGS = {
    "chain": "als Kette",
    "described": "mit Beschreibung",
    "shortened": "gekürzt mit Link",
    "linked": "ganzer Text mit Link",
    "text_only": "Text mit Link",
    "own": "eigene Fassung",
}


@dataclass(frozen=True)
class Fallback:
    condition: str  # "Wenn Threads die Bilder nicht annimmt: Text mit Link"
    rendition: Rendition


@dataclass(frozen=True)
class Preview:
    key: str
    name: str  # of the channel
    handle: str
    kind: str  # page | post
    radius: int  # pixels, 0 to 16
    first_sentence_large: bool
    rendition: Rendition
    fallbacks: list[Fallback]
    follow_ups: list[Rendition]  # in a crisis the text goes first, and these as replies to it
    notes: list[str]  # "@nord.example wird nicht verlinkt."

    @property
    def is_shortened(self) -> bool:
        return self.rendition.wording in ("shortened", "linked", "text_only")

    @property
    def size(self) -> str:
        """380 von 500 · gekürzt mit Link, 243 von 300 · 371 Zeichen"""
        counted = count_words(self.rendition)
        wording = WORDINGS.get(self.rendition.wording)
        if self.rendition.more:
            return _("Kette aus %(number)s Beiträgen") % {"number": 1 + len(self.rendition.more)}
        return f"{_(wording)}, {counted}" if wording else counted


def preview(each: ChannelRenditions, mentioned: Iterable[Mentioned], videos: Iterable[Attachment]) -> Preview:
    """`videos` are all of the post, with their captions."""
    look = each.platform.look
    wanted = each.wanted
    mentions = [mention_words(name) for name in mentioned if not name.is_linked and is_in(wanted, name.name)]
    return Preview(
        key=each.channel.key,
        name=each.channel.name,
        handle=str(each.channel.settings.get(look.handle, "")) if look.handle else "",
        kind=look.kind,
        radius=min(look.radius, 16) // 2 * 2,
        first_sentence_large=look.shows_first_sentence_large,
        rendition=wanted,
        fallbacks=[Fallback(condition(each, fallback), fallback) for fallback in each.fallbacks],
        follow_ups=[*each.follow_ups[:1], *each.films[:1]],
        notes=mentions + caption_words(each, videos),
    )


def mention_words(mentioned: Mentioned) -> str:
    if mentioned.is_open:
        return _("%(name)s wird nachgeschlagen, bis dahin ohne Link.") % {"name": mentioned.name}
    return _("%(name)s wird nicht verlinkt.") % {"name": mentioned.name}


def caption_words(each: ChannelRenditions, videos: Iterable[Attachment]) -> list[str]:
    """Which captions a channel does not show, of the films it shows."""
    can = each.platform.capabilities
    renditions = (each.wanted, *each.follow_ups[:1], *each.films[:1])
    shown = {film.digest or film.awaited: film for rendition in renditions for film in rendition.videos}
    written = [caption for video in videos if film_key(video) in shown for caption in video.captions.all()]
    if written and can.max_videos and not can.shows_captions:
        return [_("Untertitel zeigt dieser Kanal nicht; sie stehen auf der eigenen Seite.")]
    taken = {caption.digest for film in shown.values() for caption in film.captions}
    names = [
        str(dict(LANGUAGES).get(one.language, one.language))
        for one in written
        if can.max_videos and one.digest not in taken
    ]
    words = _("Diese Untertitel nimmt der Kanal nicht: %(languages)s. Sie stehen auf der eigenen Seite.")
    return [words % {"languages": ", ".join(names)}] if names else []


def film_key(video: Attachment) -> str:
    """What tells it from others, also while it is still being made."""
    return video.digest or (str(video.upload.key) if video.upload else "")


def is_in(rendition: Rendition, name: str) -> bool:
    return any(name in part for part in (rendition.text, *rendition.more))


def condition(each: ChannelRenditions, fallback: Rendition) -> str:
    names = {"channel": each.channel.name}
    if each.wanted.pictures and not fallback.pictures and fallback.wording != "shortened":
        if len(each.wanted.pictures) == 1:
            return _("Wenn %(channel)s das Bild nicht holt oder nicht annimmt: Text mit Link") % names
        return _("Wenn %(channel)s die Bilder nicht holt oder nicht annimmt: Text mit Link") % names
    if each.wanted.awaits and not fallback.media and fallback.wording != "shortened":
        return _("Wenn das Video nach fünf Minuten fehlt oder %(channel)s es nicht annimmt: Text mit Link") % names
    if each.wanted.awaits and not fallback.awaits and fallback.wording != "shortened":
        return _("Wenn das Video nach fünf Minuten fehlt oder %(channel)s es nicht annimmt: ohne das Video") % names
    if fallback.wording == "shortened" and each.wanted.wording == "shortened":
        return _("Wenn %(channel)s den Text zu lang findet: noch kürzer mit Link") % names
    if fallback.wording == "shortened":
        return _("Wenn %(channel)s den Text zu lang findet: gekürzt mit Link") % names
    return _("Wenn %(channel)s das nicht annimmt:") % names


def count_words(rendition: Rendition) -> str:
    """In the platform's own measure."""
    if rendition.limit is None:
        return _("%(count)s Zeichen") % {"count": thousands(rendition.count)}
    return _("%(count)s von %(limit)s") % {
        "count": thousands(rendition.count),
        "limit": thousands(rendition.limit),
    }


def thousands(number: int) -> str:
    """1.204; 1,204 in English"""
    return f"{number:,}" if decimal_sign() == "." else f"{number:,}".replace(",", ".")
