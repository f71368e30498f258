"""One played Threads and one played X for all stories, empty and calm before each; and a web server it fetches from."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.sandbox.playing import StandIn, playing_threads
from tests.sandbox.playing_x import PlayedX, playing_x


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    with playing_threads(tmp_path_factory.mktemp("threads")) as standin:
        yield standin


@pytest.fixture
def standin(played: StandIn) -> StandIn:
    played.calm(posts=True)
    return played


@pytest.fixture(scope="session")
def played_x(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlayedX]:
    with playing_x(tmp_path_factory.mktemp("x")) as found:
        yield found


@pytest.fixture
def x(played_x: PlayedX) -> PlayedX:
    played_x.fresh()
    return played_x


@pytest.fixture
def slow_standin(tmp_path: Path) -> Iterator[StandIn]:
    """With the waiting times of the real one."""
    with playing_threads(tmp_path, "--seed", "3") as standin:
        yield standin


class Town:
    """The town's web server: what lies at a path, and of which type."""

    def __init__(self) -> None:
        self.files: dict[str, tuple[int, str, bytes, int]] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.origin = f"http://127.0.0.1:{self.server.server_port}"

    def put(
        self, path: str, content: bytes, kind: str = "image/jpeg", status: int = 200, *, length: int | None = None
    ) -> str:
        """`length`: what it says it has, when that is not so."""
        self.files[path] = status, kind, content, len(content) if length is None else length
        return self.origin + path

    def handler(self) -> type[BaseHTTPRequestHandler]:
        files = self.files

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, kind, content, length = files.get(self.path, (404, "text/html", b"nicht da", 8))
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(length))
                self.end_headers()
                with suppress(ConnectionError):  # who has read enough of it leaves
                    self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:
                """Nobody reads it."""

        return Handler


@pytest.fixture
def town() -> Iterator[Town]:
    town = Town()
    threading.Thread(target=town.server.serve_forever, args=(0.02,), daemon=True).start()
    yield town
    town.server.shutdown()
    town.server.server_close()
