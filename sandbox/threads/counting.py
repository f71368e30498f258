"""Three readings of "500 characters" (sheet, section 4), and what counts as a link."""

from __future__ import annotations

import re
from unicodedata import category

LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"]+", re.IGNORECASE)
AFTER = ".,;:!?)"  # ends a sentence, not an address


def length(text: str, counting: str) -> int:
    if counting == "utf8_bytes":
        return len(text.encode())
    if counting == "emoji_bytes":
        return sum(len(sign.encode()) if category(sign) == "So" else 1 for sign in text)
    return len(text)


def links(text: str) -> set[str]:
    return {found.rstrip(AFTER) for found in LINK.findall(text)}
