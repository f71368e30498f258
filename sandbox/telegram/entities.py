"""What of a text is more than plain: named with it, or found in it; places and lengths in UTF-16 units."""

from __future__ import annotations

import json
import re
from typing import Any

from sandbox.telegram.errors import Refused

MOST = 100  # a message shows; what goes beyond stays plain text, and nobody is told
FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"]+)|(?<![\w#])(?P<hashtag>#\d*[^\W\d]\w*)|(?<![\w@/.])(?P<mention>@[A-Za-z]\w{4,31})"
)

Entity = dict[str, Any]


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def entities_of(text: str, named: Any) -> list[Entity]:
    """In their order. Raises Refused."""
    given = json.loads(named) if isinstance(named, str) else named or []
    for each in given:
        check(text, each)
    found = [each for each in found_in(text) if not any(overlap(each, other) for other in given)]
    return sorted([*given, *found], key=lambda each: int(each["offset"]))[:MOST]


def found_in(text: str) -> list[Entity]:
    return [
        {"type": match.lastgroup, "offset": units(text[: match.start()]), "length": units(match.group())}
        for match in FOUND.finditer(text)
    ]


def check(text: str, entity: Entity) -> None:
    """Stricter than the real server, which leaves out what reaches beyond the text. Raises Refused."""
    place, length = entity.get("offset"), entity.get("length")
    if not (isinstance(entity.get("type"), str) and isinstance(place, int) and isinstance(length, int)):
        raise Refused("Bad Request: can't parse MessageEntity: type, offset and length are needed")
    if not 0 <= place < place + length <= units(text):
        raise Refused(f"Bad Request: the stand-in refuses an entity from {place} over {length}: not inside the text")
    for end in (place, place + length):
        try:
            text.encode("utf-16-le")[: 2 * end].decode("utf-16-le")
        except UnicodeDecodeError:
            raise Refused("Bad Request: entity begins in a middle of a UTF-16 symbol") from None


def overlap(one: Entity, other: Entity) -> bool:
    """Whether they share a letter."""
    return bool(one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"])
