"""Where a sentence ends, what a link is, and how a text is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ausrufer.kernel.shorten import shortened
from ausrufer.kernel.text import first_sentence, graphemes, is_visible, links, normal, sentences, utf8_bytes

PAGE = "https://aktuell.example/b/7k4q2m"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (
            "Das Bürgeramt öffnet am 30. November um 10 Uhr. Danach wie immer.",
            "Das Bürgeramt öffnet am 30. November um 10 Uhr.",
        ),
        ("Gesperrt ist die Str. 5 z. B. für Lkw. Umleitung folgt.", "Gesperrt ist die Str. 5 z. B. für Lkw."),
        ("„Bleiben Sie zu Hause!“ Das sagt die Feuerwehr.", "„Bleiben Sie zu Hause!“"),
        ("Ohne Punkt und Ende", "Ohne Punkt und Ende"),
        ("Erste Zeile\nZweite Zeile.", "Erste Zeile"),
    ],
)
def test_the_first_sentence_ends_where_a_reader_ends_it(text: str, first: str) -> None:
    assert first_sentence(text)[0] == first


def test_sentences_together_are_the_text_again() -> None:
    text = "Eins ist wahr. Zwei auch! Drei? Am 3. Mai kommt vier."
    assert " ".join(sentences(text)) == text


def test_a_link_ends_before_the_full_stop() -> None:
    assert links("Mehr unter https://www.trier.de/bau. Oder (https://trier.de)!") == [
        "https://www.trier.de/bau",
        "https://trier.de",
    ]


def test_an_emoji_family_is_one_character() -> None:
    assert len(graphemes("👨‍👩‍👧‍👦🇩🇪ä")) == 3


def test_a_text_is_cut_at_a_sentence_with_the_address_of_the_rest() -> None:
    text = "Die Saarstraße ist gesperrt. Grund ist ein Schaden an der Wasserleitung in der Südallee."
    assert shortened(text, PAGE, 80, utf8_bytes) == f"Die Saarstraße ist gesperrt.\n{PAGE}"


def test_a_long_sentence_is_cut_at_a_word_and_says_so() -> None:
    cut = shortened("Wörter " * 50, PAGE, 100, utf8_bytes)
    assert cut.endswith(f"Wörter …\n{PAGE}")


def test_a_link_is_never_cut() -> None:
    address = "https://www.trier.de/" + "x" * 60
    cut = shortened(f"Siehe {address} wegen allem, was dort steht.", PAGE, 90, utf8_bytes)
    assert address in cut or "www.trier.de" not in cut


@given(st.text(min_size=1, max_size=300), st.integers(60, 200))
def test_whatever_the_text_it_fits_and_keeps_the_address(text: str, limit: int) -> None:
    cut = shortened(text, PAGE, limit, utf8_bytes)
    assert utf8_bytes(cut) <= limit
    assert cut.endswith(PAGE)


def test_what_is_copied_along_unseen_is_left_out_and_line_ends_are_lines() -> None:
    assert normal("Eins\x0bzwei\x0cdrei\x85vier\r\nfünf\rsechs") == "Eins\nzwei\ndrei\nvier\nfünf\nsechs"
    assert normal("\x1b[31mStu\x08r\x01m\x7f\x9f\tjetzt ") == "[31mSturm\tjetzt"


def test_signs_without_a_width_are_nothing_to_read() -> None:
    assert not is_visible("\u200b\u202e\ufeff \u0301")
    assert is_visible("👩‍👩‍👧‍👦") and is_visible("مرحبا")
