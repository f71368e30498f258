"""`ausrufer concept FILE`: the city's channel concept as data: name, imprint, and the topics it reports about."""

from __future__ import annotations

import argparse
from pathlib import Path

from ausrufer.config.connect import NotRunning, connect
from ausrufer.config.progress import complain, say

FAILED, WRONG_INPUT = 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="DATEI", help="YAML nach dem Schema ausrufer/channel-concept")


def run(arguments: argparse.Namespace) -> int:
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
        return WRONG_INPUT
    except (KeyError, TypeError) as trouble:
        complain(f"In {arguments.file.name} fehlt eine Angabe: {trouble}")
        return WRONG_INPUT
    try:
        rebuild()
    except OSError as trouble:
        complain(f"Das Konzept gilt, aber die öffentlichen Seiten lassen sich nicht schreiben: {trouble}")
        return FAILED
    say(f"„{concept.title}“ gilt, mit {Topic.objects.count()} Themen.")
    return 0
