"""What a rig is: it starts whatever plays a platform, and makes it misbehave when a story asks for it.

`tests/platforms/rigs/<key>.py`, named after the platform's key, offers one context manager:

    @contextmanager
    def start(folder: Path) -> Iterator[Rig]: ...      # folder: empty, for files and logs

It is entered once for all stories of that platform (fixture `rig` in tests/platforms/conftest.py) and ends what it
started, by process id. `fresh()` is called before every story. A platform without a rig fails the promises by name.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Protocol

import httpx

from ausrufer.adapter.contract import Picture, Platform
from ausrufer.adapter.testing import FakeMedia


class Rig(Protocol):
    @property
    def platform(self) -> Platform:
        """Connected to the peer, with working supplies; `Supplies.media` knows every digest (see `rigs.media`)."""
        ...

    def fresh(self) -> None:
        """No faults, no quota used. The timeline may keep older posts: stories compare what was added."""
        ...

    def timeline(self) -> list[str]:
        """Texts a reader sees, oldest first: asked from the peer itself, never through the platform."""
        ...

    def lose_the_next_answer(self) -> None:
        """The next publishing call is carried out, and its answer never arrives."""
        ...

    def ask_for_patience(self, seconds: int) -> None:
        """The next publishing call is answered with 429 and `Retry-After`, once; nothing is published."""
        ...

    def kill_after_publishing(self) -> None:
        """The next publishing call is carried out, and then `send` dies with `Killed`."""
        ...

    def refuse_the_next_picture(self) -> None:
        """The next picture is refused for good. Asked only of platforms that are sent pictures by us."""
        ...


class CaptionRig(Rig, Protocol):
    """Of a platform that shows captions of the films it is sent."""

    def captions(self) -> list[str]:
        """Languages that a viewer of the newest film can choose: asked from the peer itself."""
        ...

    def refuse_the_next_captions(self) -> None: ...


class Killed(BaseException):
    """Stands for SIGKILL: no `except Exception` of a platform may catch it."""


class Mortal(httpx.BaseTransport):
    """In front of a real transport: carries a publishing request out, and dies before anybody reads the answer.

    Or the answer arrives as the next `lie` makes it. The Idempotency-Key is taken away, because several servers ignore
    it: one copy must be our own doing.
    """

    def __init__(self, inner: httpx.BaseTransport, publishes: Callable[[httpx.Request], bool]) -> None:
        self.inner = inner
        self.publishes = publishes
        self.dies = False
        self.lie: Callable[[httpx.Response], httpx.Response] | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.headers.pop("Idempotency-Key", None)
        answer = self.inner.handle_request(request)
        if self.dies and self.publishes(request):
            self.dies = False
            answer.read()
            answer.close()
            raise Killed
        if self.lie and self.publishes(request):
            answer.read()
            answer.close()
            lie, self.lie = self.lie, None
            return lie(answer)
        return answer


PICTURES = {
    name: (b"\xff\xd8\xff" + name.encode() * 40, alt)
    for name, alt in {"bruecke": "Gesperrte Brücke mit rot-weißer Schranke", "karte": "Karte der Umleitung"}.items()
}


def media() -> FakeMedia:
    """Knows the two pictures of every story; `picture(name)` names them in a draft."""
    stored = FakeMedia()
    for content, alt in PICTURES.values():
        stored.add(content, alt=alt, width=1200, height=800)
    return stored


def picture(name: str) -> Picture:
    content, alt = PICTURES[name]
    return FakeMedia().add(content, alt=alt, width=1200, height=800)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
