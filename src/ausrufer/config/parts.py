"""The processes of a running system, and how each is started."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from ausrufer.config.demo_channels import standin_port
from ausrufer.config.place import Place

PROJECT = Path(__file__).parents[3]  # the stand-ins lie beside the package, never in it


@dataclass(frozen=True)
class Part:
    name: str
    command: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()  # beyond what every part is told
    death: int = signal.SIGTERM  # what it gets when the supervisor was killed


def parts(place: Place) -> list[Part]:
    """In the order in which a reader would miss them."""
    module = (sys.executable, "-m")
    stream = (*module, "ausrufer.public.stream", "--host", place.host, "--port", str(place.port))
    found = [
        Part("stream", (*stream, "--folder", str(place.public_folder))),
        Part("web", (*module, "ausrufer.config.web")),
        Part("dispatcher", (*module, "ausrufer.config.dispatcher")),
        # Side work may be cut off and repeated; asked politely, the worker would wait for a database that is gone.
        Part("worker", (*module, "ausrufer.config.worker"), death=signal.SIGKILL),
    ]
    if place.standins:
        found.insert(1, standins(place))
    return found


def standins(place: Place) -> Part:
    """All in one process. AUSRUFER_STANDIN_DELAY=none lets them answer as fast as they can, for benches and tests."""
    played = [f"{each.key}={standin_port(each, place.port)}" for each in place.standins]
    delay = os.environ.get("AUSRUFER_STANDIN_DELAY", "real")
    command = (sys.executable, "-m", "sandbox", *played, "--state", str(place.data), "--delay", delay)
    path = os.pathsep.join(filter(None, (str(PROJECT), os.environ.get("PYTHONPATH"))))
    return Part("standins", command, (("PYTHONPATH", path),))
