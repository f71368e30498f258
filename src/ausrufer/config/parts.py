"""The processes of a running system, and how each is started."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from ausrufer.config.place import Place

PROJECT = Path(__file__).parents[3]  # the stand-ins lie beside the package, never in it


@dataclass(frozen=True)
class Part:
    name: str
    command: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()  # beyond what every part is told


def parts(place: Place, database_url: str) -> list[Part]:
    """In the order in which a reader would miss them."""
    module = (sys.executable, "-m")
    stream = (*module, "ausrufer.public.stream", "--host", place.host, "--port", str(place.port))
    folder = ("--folder", str(place.public_folder), "--database", database_url)
    found = [
        Part("stream", (*stream, *folder)),
        Part("web", (*module, "ausrufer.config.web")),
        Part("dispatcher", (*module, "ausrufer.config.dispatcher")),
        Part("worker", (*module, "ausrufer.config.worker")),
    ]
    if place.demo:
        found.insert(1, threads_standin(place))
    return found


def threads_standin(place: Place) -> Part:
    state = str(place.data / "threads-standin.json")
    command = (sys.executable, "-m", "sandbox.threads", "--port", str(place.standin_port), "--state", state)
    path = os.pathsep.join(filter(None, (str(PROJECT), os.environ.get("PYTHONPATH"))))
    return Part("threads-standin", command, (("PYTHONPATH", path),))
