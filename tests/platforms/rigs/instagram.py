"""Instagram: our stand-in, and a web server from which it fetches pictures as Meta does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from ausrufer.adapter.http import Http, guarded_transport
from ausrufer.adapter.supplies import Supplies
from ausrufer.platforms.instagram import Instagram
from tests.platforms.rigs import Mortal, media
from tests.platforms.rigs.picture_server import picture_server
from tests.platforms.rigs.small import Small, playing

TOKEN = "demo-token"
NOT_FETCHED = {"error": {"message": "could not be fetched", "code": 9004, "error_subcode": 2207052}}


class InstagramRig:
    def __init__(self, standin: Small, pictures: str) -> None:
        self.standin = standin
        self.mortal = Mortal(guarded_transport([standin.origin]), publishes)
        stored = media()
        stored.base = pictures
        settings = {"api": standin.origin, "app_id": "4711", "handle": "stadt_trier"}
        supplies = Supplies(http=Http(transport=self.mortal), media=stored)
        self.platform = Instagram(supplies, settings, {"access_token": TOKEN, "app_secret": "geheim"})

    def fresh(self) -> None:
        self.standin.calm()

    def timeline(self) -> list[str]:
        return self.standin.timeline()

    def lose_the_next_answer(self) -> None:
        self.standin.fault("drop_answer", path="/media_publish")

    def ask_for_patience(self, seconds: int) -> None:
        self.standin.fault("limit", path="/media_publish", seconds=seconds)

    def kill_after_publishing(self) -> None:
        self.mortal.dies = True

    def refuse_the_next_picture(self) -> None:
        self.standin.fault("refuse", path="/me/media", method="POST", status=400, body=NOT_FETCHED)


def publishes(request: httpx.Request) -> bool:
    return request.url.path.endswith("/media_publish")


@contextmanager
def start(folder: Path) -> Iterator[InstagramRig]:
    with picture_server() as pictures, playing("instagram", folder) as standin:
        yield InstagramRig(standin, pictures)
