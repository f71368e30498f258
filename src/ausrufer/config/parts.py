"""The processes of a running system, and how each is started."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from ausrufer.config.place import Place


@dataclass(frozen=True)
class Part:
    name: str
    command: tuple[str, ...]


def parts(place: Place, database_url: str) -> list[Part]:
    """In the order in which a reader would miss them."""
    module = (sys.executable, "-m")
    stream = (*module, "ausrufer.public.stream", "--host", place.host, "--port", str(place.port))
    folder = ("--folder", str(place.data / "public"), "--database", database_url)
    found = [
        Part("stream", (*stream, *folder)),
        Part("web", (*module, "ausrufer.config.web")),
        Part("dispatcher", (*module, "ausrufer.config.dispatcher")),
        Part("worker", (*module, "ausrufer.config.worker")),
    ]
    if place.demo:
        found.insert(1, Part("threads-standin", threads_standin(place)))
    return found


def threads_standin(place: Place) -> tuple[str, ...]:
    state = str(place.data / "threads-standin.json")
    return (sys.executable, "-m", "sandbox.threads", "--port", str(place.standin_port), "--state", state)
