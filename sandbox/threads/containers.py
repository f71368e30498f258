"""Containers: what waits between the first request and the second (sheet, sections 3.2 and 3.3)."""

from __future__ import annotations

import random
from dataclasses import dataclass

from sandbox.threads.accounts import DAY

DELAYS = {"TEXT": (0.0, 2.0), "IMAGE": (1.0, 6.0), "VIDEO": (10.0, 60.0), "CAROUSEL": (1.0, 6.0)}  # seconds
RACE = 10.0  # seconds after FINISHED in which publishing may still find nothing (4279009)


@dataclass
class Container:
    id: str
    owner: str
    fields: dict[str, str]
    born_at: float
    ready_at: float
    error: str = ""
    media: str = ""  # id of the post it became

    def status(self, now: float) -> str:
        if self.media:
            return "PUBLISHED"
        if now >= self.born_at + DAY:
            return "EXPIRED"
        if now < self.ready_at:
            return "IN_PROGRESS"
        return "ERROR" if self.error else "FINISHED"

    def shown(self, now: float, fields: set[str]) -> dict[str, str]:
        status = self.status(now)
        facts = {"status": status, **({"error_message": self.error} if status == "ERROR" else {})}
        return {**{name: value for name, value in facts.items() if name in fields}, "id": self.id}

    @property
    def children(self) -> list[str]:
        return [each for each in self.fields.get("children", "").split(",") if each]

    @property
    def image(self) -> dict[str, str] | None:
        if "image_url" not in self.fields:
            return None
        return {"url": self.fields["image_url"], "alt": self.fields.get("alt_text", "")}


def kind_of(fields: dict[str, str]) -> str:
    """Carousel children may leave it out."""
    return (fields.get("media_type") or ("IMAGE" if fields.get("is_carousel_item") == "true" else "")).upper()


def delay(kind: str, chance: random.Random) -> float:
    return chance.uniform(*DELAYS[kind])


def is_too_fresh(container: Container, now: float, chance: random.Random, race: float) -> bool:
    """Meta sometimes does not find what it has just finished."""
    return now < container.ready_at + RACE and chance.random() < race
