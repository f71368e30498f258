"""A long text becomes a chain of posts that read on."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ausrufer.kernel.chain import chained
from ausrufer.kernel.text import graphemes, links, utf8_bytes
from tests.platforms.nasty_texts import NASTY

PAGE = "https://aktuell.example/b/7k4q2m"


def characters(text: str) -> int:
    return len(graphemes(text))


def without_gaps(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_what_fits_is_one_post() -> None:
    assert chained("Die Brücke ist gesperrt.", PAGE, 300, characters) == ["Die Brücke ist gesperrt."]
    assert chained("", PAGE, 300, characters) == []


def test_a_chain_is_divided_between_sentences() -> None:
    text = "Die Brücke ist gesperrt. Grund ist Hochwasser. Am 3. Mai öffnet sie wieder."
    assert chained(text, PAGE, 50, characters) == [
        "Die Brücke ist gesperrt. Grund ist Hochwasser.",
        "Am 3. Mai öffnet sie wieder.",
    ]


def test_a_paragraph_stays_together_when_that_costs_little_room() -> None:
    text = "Die Brücke ist gesperrt. Grund ist Hochwasser.\n\nEine Umleitung führt über die Südallee. Bitte folgen."
    assert chained(text, PAGE, 90, characters)[0] == "Die Brücke ist gesperrt. Grund ist Hochwasser."


def test_lines_of_a_list_are_not_torn_apart() -> None:
    text = "\n".join(f"- Haltestelle Nummer {number} entfällt" for number in range(9))
    assert all(part.startswith("- ") for part in chained(text, PAGE, 80, characters))


def test_a_sentence_too_long_is_divided_between_words() -> None:
    assert chained("Wörter ohne Punkt und ohne jedes Ende", PAGE, 20, characters) == [
        "Wörter ohne Punkt",
        "und ohne jedes Ende",
    ]


def test_what_a_narrow_space_holds_together_stays_together() -> None:
    parts = chained("Sie öffnet um 18\u00a0Uhr wieder ganz", PAGE, 16, characters)
    assert parts == ["Sie öffnet um", "18\u00a0Uhr wieder", "ganz"]


def test_only_a_word_longer_than_a_post_is_cut_and_never_inside_an_emoji_family() -> None:
    assert chained("👨‍👩‍👧‍👦" * 5, PAGE, 2, characters) == ["👨‍👩‍👧‍👦" * 2, "👨‍👩‍👧‍👦" * 2, "👨‍👩‍👧‍👦"]


def test_a_link_longer_than_a_post_gives_way_to_the_own_page() -> None:
    text = f"Der Plan steht unter https://www.trier.de/{'x' * 90} und hängt aus."
    assert " ".join(chained(text, PAGE, 60, characters)) == f"Der Plan steht unter {PAGE} und hängt aus."


@pytest.mark.parametrize("name", NASTY)
def test_nothing_is_lost_and_no_link_torn(name: str) -> None:
    text = NASTY[name]
    parts = chained(text, PAGE, 300, characters)
    assert all(0 < characters(part) <= 300 for part in parts)
    if all(characters(link) <= 300 for link in links(text)):
        assert without_gaps("".join(parts)) == without_gaps(text)
        assert set(links(text)) == {link for part in parts for link in links(part)}


@given(st.text(max_size=300), st.integers(8, 60))
def test_whatever_the_text_every_part_fits(text: str, limit: int) -> None:
    parts = chained(text, "", limit, utf8_bytes)
    assert all(0 < utf8_bytes(part) <= limit for part in parts)
    assert without_gaps("".join(parts)) == without_gaps(text)
