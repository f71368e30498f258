"""Bluesky: our stand-in, which is server, reading service and video service in one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from ausrufer.adapter.http import Http, guarded_transport
from ausrufer.adapter.supplies import Supplies
from ausrufer.platforms.bluesky import Bluesky
from tests.platforms.rigs import Mortal, media
from tests.sandbox.playing_bluesky import HANDLE, PASSWORD, StandIn, playing_bluesky


class BlueskyRig:
    def __init__(self, standin: StandIn) -> None:
        self.standin = standin
        self.mortal = Mortal(guarded_transport([standin.origin]), publishes)
        supplies = Supplies(http=Http(transport=self.mortal), media=media())
        settings = dict.fromkeys(("service", "appview", "video", "web"), standin.origin) | {"handle": HANDLE}
        self.platform = Bluesky(supplies, settings, {"app_password": PASSWORD})

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
        self.standin.fault("blob_refused", match="upload")

    def captions(self) -> list[str]:
        return [str(each["lang"]) for each in self.standin.posts()[-1]["embed"].get("captions", [])]

    def refuse_the_next_captions(self) -> None:
        self.standin.fault("blob_refused", match="upload")


def publishes(request: httpx.Request) -> bool:
    return request.url.path == "/xrpc/com.atproto.repo.putRecord"


@contextmanager
def start(folder: Path) -> Iterator[BlueskyRig]:
    with playing_bluesky(folder) as standin:
        yield BlueskyRig(standin)
