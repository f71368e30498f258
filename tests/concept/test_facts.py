"""What pages may say of a city, and what they must survive when its concept leaves it open."""

from __future__ import annotations

from typing import Any

import pytest

from ausrufer.concept import load
from ausrufer.concept.facts import City, Link, city, from_facts


@pytest.fixture
def trier() -> dict[str, Any]:
    return load.read(load.DEMO)


def test_the_imprint_is_in_the_concept(trier: dict[str, Any]) -> None:
    found = from_facts(trier)
    assert (found.name, found.body) == ("Stadt Trier", "Rathaus der Stadt Trier")
    assert found.represented_by == "Der Oberbürgermeister, Wolfram Leibe"
    assert (found.street, found.postal_code, found.town) == ("Am Augustinerhof", "54290", "Trier")
    assert [each.name for each in found.contacts] == ["Michael Schmitz", "Ernst Mettlach"]


def test_contacts_know_where_they_are(trier: dict[str, Any]) -> None:
    found = from_facts(trier)
    assert found.authority and found.authority.place == "Postfach 30 40, 55020 Mainz"
    assert found.officer and found.officer.email == "datenschutz@trier.de"


def test_links_have_short_names_where_the_concept_gives_them(trier: dict[str, Any]) -> None:
    assert Link("Anliegen melden", "https://anliegen.trier.de") in from_facts(trier).contact_pages
    assert from_facts(trier).profiles == (("threads", "https://www.threads.net/@stadt_trier"),)


def emptied(value: Any) -> Any:
    """The same shape, and nothing in it."""
    if isinstance(value, dict):
        return {key: emptied(inner) for key, inner in value.items()}
    return [] if isinstance(value, list) else None


def test_a_concept_that_leaves_everything_open_is_a_nameless_city(trier: dict[str, Any]) -> None:
    assert from_facts(emptied(trier)) == City()
    assert from_facts({}) == City()


@pytest.mark.parametrize("chapter", ["responsibility", "privacy", "alternatives", "publication_and_evaluation"])
def test_any_chapter_may_be_missing(trier: dict[str, Any], chapter: str) -> None:
    del trier["chapters"][chapter]
    assert from_facts(trier).name == "Stadt Trier"


@pytest.mark.django_db
def test_without_a_concept_there_is_still_a_city() -> None:
    assert city() == City()


@pytest.mark.django_db
def test_the_newest_version_counts(trier: dict[str, Any]) -> None:
    load.load(trier)
    trier["document"]["version"] = 2
    trier["organisation"]["name"] = "Stadt Trier an der Mosel"
    load.load(trier)
    assert city().name == "Stadt Trier an der Mosel"
