"""Facebook: our stand-in for the Graph API of a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from ausrufer.adapter.http import Http, guarded_transport
from ausrufer.adapter.supplies import Supplies
from ausrufer.platforms.facebook import Facebook
from tests.platforms.rigs import Mortal, media
from tests.platforms.rigs.picture_server import picture_server
from tests.platforms.rigs.small import Small, playing

PAGE, TOKEN = "100200300", "demo-page-token"
BAD_CAPTIONS = {"error": {"message": "The captions file is in a format that we don't support.", "code": 385}}
BAD_PICTURE = {"error": {"message": "Invalid parameter", "code": 100, "error_subcode": 1366046}}


class FacebookRig:
    def __init__(self, standin: Small, films: str) -> None:
        self.standin = standin
        self.mortal = Mortal(guarded_transport([standin.origin]), publishes)
        settings = {"api": standin.origin, "web": standin.origin, "page": PAGE, "app_id": "4711"}
        stored = media()
        stored.base = films
        supplies = Supplies(http=Http(transport=self.mortal), media=stored)
        self.platform = Facebook(supplies, settings, {"access_token": TOKEN, "app_secret": "geheim"})

    def fresh(self) -> None:
        self.standin.calm()

    def timeline(self) -> list[str]:
        return self.standin.timeline()

    def lose_the_next_answer(self) -> None:
        self.standin.fault("drop_answer", path="/feed", method="POST")

    def ask_for_patience(self, seconds: int) -> None:
        self.standin.fault("limit", path="/feed", method="POST", seconds=seconds)

    def kill_after_publishing(self) -> None:
        self.mortal.dies = True

    def refuse_the_next_picture(self) -> None:
        self.standin.fault("refuse", path="/photos", status=400, body=BAD_PICTURE)

    def captions(self) -> list[str]:
        return [each[:2] for each in self.standin.posts()[-1]["captions"]]

    def refuse_the_next_captions(self) -> None:
        self.standin.fault("refuse", path="/captions", status=400, body=BAD_CAPTIONS)


def publishes(request: httpx.Request) -> bool:
    return request.method == "POST" and request.url.path.endswith(("/feed", "/videos"))


@contextmanager
def start(folder: Path) -> Iterator[FacebookRig]:
    with picture_server() as films, playing("facebook", folder) as standin:
        yield FacebookRig(standin, films)
