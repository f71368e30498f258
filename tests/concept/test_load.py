"""What is said of a file that is no concept, and that the example is one."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ausrufer.concept import load
from ausrufer.concept.facts import city
from ausrufer.config.commands.concept import example
from ausrufer.posts.models import Topic


def file_with(text: str, folder: Path) -> Path:
    file = folder / "konzept.yaml"
    file.write_text(text)
    return file


@pytest.mark.django_db
def test_the_example_loads_without_complaint(tmp_path: Path) -> None:
    load.load(load.read(file_with(example(), tmp_path)))
    assert city().name == "Stadt Musterstadt"
    assert city().authority and city().officer and city().contacts and city().alternatives and city().contact_pages
    assert Topic.objects.get(is_crisis=True).short_label == "Krisen"


@pytest.mark.django_db
def test_of_two_concepts_with_one_version_the_second_is_refused_and_changes_nothing() -> None:
    first, second = yaml.safe_load(example()), yaml.safe_load(example())
    second["document"]["title"] = "Ganz anderes Konzept"
    second["organisation"]["name"] = "Stadt Nirgendwo"
    second["chapters"]["contents"]["topics"][0]["label"] = "Etwas anderes"
    load.load(first)
    with pytest.raises(load.BadConcept, match=r"Version 1 gibt es schon: „.*“\. Bitte document: version erhöhen\."):
        load.load(second)
    assert city().name == "Stadt Musterstadt"
    assert not Topic.objects.filter(label="Etwas anderes").exists()

    second["document"]["version"] += 1
    load.load(second)
    assert city().name == "Stadt Nirgendwo"


@pytest.mark.django_db
def test_the_same_version_mended_replaces_itself() -> None:
    facts = yaml.safe_load(example())
    load.load(facts)
    facts["organisation"]["name"] = "Stadt Musterstadt am Fluss"
    load.load(facts)
    assert city().name == "Stadt Musterstadt am Fluss"


def test_what_the_example_calls_optional_may_be_missing(tmp_path: Path) -> None:
    facts = yaml.safe_load(example())
    del facts["organisation"], facts["channel"]
    facts["chapters"] = {"contents": facts["chapters"]["contents"]}
    load.read(file_with(yaml.safe_dump(facts), tmp_path))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("document:", "fehlen: document: title, document: version, document: as_of, chapters: contents: topics"),
        ("chapters: {contents: {topics: [{id: a}, {}]}}", "label des 1. Themas, id des 2. Themas, label des 2. Themas"),
        ("document: {version: zwei, as_of: neulich}", "version keine ganze Zahl ab 1; ist document: as_of kein Tag"),
        ("chapters: {contents: {topics: [{id: Straßen}]}}", "das Thema „Straßen“ einen Schlüssel"),
        ("chapters: ja", "anders, als das Beispiel es zeigt"),
        ("a: [", "ist nicht lesbar"),
    ],
)
def test_everything_that_is_wrong_is_said_at_once(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(load.BadConcept) as caught:
        load.read(file_with(f"schema: ausrufer/channel-concept\n{text}", tmp_path))
    assert said in str(caught.value)


def test_a_file_of_an_old_editor_is_said_to_be_unreadable(tmp_path: Path) -> None:
    file = tmp_path / "konzept.yaml"
    file.write_bytes("Müsterstadt".encode("latin-1"))
    with pytest.raises(load.BadConcept, match="ist nicht lesbar"):
        load.read(file)
