"""Taking a published concept into the database: its facts, and the topics the city reports about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from ausrufer.concept.models import Concept
from ausrufer.posts.models import Topic

DEMO = Path(__file__).parent / "data" / "trier.yaml"


class BadConcept(Exception):
    """The file is no channel concept; the message says what is missing where."""


def read(file: Path) -> dict[str, Any]:
    """The facts in shape of schema `ausrufer/channel-concept`, version 1. Raises BadConcept."""
    try:
        facts = yaml.safe_load(file.read_text())
    except (OSError, yaml.YAMLError) as error:
        raise BadConcept(f"{file.name} ist nicht lesbar: {error}") from error
    if not isinstance(facts, dict) or facts.get("schema") != "ausrufer/channel-concept":
        raise BadConcept(f"{file.name} ist kein Kanalkonzept (schema: ausrufer/channel-concept).")
    return facts


def load(facts: dict[str, Any]) -> Concept:
    """The concept as the newest version; topics are added and renamed, never removed."""
    document = facts["document"]
    with transaction.atomic():
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
