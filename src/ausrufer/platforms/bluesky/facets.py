"""What of a text can be clicked: links, mentions and tags, by their places in UTF-8."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import regex

from ausrufer.kernel.text import LINK, graphemes

LABELS = r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+"
# Nobody writes https:// in front of trier.de; other endings stay plain text rather than make a link of "Str.Nr.5".
BARE = regex.compile(
    rf"(?<![\w@/.:-])(?:www\.{LABELS}[a-z]{{2,}}|{LABELS}(?:de|eu|lu|fr|be|at|ch|org|com|net|info))(?![@\w-]|\.\w)"
    r"(?:/[^\s<>\"]*[^\s<>\".,;:!?()\[\]'»«„“])?",
    regex.IGNORECASE,
)
MENTION = regex.compile(rf"(?<![\w@/.])@{LABELS}[a-z]{{2,}}(?![@\w-])", regex.IGNORECASE)
INVISIBLE = r"\u00AD\u2060\u200A\u200B\u200C\u200D\u20e2"
TAG = regex.compile(rf"(?<=^|\s)[#＃]((?!\ufe0f)[^\s{INVISIBLE}]*[^\d\s\p{{P}}{INVISIBLE}]+[^\s{INVISIBLE}]*)")
PUNCTUATION = regex.compile(r"\p{P}+$")
LONGEST_TAG = 64  # graphemes

Facet = dict[str, Any]


def handles(text: str) -> list[str]:
    """Mentions as they are written, e.g. "@trier.de", each once."""
    return list(dict.fromkeys(MENTION.findall(text)))


def facets(text: str, mentions: Mapping[str, str]) -> list[Facet]:
    """In the text's order, never overlapping; `mentions` are DIDs by what is written."""
    found: list[Facet] = []
    end = 0
    for start, stop, feature in sorted(features(text, mentions), key=lambda each: (each[0], -each[1])):
        if start < end:
            continue
        end = stop
        place = {"byteStart": len(text[:start].encode()), "byteEnd": len(text[:stop].encode())}
        found.append({"index": place, "features": [feature]})
    return found


def features(text: str, mentions: Mapping[str, str]) -> Iterator[tuple[int, int, dict[str, str]]]:
    kind = "app.bsky.richtext.facet#"
    for link in LINK.finditer(text):
        yield link.start(), link.end(), {"$type": f"{kind}link", "uri": link.group()}
    for bare in BARE.finditer(text):
        yield bare.start(), bare.end(), {"$type": f"{kind}link", "uri": f"https://{bare.group()}"}
    for mention in MENTION.finditer(text):
        if did := mentions.get(mention.group()):
            yield mention.start(), mention.end(), {"$type": f"{kind}mention", "did": did}
    for tag in TAG.finditer(text):
        word = PUNCTUATION.sub("", tag.group(1))
        if word and len(graphemes(word)) <= LONGEST_TAG:
            yield tag.start(), tag.start() + 1 + len(word), {"$type": f"{kind}tag", "tag": word}
