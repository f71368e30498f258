"""Media of X: one call for pictures, pieces for all else, which is processed for a moment."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from sandbox.x.formats import CATEGORIES, is_shown
from sandbox.x.problems import invalid

MAX_PIECE = 5_000_000  # bytes
MOST_PIECES = 1000
MAX_ALT = 1000  # characters
KEPT = 86_400  # seconds
TAKES = 0.2  # seconds of processing
AT_ONCE = "tweet_image"  # what is not processed
TRACK = {"id", "language_code", "display_name"}


@dataclass
class Media:
    id: str
    category: str
    ends: float  # when it is forgotten, unless it is posted
    total: int = 0  # bytes announced
    pieces: dict[int, bytes] = field(default_factory=dict)
    alt: str = ""
    ready_at: float = 0.0  # 0: not finalized
    is_good: bool = True
    tracks: dict[str, Media] = field(default_factory=dict)  # captions beside a film, by language

    def describe(self, text: str) -> None:
        if len(text) > MAX_ALT:
            raise invalid("alt_text is too long.")
        self.alt = text

    def append(self, number: int, piece: object) -> None:
        if self.ready_at:
            raise invalid("The upload is finished.")
        if not isinstance(piece, bytes) or not 0 < len(piece) <= MAX_PIECE or not 0 <= number < MOST_PIECES:
            raise invalid("The segment is empty, too large, or not from 0 to 999.")
        self.pieces[number] = piece

    def finalize(self, now: float) -> None:
        """A bad picture is refused at once; of all else the state says it later."""
        content = b"".join(self.pieces[number] for number in sorted(self.pieces))
        if self.ready_at or sorted(self.pieces) != list(range(len(self.pieces))) or len(content) != self.total:
            raise invalid("total_bytes, or a segment is missing.")
        self.is_good = is_shown(self.category, content)
        if self.category == AT_ONCE and not self.is_good:
            raise invalid("media type unrecognized.")
        self.ready_at = now + (0 if self.category == AT_ONCE else TAKES)
        self.pieces.clear()

    def caption(self, said: dict[str, Any], captions: Media) -> None:
        """What is wrong with a file of captions shows only when the film is posted."""
        track = said["subtitles"]
        if set(said) != {"id", "media_category", "subtitles"} or set(track) != TRACK or not track["display_name"]:
            raise invalid("subtitles")
        if said["media_category"] != "TweetVideo" or self.category != "tweet_video":
            raise invalid("media_category")
        is_language = re.fullmatch("[A-Z]{2}", track["language_code"])
        if not is_language or captions.category != "subtitles" or not captions.ready_at:
            raise invalid("language_code, or no captions")
        self.tracks[track["language_code"]] = captions

    def as_json(self, now: float) -> dict[str, Any]:
        left = max(0, int(self.ends - now))
        facts: dict[str, Any] = {"id": self.id, "media_key": f"7_{self.id}", "expires_after_secs": left}
        if self.ready_at and self.category != AT_ONCE:
            late = now < self.ready_at
            state = "in_progress" if late else "failed" if self.shows_failure else "succeeded"
            facts["processing_info"] = {"state": state, "check_after_secs": 1, "progress_percent": 50 if late else 100}
        return facts

    @property
    def shows_failure(self) -> bool:
        return not self.is_good and self.category != "subtitles"

    def is_ready(self, now: float) -> bool:
        return bool(self.ready_at and self.is_good and self.category != "subtitles" and now >= self.ready_at)


def picture(number: str, content: object, category: object, now: float) -> Media:
    """In one call. Raises Refused."""
    if category != AT_ONCE or not isinstance(content, bytes):
        raise invalid("media, or media_category.")
    made = Media(number, AT_ONCE, now + KEPT, total=len(content))
    made.pieces[0] = content
    made.finalize(now)
    return made


def announced(number: str, said: dict[str, Any], now: float) -> Media:
    """To come in pieces. Raises Refused."""
    types, most = CATEGORIES.get(said.get("media_category", ""), (set(), 0))
    total = said.get("total_bytes")
    if set(said) - {"media_type", "total_bytes", "media_category"} or said.get("media_type") not in types:
        raise invalid("media_type, or media_category.")
    if not isinstance(total, int) or not 0 < total <= most:
        raise invalid("total_bytes")
    return Media(number, said["media_category"], now + KEPT, total=total)


def may_stand_together(media: list[Media], now: float) -> bool:
    """Four pictures, or one film, or one animation."""
    alone = any(each.category != AT_ONCE for each in media)
    return len(media) <= (1 if alone else 4) and all(each.is_ready(now) for each in media)
