"""Measuring and cutting text. Nothing here knows a platform."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import regex

LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?()\[\]'»«„“]")
SENTENCE_END = re.compile(r"(?<=[.!?…])[\"“”»«')]*\s+(?=[\"„»«(]*[A-ZÄÖÜ0-9])")
# A number or an abbreviation before the point ends no sentence: "am 30. November", "z. B.", "Str. 5".
NO_END = re.compile(r"(?:\b\d{1,4}|\b[a-zA-ZÄÖÜäöü]|\b(?:Nr|Str|St|Dr|Prof|bzw|ca|usw|inkl|ggf|evtl|Tel|Abs|Art))\.$")

UNWRITABLE = re.compile("[\0\ud800-\udfff]")  # NUL and half characters: no keyboard makes them, no database keeps them


def is_writable(text: str) -> bool:
    return not UNWRITABLE.search(text)


def writable(facts: Any) -> Any:
    """What somebody else wrote, without what no database keeps: nothing of ours may fail for it."""
    if isinstance(facts, str):
        return UNWRITABLE.sub("", facts)
    if isinstance(facts, dict):
        return {name: writable(value) for name, value in facts.items()}
    return [writable(each) for each in facts] if isinstance(facts, list | tuple) else facts


LINE_END = re.compile("\r\n?|[\x0b\x0c\x85]")  # the upright ones come from word processors
CONTROL = re.compile("[\x01-\x08\x0e-\x1f\x7f-\x9f]")  # copied along from PDFs and terminals; no page may carry them


def normal(text: str) -> str:
    """NFC, Unix line ends, no control characters, no white space at the edges."""
    return unicodedata.normalize("NFC", CONTROL.sub("", LINE_END.sub("\n", text))).strip()


def is_visible(text: str) -> bool:
    """Something a reader sees: neither only white space nor only signs without a width."""
    return any(unicodedata.category(sign)[0] not in "CMZ" for sign in text)


def utf8_bytes(text: str) -> int:
    return len(text.encode())


def graphemes(text: str) -> list[str]:
    """What a reader would call characters: an emoji family is one (Unicode TR 29)."""
    return regex.findall(r"\X", text)


def links(text: str) -> list[str]:
    """Addresses with a scheme, in order, each once."""
    return list(dict.fromkeys(LINK.findall(text)))


def sentences(text: str) -> list[str]:
    """Sentences in order; together with single spaces they are the text again."""
    found: list[str] = []
    start = 0
    for gap in SENTENCE_END.finditer(text):
        if NO_END.search(text[start : gap.start()]):
            continue
        found.append(text[start : gap.start()] + gap.group().rstrip())
        start = gap.end()
    return [part for part in [*found, text[start:]] if part]


def first_sentence(text: str) -> tuple[str, str]:
    """The sentence that carries, and the rest. A line break ends it too."""
    line, _, below = text.partition("\n")
    first = (sentences(line) or [""])[0]
    return first, (line[len(first) :].strip() + ("\n" + below if below else "")).strip()
