"""Media of X: one call for pictures, pieces for videos and captions, which are processed for a moment."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import Any

from sandbox import films

MAX_PIECE = 5_000_000  # bytes
MAX_PICTURE = 5_000_000  # bytes
MAX_FILM = 512_000_000  # bytes
MAX_ALT = 1000  # characters
PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF")  # how JPEG, PNG, GIF and WebP begin
SHORTEST, LONGEST = 0.5, 140.0  # seconds of a film
TAKES = 0.2  # seconds of processing
CATEGORIES = {"tweet_video": {"video/mp4"}, "subtitles": {"text/srt", "text/vtt"}}  # and the types of each
TRACK = {"id", "language_code", "display_name"}
CLOCK = r"\d{2,}:[0-5]\d:[0-5]\d,\d{3}"
CUE = re.compile(rf"\d+\n{CLOCK} --> {CLOCK}\n\S.*(?:\n\S.*)*")


class BadMedia(Exception):
    """What X would not take."""


@dataclass
class Media:
    id: str
    total: int = 0  # bytes announced; 0 for what came in one call
    pieces: dict[int, bytes] = field(default_factory=dict)
    alt: str = ""
    ready_at: float = 0.0  # 0: not finalized
    is_good: bool = True
    is_film: bool = True  # else captions, where something was announced
    tracks: dict[str, Media] = field(default_factory=dict)  # captions beside a film, by language

    def __post_init__(self) -> None:
        if self.total > MAX_FILM:
            raise BadMedia("total_bytes")

    def describe(self, text: str) -> None:
        if len(text) > MAX_ALT:
            raise BadMedia("alt_text")
        self.alt = text

    def append(self, number: int, piece: object) -> None:
        if not isinstance(piece, bytes) or not 0 < len(piece) <= MAX_PIECE or not 0 <= number <= 999:
            raise BadMedia("segment")
        self.pieces[number] = piece

    def finalize(self) -> None:
        content = b"".join(self.pieces[number] for number in sorted(self.pieces))
        if sorted(self.pieces) != list(range(len(self.pieces))) or len(content) != self.total:
            raise BadMedia("total_bytes")
        self.is_good = is_film(content) if self.is_film else is_srt(content)
        self.ready_at = time.time() + TAKES

    def caption(self, said: dict[str, Any], captions: Media) -> None:
        """What is wrong with a file of captions shows only when the film is posted."""
        track = said["subtitles"]
        if set(said) != {"id", "media_category", "subtitles"} or set(track) != TRACK or not track["display_name"]:
            raise BadMedia("subtitles")
        if said["media_category"] != "TweetVideo" or not self.total or not self.is_film:
            raise BadMedia("media_category")
        if not re.fullmatch("[A-Z]{2}", track["language_code"]) or captions.is_film or not captions.ready_at:
            raise BadMedia("language_code, or no captions")
        self.tracks[track["language_code"]] = captions

    def as_json(self) -> dict[str, Any]:
        facts: dict[str, Any] = {"id": self.id, "media_key": f"7_{self.id}", "expires_after_secs": 86_400}
        if self.ready_at:
            late = time.time() < self.ready_at
            state = "in_progress" if late else "succeeded" if self.is_good or not self.is_film else "failed"
            facts["processing_info"] = {"state": state, "check_after_secs": 1, "progress_percent": 50 if late else 100}
        return facts

    @property
    def is_ready(self) -> bool:
        return not self.total or bool(self.ready_at and self.is_film and self.is_good and time.time() >= self.ready_at)


def may_stand_together(media: list[Media]) -> bool:
    """Four pictures, or one film."""
    films = sum(bool(each.total) for each in media)
    return len(media) <= (1 if films else 4) and all(each.is_ready for each in media)


def is_picture(content: object) -> bool:
    return isinstance(content, bytes) and len(content) <= MAX_PICTURE and content.startswith(PICTURES)


def is_film(content: bytes) -> bool:
    """An MP4 that is neither too short nor too long, as far as it says so."""
    lasts = films.seconds(content)
    return content[4:8] == b"ftyp" and (lasts is None or SHORTEST <= lasts <= LONGEST)


def is_srt(content: bytes) -> bool:
    """SubRip, numbered from 1."""
    try:
        cues = content.decode().strip().split("\n\n")
    except UnicodeDecodeError:
        return False
    numbered = all(cue.split("\n")[0] == str(number) for number, cue in enumerate(cues, 1))
    return numbered and all(CUE.fullmatch(cue) for cue in cues)
