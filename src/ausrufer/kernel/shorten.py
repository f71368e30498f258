"""Cutting a text so that a reader sees it was cut: whole sentences, else whole words, then the address of the rest."""

from __future__ import annotations

from collections.abc import Callable

from ausrufer.kernel.text import LINK, graphemes, sentences

Measure = Callable[[str], int]


def shortened(text: str, page: str, limit: int, measure: Measure) -> str:
    """At most `limit` units by `measure`: the beginning of `text`, " …" where a sentence was cut, and `page`.

    Never inside a link, a tag, a word or a grapheme; only a single word longer than the limit is cut, at a grapheme,
    and of a single link longer than the limit nothing is left but `page`.
    """

    def with_page(beginning: str, mark: str = "") -> str:
        return f"{beginning}{mark}\n{page}" if page else f"{beginning}{mark}"

    def fits(beginning: str, mark: str = "") -> bool:
        return measure(with_page(beginning, mark)) <= limit

    if fits(text):
        return with_page(text)
    whole = longest(sentence_beginnings(text), fits)
    words = longest(word_beginnings(text), lambda part: fits(part, " …"))
    if whole and len(whole) * 2 >= len(words):  # a whole sentence, unless it gives away too much room
        return with_page(whole)
    if words:
        return with_page(words, " …")
    return with_page(one_word(text, fits), "…").removeprefix("…\n")


def clearly_shorter(limit: int) -> int:
    """For the day on which a platform finds a text too long although it was counted right."""
    return limit * 4 // 5


def one_word(text: str, fits: Callable[[str, str], bool]) -> str:
    """As many graphemes as fit of a word longer than the limit; "" when it is a link: half of one is worth nothing."""
    link = LINK.search(text)
    letters = graphemes(text[: link.start()] if link else text)
    low, high = 0, len(letters)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits("".join(letters[:middle]), "…") else (low, middle - 1)
    return "".join(letters[:low])


def sentence_beginnings(text: str) -> list[str]:
    """Every beginning of the text that ends with a sentence, shortest first."""
    ends: list[str] = []
    position = 0
    for sentence in sentences(text):
        position = text.index(sentence, position) + len(sentence)
        ends.append(text[:position])
    return ends


def word_beginnings(text: str) -> list[str]:
    """Every beginning that ends before white space and not inside a link, shortest first."""
    inside = {place for link in LINK.finditer(text) for place in range(link.start() + 1, link.end())}
    return [
        text[:place].rstrip(" \n,;:–-")
        for place in range(1, len(text))
        if text[place].isspace() and place not in inside and not text[place - 1].isspace()
    ]


def longest(parts: list[str], fits: Callable[[str], bool]) -> str:
    return next((part for part in reversed(parts) if fits(part)), "")
