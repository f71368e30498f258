"""Mastodon: mastodon-mock behind our fault proxy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import httpx

from ausrufer.adapter.http import Http, guarded_transport
from ausrufer.adapter.supplies import Supplies
from ausrufer.platforms.mastodon import Mastodon
from tests.peers.mastodon_mock import MastodonMock, mastodon_mock
from tests.peers.processes import FaultProxy, fault_proxy
from tests.platforms.rigs import Mortal, media

STATUSES = "/api/v1/statuses"


class MastodonRig:
    def __init__(self, peer: MastodonMock, proxy: FaultProxy) -> None:
        self.peer = peer
        self.proxy = proxy
        self.mortal = Mortal(guarded_transport([proxy.origin, peer.origin]), publishes)
        supplies = Supplies(http=Http(transport=self.mortal), media=media())
        self.platform = Mastodon(supplies, {"instance": proxy.origin}, {"access_token": peer.token})

    def fresh(self) -> None:
        self.proxy.calm()

    def timeline(self) -> list[str]:
        return [unescape(re.sub(r"<[^>]+>", " ", html)) for html in self.peer.timeline()]

    def lose_the_next_answer(self) -> None:
        self.proxy.will("drop_answer", path=STATUSES)

    def ask_for_patience(self, seconds: int) -> None:
        self.proxy.will("limit", path=STATUSES, seconds=seconds)

    def kill_after_publishing(self) -> None:
        self.mortal.dies = True

    def refuse_the_next_picture(self) -> None:
        self.proxy.will("status", path="/api/v2/media", status=422)


def publishes(request: httpx.Request) -> bool:
    return request.method == "POST" and request.url.path == STATUSES


@contextmanager
def start(folder: Path) -> Iterator[MastodonRig]:
    with mastodon_mock(folder) as peer, fault_proxy(peer.origin) as proxy:
        yield MastodonRig(peer, proxy)
