"""What the Bot API answers and the public page of a channel shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from ausrufer.adapter.errors import LONGEST_WAIT, Holds, LockedOut, Rejected, Trouble, TryLater
from ausrufer.adapter.http import LIMITED_WAIT, Answer, retry_after
from ausrufer.kernel.sentence import Sentence

NO_ACCESS = re.compile(r"chat not found|not enough rights|administrator rights|bot was kicked|not a member", re.I)
TOO_LONG = re.compile(r"too long|MEDIA_CAPTION_TOO_LONG", re.I)
BAD_MEDIA = re.compile(r"photo|image|media|video|file|group send failed", re.I)
POST = re.compile(r'data-post="[^"/]+/(\d+)"')
# Its own words: those it answers stand above them, in the same class.
TEXT = re.compile(r'<div class="tgme_widget_message_text(?![^"]*reply_text)[^"]*"[^>]*>(.*?)</div>', re.S)
ALBUM = re.compile(r"/(\d+)\?single")
LEFT_OUT = re.compile("[\u200c\u200e\u200f\u202a-\u202e\u0333\u033f\u030a]")  # direction marks, lines through a word
PATIENCE = "Telegram bittet um Geduld."
LOCKED = "Telegram lässt uns nicht mehr hinein."


class Gone(Rejected):
    """The message does not exist (any more)."""


class Unchanged(Rejected):
    """It shows these words already."""


@dataclass(frozen=True)
class Shown:
    """A post on the public page; an album is one."""

    ids: tuple[int, ...]
    text: str
    has_media: bool


def reads(answer: Answer) -> Trouble | None:
    body = answer.peek()
    said, diagnostic = str(body.get("description", "")), answer.excerpt
    if answer.status == 429:
        parameters = body.get("parameters")
        asked = parameters.get("retry_after") if isinstance(parameters, dict) else None
        seconds = retry_after(answer.headers) or LIMITED_WAIT
        if isinstance(asked, int | float) and asked > 0:
            seconds = min(asked, LONGEST_WAIT)
        return TryLater(PATIENCE, seconds=seconds, holds=Holds.WRITING, diagnostic=diagnostic)
    if answer.status in (401, 403, 404) or NO_ACCESS.search(said):
        return LockedOut(LOCKED, diagnostic=diagnostic)
    if "message is not modified" in said:
        return Unchanged("Der Beitrag auf Telegram zeigt diesen Text schon.", diagnostic=diagnostic)
    if re.search(r"message to (delete|edit) not found|MESSAGE_ID_INVALID", said):
        return Gone("Der Beitrag ist auf Telegram nicht mehr da.", diagnostic=diagnostic)
    if "can't be deleted" in said:
        text = "Telegram lässt nach 48 Stunden nur noch einen Menschen löschen: bitte in der App selbst entfernen."
        return Rejected(text, diagnostic=diagnostic)
    if TOO_LONG.search(said):
        return Rejected("Telegram findet den Text zu lang.", diagnostic=diagnostic)
    if answer.status == 413 or (answer.status == 400 and BAD_MEDIA.search(said)):
        return Rejected("Telegram nimmt das Bild oder Video nicht an.", diagnostic=diagnostic)
    return None


def reads_page(answer: Answer) -> Trouble | None:
    """A page for everybody: it refuses no post and says nothing about our access."""
    if not 400 <= answer.status < 500 or answer.status == 429:
        return None
    odd = Sentence("{platform} antwortet anders als erwartet.", {"platform": answer.platform})
    return TryLater(odd, seconds=LIMITED_WAIT, diagnostic=answer.excerpt)


def result_of(answer: Answer) -> Any:
    body = answer.json()
    if not isinstance(body, dict) or body.get("ok") is not True:
        raise answer.broken("{platform} antwortet unverständlich.", f"not ok: {answer.excerpt}")
    return body.get("result")


def ids_of(answer: Answer) -> list[int]:
    """The messages an act made, in order."""
    result = result_of(answer)
    messages = result if isinstance(result, list) else [result]
    found = [message.get("message_id") for message in messages if isinstance(message, dict)]
    if not found or not all(isinstance(each, int) for each in found):
        raise answer.broken("{platform} antwortet unverständlich.", f"no message_id: {answer.excerpt}")
    return [each for each in found if isinstance(each, int)]


def shown_on(page: str) -> list[Shown]:
    """Oldest first, as the page has them."""
    pieces = POST.split(page)
    found = []
    for number, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        ids = {int(number), *map(int, ALBUM.findall(piece))}
        words = TEXT.search(piece)
        has_media = "tgme_widget_message_photo" in piece or "tgme_widget_message_video" in piece
        found.append(Shown(tuple(sorted(ids)), plain(words.group(1)) if words else "", has_media))
    return found


def plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", re.sub(r"<br\s*/?>", "\n", html)))


def same_text(one: str, other: str) -> bool:
    """Apart from white space, and from signs that Telegram leaves out or replaces."""
    return "".join(LEFT_OUT.sub("", one).split()) == "".join(LEFT_OUT.sub("", other).split())
