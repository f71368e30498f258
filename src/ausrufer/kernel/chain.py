"""Dividing a long text into posts that follow each other: at paragraphs, else sentences, else words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

from ausrufer.kernel.shorten import Measure, sentence_beginnings
from ausrufer.kernel.text import LINK, graphemes

GAP = re.compile(r"[^\S\u00a0\u2007\u202f]+")  # white space, but not what holds "18 Uhr" together


def chained(text: str, page: str, limit: int, measure: Measure) -> list[str]:
    """The text in parts of at most `limit` units by `measure`; with the gaps between them they are the text again.

    Never inside a link, a tag, a word or a grapheme; only a single word longer than the limit is cut, at a grapheme,
    and a single link longer than the limit gives way to `page`.
    """

    def fits(part: str) -> bool:
        return measure(part) <= limit

    rest = LINK.sub(lambda link: link.group() if fits(link.group()) or not page else page, text).strip()
    parts: list[str] = []
    while not fits(rest):
        end, beginning = division(rest, limit, measure)
        parts.append(rest[:end])
        rest = rest[beginning:]
    return [part for part in [*parts, rest] if part]


def division(text: str, limit: int, measure: Measure) -> tuple[int, int]:
    """Where the first part ends and where the next one begins."""
    letters = [*accumulate(len(letter) for letter in graphemes(text))]
    whole = {0, *letters}
    gaps = {gap.start(): gap.end() for gap in GAP.finditer(text) if {gap.start(), gap.end()} <= whole}
    words = last_fitting(text, gaps, limit, measure)
    paragraphs = [place for place, end in gaps.items() if text.count("\n", place, end) > 1]
    lines = {place for place, end in gaps.items() if "\n" in text[place:end]}
    sentences = sorted(lines | (gaps.keys() & {len(beginning) for beginning in sentence_beginnings(text)}))
    for ends in (paragraphs, sentences):
        place = last_fitting(text, ends, limit, measure)
        if place and place * 2 >= words:  # unless it gives away too much room
            return place, gaps[place]
    if words:
        return words, gaps[words]
    inside = {place for link in LINK.finditer(text) for place in range(link.start() + 1, link.end())}
    place = last_fitting(text, [place for place in letters if place not in inside], limit, measure)
    place = place or last_fitting(text, range(1, len(text)), limit, measure) or 1
    return place, place


def last_fitting(text: str, places: Iterable[int], limit: int, measure: Measure) -> int:
    """The last of the ascending `places` up to which the text fits; 0 for none."""
    ordered = [place for place in places if place]
    found = bisect_right(ordered, limit, key=lambda place: measure(text[:place]))
    while found and measure(text[: ordered[found - 1]]) > limit:  # a measure may shrink where a link is complete
        found -= 1
    return ordered[found - 1] if found else 0
