"""What stands below a long post that was corrected, where a post cannot be edited: what changed, and the way to it."""

from __future__ import annotations

import pytest

from ausrufer.adapter.contract import Draft, Rendition
from ausrufer.posts.corrections import reply
from tests import town

PAGE = "https://stadt.example/b/7k4q2m"
HEARD = "Die Stadtwerke erneuern dort auf ganzer Länge die Leitungen für Wasser und Gas. " * 6
WRONG = town.ROADWORKS + "\n" + HEARD + "\nDer Bus der Linie 3 fährt um 7 Uhr."
RIGHT = WRONG.replace("um 7 Uhr", "um 9 Uhr")
TELLS = "Berichtigung: Der Bus der Linie 3 fährt um 9 Uhr."

answering = pytest.mark.parametrize("platform", ["threads", "bluesky"])


def corrected(
    platform: str, text: str, *, before: str = WRONG, reason: str = "", language: str = "de"
) -> list[Rendition]:
    draft = Draft(text=text, page=PAGE, language=language)
    return reply(town.channel(platform), draft, before=before, reason=reason)


def card_of(rendition: Rendition) -> str:
    return rendition.card.address if rendition.card else rendition.link


@answering
def test_a_long_text_is_corrected_by_what_changed_in_it(platform: str) -> None:
    shown = corrected(platform, RIGHT)[0]
    assert shown.text == TELLS
    assert shown.wording == "shortened"


@answering
def test_the_link_to_the_page_is_the_card_and_not_in_the_words_as_well(platform: str) -> None:
    for shown in corrected(platform, RIGHT, reason="Die Abfahrt war falsch"):
        assert (card_of(shown), PAGE in shown.text) == (PAGE, False)
        assert not shown.card or PAGE not in shown.card.title + shown.card.description
        assert not shown.card or "Die Saarstraße ist ab Montag" in shown.card.title


@answering
def test_what_the_editor_says_was_wrong_comes_first(platform: str) -> None:
    shown = corrected(platform, RIGHT, reason="Die Abfahrt war falsch")[0]
    assert shown.text == "Berichtigung: Die Abfahrt war falsch. Der Bus der Linie 3 fährt um 9 Uhr."


@answering
def test_a_text_that_fits_stands_there_as_a_whole(platform: str) -> None:
    right = town.ROADWORKS.replace("7 Uhr", "9 Uhr")
    shown = corrected(platform, right, before=town.ROADWORKS, reason="Falsche Uhrzeit.")[0]
    assert (shown.text, shown.wording) == (f"Berichtigung: {right}", "whole")


def test_where_a_text_that_fits_is_refused_as_too_long_the_change_is_still_told() -> None:
    middle = "Die Stadtwerke erneuern dort die Leitungen. " * 9
    right = middle + "Der Bus der Linie 3 fährt um 9 Uhr."
    whole, shorter = corrected("threads", right, before=right.replace("9", "7"))
    assert whole.text == f"Berichtigung: {right}"
    assert shorter.text == TELLS


def test_an_english_post_is_corrected_in_english() -> None:
    before = "The road is closed. " * 30 + "The bus leaves at 7."
    shown = corrected("threads", before.replace("at 7", "at 9"), before=before, language="en")[0]
    assert shown.text == "Correction: The bus leaves at 9."


@answering
def test_a_sentence_that_is_gone_is_named(platform: str) -> None:
    shown = corrected(platform, WRONG.replace("\nDer Bus der Linie 3 fährt um 7 Uhr.", ""))[0]
    assert shown.text == "Berichtigung: Entfällt: „Der Bus der Linie 3 fährt um 7 Uhr.“"


@answering
def test_what_changed_late_in_a_very_long_sentence_is_told(platform: str) -> None:
    before = "Gesperrt sind " + ", ".join(f"die {number}. Gasse am Fluss" for number in range(1, 40)) + " bis 7 Uhr."
    shown = corrected(platform, before.replace("bis 7 Uhr", "bis 9 Uhr"), before=before)[0]
    assert shown.text == "Berichtigung: … 39. Gasse am Fluss bis 9 Uhr."


@answering
def test_everything_new_is_cut_where_it_must_be_and_leads_to_the_page(platform: str) -> None:
    shown = corrected(platform, "Die Brücke ist frei. " * 40, before=WRONG)[0]
    assert shown.text.startswith("Berichtigung: Die Brücke ist frei.")
    assert (card_of(shown), PAGE in shown.text, shown.fits) == (PAGE, False, True)


@answering
def test_other_line_breaks_leave_nothing_to_point_at(platform: str) -> None:
    shown = corrected(platform, WRONG.replace("\n", "\n\n"))[0]
    assert shown.text.startswith("Berichtigung: Die Saarstraße ist ab Montag")
