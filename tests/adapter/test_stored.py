"""Uploads that are read while they are sent: what a server gets, and what it means when they do not get through."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from typing import Any

import pytest

from ausrufer.adapter.errors import Rejected, TryLater, Unclear
from ausrufer.adapter.http import Http
from ausrufer.adapter.stored import StoredFile
from ausrufer.adapter.supplies import Supplies
from ausrufer.adapter.testing import FakeMedia
from tests.adapter.local_server import LocalServer, local_server

FILM = bytes(range(256)) * 10_000  # 2.56 MB, so that a piece that is lost or comes twice is noticed
HEAD = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
Body = Callable[[Supplies, str], dict[str, Any]]


class Store(FakeMedia):
    """With one film. It may be cleared away, or grow shorter, once `lasts` pieces of it were read."""

    def __init__(self, lasts: int = 1000, becomes: bytes | None = None) -> None:
        super().__init__()
        self.film = self.add(FILM, alt="", width=1, height=1).digest
        self.lasts, self.becomes = lasts, becomes

    def read(self, digest: str, start: int = 0, length: int = -1) -> bytes:
        self.lasts -= 1
        if self.lasts < 0:
            self.files = {} if self.becomes is None else {digest: self.becomes}
        return super().read(digest, start, length)


def as_body(supplies: Supplies, film: str) -> dict[str, Any]:
    return {"content": StoredFile(supplies, film), "headers": {"Content-Type": "video/mp4"}}


def in_a_form(supplies: Supplies, film: str) -> dict[str, Any]:
    return {"files": {"file": ("film.mp4", StoredFile(supplies, film), "video/mp4")}, "data": {"alt": "Die Mosel"}}


BODIES = pytest.mark.parametrize("body", [as_body, in_a_form])


class Server:
    """Reads as much as was announced and says OK, or hangs up in the middle of a body."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.hangs_up_after: dict[int, int] = {}  # bytes of the nth body

    def talk(self, connection: socket.socket, head: bytes) -> None:
        while head:
            announced = HEAD.search(head)
            assert announced and b"transfer-encoding" not in head.lower()
            body = head.partition(b"\r\n\r\n")[2]
            most = self.hangs_up_after.get(len(self.bodies), int(announced.group(1)))
            while len(body) < most:
                body += connection.recv(min(65536, most - len(body)))
            self.bodies.append(body)
            if most < int(announced.group(1)):
                return
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
            head = connection.recv(65536)
            while head and b"\r\n\r\n" not in head:
                head += connection.recv(65536)


def http_for(server: LocalServer) -> Http:
    return Http(allowed_origins=[server.origin], deadline=5.0)


@BODIES
def test_a_film_arrives_whole_with_its_length_announced_and_is_read_in_pieces(body: Body) -> None:
    store, played = Store(), Server()
    with local_server(played.talk) as server:
        supplies = Supplies(http_for(server), media=store)
        supplies.http.act("POST", server.origin, platform="X", **body(supplies, store.film))

    assert FILM in played.bodies[0]
    assert store.most_read == 65_536


@BODIES
def test_a_film_is_sent_from_its_start_when_a_kept_connection_was_dead(body: Body) -> None:
    """The second call meets the kept connection, which breaks in the middle of the film."""
    store, played = Store(), Server()
    played.hangs_up_after[1] = 500_000
    with local_server(played.talk) as server:
        supplies = Supplies(http_for(server), media=store)
        for _ in range(2):
            supplies.http.ask("POST", server.origin, platform="X", **body(supplies, store.film))

    assert [FILM in each for each in played.bodies] == [True, False, True]


@BODIES
def test_a_film_that_broke_off_is_unclear_after_an_act_and_harmless_after_a_question(body: Body) -> None:
    store, played = Store(), Server()
    played.hangs_up_after = dict.fromkeys(range(5), 500_000)
    with local_server(played.talk) as server:
        supplies = Supplies(http_for(server), media=store)
        with pytest.raises(Unclear, match="Die Antwort von X blieb aus"):
            supplies.http.act("POST", server.origin, platform="X", **body(supplies, store.film))
        with pytest.raises(TryLater):
            supplies.http.ask("POST", server.origin, platform="X", **body(supplies, store.film))


@BODIES
@pytest.mark.parametrize("becomes", [None, b"kurz"])
def test_a_film_cleared_away_while_it_was_sent_was_never_taken(body: Body, becomes: bytes | None) -> None:
    """The server waits for what was announced: nothing came of it, so the next rendition may go, also after an act."""
    store, played = Store(lasts=9, becomes=becomes), Server()
    with local_server(played.talk) as server:
        supplies = Supplies(http_for(server), media=store)
        with pytest.raises(Rejected, match="nicht mehr gespeichert"):
            supplies.http.act("POST", server.origin, platform="X", **body(supplies, store.film))

    assert played.bodies == []


@pytest.mark.parametrize("media", [None, FakeMedia()])
def test_a_film_that_is_gone_is_refused_before_anything_is_sent(media: FakeMedia | None) -> None:
    with pytest.raises(Rejected, match="nicht mehr gespeichert"):
        StoredFile(Supplies(Http(), media=media), "ab" * 32)
