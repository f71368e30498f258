"""Media of X: one call for pictures, pieces for videos, which are processed for a moment."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

MAX_PIECE = 5_000_000  # bytes
MAX_PICTURE = 5_000_000  # bytes
MAX_FILM = 512_000_000  # bytes
MAX_ALT = 1000  # characters
TAKES = 0.2  # seconds of processing


class BadMedia(Exception):
    """What X would not take."""


@dataclass
class Media:
    id: str
    total: int = 0  # bytes announced; 0 for what came in one call
    pieces: dict[int, bytes] = field(default_factory=dict)
    alt: str = ""
    ready_at: float = 0.0  # 0: not finalized
    is_film: bool = True

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
        self.is_film, self.ready_at = content[4:8] == b"ftyp", time.time() + TAKES

    def as_json(self) -> dict[str, Any]:
        facts: dict[str, Any] = {"id": self.id, "media_key": f"7_{self.id}", "expires_after_secs": 86_400}
        if self.ready_at:
            late = time.time() < self.ready_at
            state = "in_progress" if late else "succeeded" if self.is_film else "failed"
            facts["processing_info"] = {"state": state, "check_after_secs": 1, "progress_percent": 50 if late else 100}
        return facts

    @property
    def is_ready(self) -> bool:
        return not self.total or bool(self.ready_at and self.is_film and time.time() >= self.ready_at)


def may_stand_together(media: list[Media]) -> bool:
    """Four pictures, or one film."""
    films = sum(bool(each.total) for each in media)
    return len(media) <= (1 if films else 4) and all(each.is_ready for each in media)
