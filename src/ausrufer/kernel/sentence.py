"""A sentence for a person: text and values kept apart, so that the desk can translate it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Sentence:
    """German text with named places, e.g. `Sentence("{platform} bittet um Geduld.", {"platform": "Threads"})`."""

    text: str
    values: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text.format_map(self.values)

    def as_json(self) -> dict[str, Any]:
        return {"text": self.text, "values": self.values}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Sentence:
        return cls(stored["text"], dict(stored.get("values", {})))


Words = Sentence | str | tuple[Sentence | str, ...]  # said one after the other
