"""X: our stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from ausrufer.adapter.errors import TryLater
from ausrufer.adapter.http import Http, guarded_transport
from ausrufer.adapter.supplies import Supplies
from ausrufer.platforms.x import X
from tests.platforms.rigs import Mortal, media
from tests.platforms.rigs.small import Small, playing

TOKEN = "demo-token"
PREPAID = 100_000.0  # US cents


class Purse:
    """A ledger that remembers, and is empty when a story says so."""

    def __init__(self, *, is_empty: bool = False) -> None:
        self.counted: dict[str, tuple[str, float]] = {}  # each key once: what it was for, US cents
        self.always: set[str] = set()
        self.is_empty = is_empty

    def spend(self, channel: str, cents: float, what: str, *, key: str, urgent: bool, always: bool = False) -> None:
        if self.is_empty and not always:
            raise TryLater("Das Budget reicht nicht mehr.", seconds=3600)
        self.counted.setdefault(key, (what, cents))
        self.always |= {what} if always else set()

    def give_back(self, *, key: str) -> None:
        self.counted.pop(key, None)

    @property
    def spent(self) -> dict[str, float]:
        """US cents by what they were for."""
        found: dict[str, float] = {}
        for what, cents in self.counted.values():
            found[what] = round(found.get(what, 0.0) + cents, 3)
        return found


class XRig:
    def __init__(self, standin: Small) -> None:
        self.standin = standin
        self.mortal = Mortal(guarded_transport([standin.origin]), publishes)
        settings = {"api": standin.origin, "user_id": "4711", "handle": "@stadt_trier"}
        self.purse = Purse()
        supplies = Supplies(http=Http(transport=self.mortal), media=media(), ledger=self.purse)
        self.platform = X(supplies, settings, {"access_token": TOKEN}, channel="x")

    def fresh(self) -> None:
        self.standin.calm()
        self.buy(PREPAID)

    def buy(self, cents: float) -> None:
        """The credit is that many cents now."""
        self.standin.client.post("/console", json={"cents": cents}).raise_for_status()

    def credit(self) -> float:
        return float(self.standin.client.get("/console").json()["cents"])

    def pass_time(self, seconds: float) -> None:
        self.standin.client.post("/_sim/clock", json={"seconds": seconds}).raise_for_status()

    def timeline(self) -> list[str]:
        return self.standin.timeline()

    def lose_the_next_answer(self) -> None:
        self.standin.fault("drop_answer", path="/2/tweets")

    def ask_for_patience(self, seconds: int) -> None:
        self.standin.fault("limit", path="/2/tweets", seconds=seconds)

    def kill_after_publishing(self) -> None:
        self.mortal.dies = True

    def refuse_the_next_picture(self) -> None:
        self.standin.fault("refuse", path="/2/media/upload", status=400, body={"title": "Invalid Request"})

    def captions(self) -> list[str]:
        return [each.lower() for each in self.standin.posts()[-1]["captions"]]

    def refuse_the_next_captions(self) -> None:
        self.standin.fault("refuse", path="/2/media/subtitles", status=403, body={"title": "Forbidden"})


def publishes(request: httpx.Request) -> bool:
    return request.method == "POST" and request.url.path == "/2/tweets"


@contextmanager
def start(folder: Path) -> Iterator[XRig]:
    with playing("x", folder) as standin:
        yield XRig(standin)
