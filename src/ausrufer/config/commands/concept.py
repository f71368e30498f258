"""`ausrufer concept FILE`: the city's channel concept as data: name, imprint, and the topics it reports about."""

from __future__ import annotations

import argparse
from importlib.resources import files
from pathlib import Path

from ausrufer.config.connect import NotRunning, connect
from ausrufer.config.progress import complain, say

FAILED, WRONG_INPUT = 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = "Lädt das Kanalkonzept der Stadt: Name, Impressum, Themen. Nochmal laden ersetzt es."
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("file", nargs="?", type=Path, metavar="DATEI", help="YAML, wie --example es zeigt")
    what.add_argument("--example", action="store_true", help="ein erläutertes Beispiel ausgeben, zum Ausfüllen")


def run(arguments: argparse.Namespace) -> int:
    if arguments.example:
        say(example().rstrip())
        return 0
    try:
        connect()
    except NotRunning as trouble:
        complain(str(trouble))
        return FAILED
    from ausrufer.concept import load
    from ausrufer.posts.models import Topic
    from ausrufer.public.rebuild import rebuild

    try:
        concept = load.load(load.read(arguments.file))
    except load.BadConcept as trouble:
        complain(str(trouble))
        complain("Wie es aussieht, zeigt --example.")
        return WRONG_INPUT
    try:
        rebuild()
    except OSError as trouble:
        complain(f"Das Konzept gilt, aber die öffentlichen Seiten lassen sich nicht schreiben: {trouble}")
        return FAILED
    say(f"„{concept.title}“ gilt, mit {Topic.objects.count()} Themen.")
    return 0


def example() -> str:
    """A whole concept with every fact the pages can show."""
    return (files("ausrufer.concept") / "data" / "example.yaml").read_text("utf-8")
