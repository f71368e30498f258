"""Telegram: our stand-in for the Bot API and the public page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from ausrufer.adapter.http import Http, guarded_transport
from ausrufer.adapter.supplies import Supplies
from ausrufer.platforms.telegram import Telegram
from tests.platforms.rigs import Mortal, media
from tests.platforms.rigs.small import Small, playing

TOKEN = "4711:demo-token"
CHANNEL = "@stadt_trier"


class TelegramRig:
    def __init__(self, standin: Small) -> None:
        self.standin = standin
        self.mortal = Mortal(guarded_transport([standin.origin]), publishes)
        settings = {"api": standin.origin, "web": standin.origin, "channel": CHANNEL}
        supplies = Supplies(http=Http(transport=self.mortal), media=media())
        self.platform = Telegram(supplies, settings, {"bot_token": TOKEN})

    def fresh(self) -> None:
        self.standin.calm()

    def timeline(self) -> list[str]:
        return self.standin.timeline()

    def lose_the_next_answer(self) -> None:
        self.standin.fault("drop_answer", path="/send")

    def ask_for_patience(self, seconds: int) -> None:
        self.standin.fault("limit", path="/send", seconds=seconds)

    def kill_after_publishing(self) -> None:
        """With the second over that Telegram wants between two messages: else nothing is published."""
        self.standin.calm()
        self.mortal.dies = True

    def refuse_the_next_picture(self) -> None:
        refusal = {"ok": False, "error_code": 400, "description": "Bad Request: IMAGE_PROCESS_FAILED"}
        self.standin.fault("refuse", path="/sendPhoto", status=400, body=refusal)


def publishes(request: httpx.Request) -> bool:
    return "/send" in request.url.path


@contextmanager
def start(folder: Path) -> Iterator[TelegramRig]:
    with playing("telegram", folder) as standin:
        yield TelegramRig(standin)
