"""Taking a published concept into the database: its facts, and the topics the city reports about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from ausrufer.concept.facts import from_facts
from ausrufer.concept.models import Concept
from ausrufer.posts.models import Topic

DEMO = Path(__file__).parent / "data" / "trier.yaml"
EMPTY: tuple[Any, ...] = (None, "", [], {})


class BadConcept(Exception):
    """The file is no channel concept; the message says what is missing where."""


def read(file: Path) -> dict[str, Any]:
    """The facts in shape of schema `ausrufer/channel-concept`, version 1. Raises BadConcept."""
    try:
        facts = yaml.safe_load(file.read_text())
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise BadConcept(f"{file.name} ist nicht lesbar: {error}") from error
    if not isinstance(facts, dict) or facts.get("schema") != "ausrufer/channel-concept":
        raise BadConcept(f"{file.name} ist kein Kanalkonzept (schema: ausrufer/channel-concept).")
    if wrong := list(what_is_wrong(facts)):
        raise BadConcept(f"In {file.name} {'; '.join(wrong)}.")
    return facts


def what_is_wrong(facts: dict[str, Any]) -> Iterator[str]:
    """All of it at once, as ends of a sentence that begins with the file's name."""
    document, topics = at(facts, "document"), at(facts, "chapters", "contents", "topics")
    missing = [f"document: {name}" for name in ("title", "version", "as_of") if at(document, name) in EMPTY]
    if topics in EMPTY or not isinstance(topics, list):
        missing.append("chapters: contents: topics (mindestens ein Thema)")
        topics = []
    for number, topic in enumerate(topics, 1):
        missing += [f"{name} des {number}. Themas" for name in ("id", "label") if at(topic, name) in EMPTY]
    if missing:
        yield f"{'fehlt' if len(missing) == 1 else 'fehlen'}: {', '.join(missing)}"
    version, as_of = at(document, "version"), at(document, "as_of")
    if version not in EMPTY and not (type(version) is int and version > 0):
        yield "ist document: version keine ganze Zahl ab 1"
    if as_of not in EMPTY and not is_day(as_of):
        yield "ist document: as_of kein Tag wie 2026-11-01"
    for key in (at(topic, "id") for topic in topics):
        if key not in EMPTY and not re.fullmatch(r"[a-zA-Z0-9_-]{1,50}", str(key)):
            yield f"hat das Thema „{key}“ einen Schlüssel (id), der nicht nur aus a-z, 0-9, - und _ besteht"
    try:
        from_facts(facts)
    except (AttributeError, KeyError, TypeError) as error:
        yield f"steht etwas anders, als das Beispiel es zeigt ({error})"


def at(facts: Any, *names: str) -> Any:
    """What stands there; None where nothing can."""
    for name in names:
        facts = facts.get(name) if isinstance(facts, dict) else None
    return facts


def is_day(value: Any) -> bool:
    try:
        return isinstance(value, date) or date.fromisoformat(value) is not None
    except (TypeError, ValueError):
        return False


def load(facts: dict[str, Any]) -> Concept:
    """The concept as the newest version; topics are added and renamed, never removed.

    Raises BadConcept for another concept with a version that is taken: nobody could say which of the two holds.
    """
    document = facts["document"]
    with transaction.atomic():
        if taken := Concept.objects.filter(version=document["version"]).exclude(title=document["title"]).first():
            said = f"Version {taken.version} gibt es schon: „{taken.title}“. Bitte document: version erhöhen."
            raise BadConcept(said)
        for position, topic in enumerate(facts["chapters"]["contents"]["topics"]):
            Topic.objects.update_or_create(
                key=topic["id"],
                defaults={
                    "label": topic["label"],
                    "short_label": topic.get("short", topic["label"])[:40],
                    "is_crisis": topic.get("kind") == "crisis",
                    "position": position,
                },
            )
        concept, _ = Concept.objects.update_or_create(
            version=document["version"],
            title=document["title"],
            defaults={"as_of": document["as_of"], "facts": plain(facts)},
        )
    return concept


def plain(value: Any) -> Any:
    """As JSON can hold it: dates become ISO text."""
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
