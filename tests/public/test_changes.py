"""A correction shows what it changed and when; a withdrawn post leaves a page that says why."""

from __future__ import annotations

import re

import pytest

from ausrufer.deliveries import changes
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.states import State
from ausrufer.public.corrections import difference
from ausrufer.public.rebuild import rebuild
from tests import town
from tests.deliveries.conftest import work
from tests.public.conftest import OwnPages, published, released

WRONG = "Die Saarstraße ist ab Montag, 7 Uhr, gesperrt. Busse <M> fahren & halten."
RIGHT = "Die Saarstraße ist ab Dienstag, 7 Uhr, gesperrt. Busse <M> fahren & halten."


@pytest.mark.parametrize(
    ("before", "after", "seen"),
    [
        ("Die Umleitung ist ausgeschildert. Alt.", "Die Umleitung ist ausgeschildert.", "ausgeschildert. [Alt.]"),
        ("Gesperrt. Bis Montag.", "Gesperrt. Bis Freitag.", "Bis [Montag.] {Freitag.}"),
        ("Gesperrt.", "Gesperrt. Bis Montag.", "Gesperrt. {Bis Montag.}"),
        ("Gesperrt. Bis Montag.", "Gesperrt.\n\nBis Montag.", "Gesperrt. Bis Montag."),
    ],
)
def test_struck_and_new_words_keep_their_distance(before: str, after: str, seen: str) -> None:
    marks = {"<del>": "[", "</del>": "]", "<ins>": "{", "</ins>": "}"}
    found = re.sub(r'<span class="sr">.*?</span>', "", difference(before, after))
    for mark, sign in marks.items():
        found = found.replace(mark, sign)
    assert " ".join(found.split()).endswith(seen)


def path_of(delivery: Delivery) -> str:
    return f"/b/{delivery.release.post.address}"


def test_the_page_shows_the_right_text_and_what_was_changed(pages: OwnPages) -> None:
    delivery = published(WRONG)
    change = changes.correct(delivery.release, text=RIGHT, reason="Der Tag war falsch.", by=town.amira())
    work()
    source, words = pages.text(path_of(delivery)), pages.words(path_of(delivery))
    assert '<h1 id="titel" dir="auto">Die Saarstraße ist ab Dienstag, 7\u00a0Uhr, gesperrt.</h1>' in source
    assert '<del><span class="sr">bisher: </span>Montag,</del>' in source
    assert '<ins><span class="sr">jetzt: </span>Dienstag,</ins>' in source
    assert "&lt;M&gt; fahren &amp; halten" in source
    assert "Berichtigt am" in words
    assert "Der Tag war falsch." in words
    assert change.deliveries.get().state == State.ONLINE


def test_lists_and_feeds_carry_the_right_text(pages: OwnPages) -> None:
    delivery = published(WRONG)
    changes.correct(delivery.release, text=RIGHT, reason="", by=town.amira())
    work()
    for place in ("/", "/feed.atom", "/feed.json", "/thema/roadworks"):
        assert "Dienstag" in pages.text(place), place
        assert "ab Montag, 7" not in pages.text(place), place
    assert "Berichtigt am" in pages.words("/")


def test_a_correction_is_still_there_after_everything_was_written_anew(pages: OwnPages) -> None:
    delivery = published(WRONG)
    changes.correct(delivery.release, text=RIGHT, reason="", by=town.amira())
    work()
    rebuild()
    assert "Dienstag" in pages.words(path_of(delivery))
    assert "Berichtigt am" in pages.words(path_of(delivery))


def test_a_withdrawn_post_leaves_a_page_that_says_why(pages: OwnPages) -> None:
    delivery = published(WRONG)
    changes.withdraw(delivery.release, reason="Die Sperrung entfällt.", by=town.amira())
    work()
    for _ in range(2):
        words = pages.words(path_of(delivery))
        assert "Zurückgenommen am" in words
        assert "Grund: Die Sperrung entfällt." in words
        assert "Saarstraße" not in words
        assert pages.posts("/") == []
        rebuild()
    delivery.refresh_from_db()
    assert delivery.state == State.WITHDRAWN


def test_what_was_taken_back_before_anybody_saw_it_leaves_no_page(pages: OwnPages) -> None:
    delivery = released(WRONG)
    changes.withdraw(delivery.release, reason="Es war nur eine Übung.", by=town.amira())
    work()
    rebuild()
    assert pages.text(path_of(delivery)) == ""


def test_a_corrected_post_can_be_withdrawn(pages: OwnPages) -> None:
    delivery = published(WRONG)
    changes.correct(delivery.release, text=RIGHT, reason="", by=town.amira())
    work()
    change = changes.withdraw(delivery.release, reason="Überholt.", by=town.amira())
    work()
    assert change.deliveries.get().state == State.WITHDRAWN
    assert "Grund: Überholt." in pages.words(path_of(delivery))
