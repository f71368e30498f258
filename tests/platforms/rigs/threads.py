"""Threads: our stand-in, and a web server from which it fetches pictures as Meta does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from ausrufer.adapter.http import Http, guarded_transport
from ausrufer.adapter.supplies import Supplies
from ausrufer.platforms.threads import Threads
from tests.platforms.rigs import Mortal, media
from tests.platforms.rigs.picture_server import picture_server
from tests.sandbox.playing import TOKEN, StandIn, playing_threads


class ThreadsRig:
    def __init__(self, standin: StandIn, pictures: str) -> None:
        self.standin = standin
        self.mortal = Mortal(guarded_transport([standin.origin]), publishes)
        stored = media()
        stored.base = pictures
        supplies = Supplies(http=Http(transport=self.mortal), media=stored)
        self.platform = Threads(supplies, {"api": standin.origin}, {"access_token": TOKEN})

    def fresh(self) -> None:
        self.standin.calm()

    def timeline(self) -> list[str]:
        return self.standin.timeline()

    def lose_the_next_answer(self) -> None:
        self.standin.fault("timeout_after")

    def ask_for_patience(self, seconds: int) -> None:
        self.standin.fault("rate_limit", seconds=seconds)

    def kill_after_publishing(self) -> None:
        self.mortal.dies = True

    def refuse_the_next_picture(self) -> None:
        self.standin.fault("not_fetched", match="create")


def publishes(request: httpx.Request) -> bool:
    if request.method != "POST":
        return False
    return request.url.path.endswith("/threads_publish") or b"auto_publish_text=true" in request.read()


@contextmanager
def start(folder: Path) -> Iterator[ThreadsRig]:
    with picture_server() as pictures, playing_threads(folder) as standin:
        yield ThreadsRig(standin, pictures)
