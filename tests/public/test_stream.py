"""The stream as a running process: readers over real sockets, a database that goes and comes back."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from ausrufer.deliveries.orders import placement_of
from ausrufer.kernel.heartbeat import alive
from ausrufer.public.pages import PublicPages
from ausrufer.public.stream.connection import MAX_HEAD
from ausrufer.public.stream.visitors import MOST
from tests.public.conftest import OwnPages, Stream, published
from tests.system import until

pytestmark = pytest.mark.django_db(transaction=True)


class Reader:
    """Dora's browser with the page open."""

    def __init__(self, port: int, path: str = "/stream", **headers: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n{lines}\r\n".encode())
        self.got = ""
        self.read_until("retry: ")

    def read_until(self, words: str) -> str:
        """All that came so far, once the words are among it."""
        while words not in self.got:
            data = self.socket.recv(65_536)
            assert data, f"the stream ended before {words!r}: {self.got}"
            self.got += data.decode()
        return self.got

    def has_ended(self) -> bool:
        self.socket.settimeout(5)
        while data := self.socket.recv(65_536):
            self.got += data.decode()
        return True


@pytest.fixture
def reading(stream: Stream) -> Iterator[Callable[..., Reader]]:
    opened: list[Reader] = []

    def read(path: str = "/stream", **headers: str) -> Reader:
        opened.append(Reader(stream.port, path, **headers))
        return opened[-1]

    until(lambda: alive("stream"), what="the stream's first sign of life")
    yield read
    for reader in opened:
        reader.socket.close()


Reading = Callable[..., Reader]


def answer(port: int, request: bytes) -> bytes:
    """Everything until the other side hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(request)
        got = b""
        while data := line.recv(65_536):
            got += data
    return got


def test_a_new_post_arrives_finished_within_a_moment(reading: Reading) -> None:
    dora = reading()
    began = time.monotonic()
    post = published("Die Saarstraße ist gesperrt. Gut.").release.post
    got = dora.read_until("</article>")
    assert "event: post" in got and f'id="b-{post.address}"' in got and "Die Saarstraße ist gesperrt." in got
    assert time.monotonic() - began < 5


def test_whoever_was_away_gets_what_was_missed_once(reading: Reading) -> None:
    first = reading()
    published("Eins. Gut.")
    number = first.read_until("</article>").split("id: ")[-1].split("\n")[0]
    published("Zwei. Gut.")
    back = reading(Last_Event_ID=number)
    assert back.read_until("</article>").count("<article") == 1
    assert "Zwei." in back.got


def test_the_page_says_what_it_shows_and_gets_what_came_after(reading: Reading) -> None:
    one = published("Eins. Gut.").release.post.address
    published("Zwei. Gut.")
    late = reading(f"/stream?after={one}&topic=roadworks")
    assert "Zwei." in late.read_until("</article>")
    assert "Eins." not in late.got


def test_what_is_taken_down_is_told(reading: Reading) -> None:
    delivery = published("Doch nicht. Schade.")
    address = delivery.release.post.address
    dora = reading(f"/stream?after={address}")
    PublicPages().remove(placement_of(delivery))
    dora.read_until(f"event: gone\ndata: {address}\n")


def test_without_a_database_the_pages_stay_and_then_the_stream_catches_up(stream: Stream, reading: Reading) -> None:
    dora = reading()
    stream.cable.cut()
    published("Während der Störung. Gut.")  # the town hall's own line to the database holds
    assert "Während der Störung." in httpx.get(stream.address).text
    stream.cable.mend()
    assert "Während der Störung." in dora.read_until("</article>")


def test_a_hub_that_starts_while_the_database_is_away_serves_pages_and_catches_up(stream: Stream) -> None:
    published("Eins. Gut.")
    stream.kill()
    stream.cable.cut()
    published("Zwei. Gut.")
    stream.start()
    assert "Zwei." in httpx.get(stream.address).text
    dora = Reader(stream.port, Last_Event_ID="0")
    stream.cable.mend()
    got = dora.read_until("Zwei.")
    assert got.count("Eins.") == 1
    dora.socket.close()


def test_every_part_shows_that_it_lives(reading: Reading) -> None:
    reading()
    assert alive("stream")


def test_it_ends_at_once_when_asked(stream: Stream) -> None:
    stream.process.send_signal(signal.SIGTERM)
    assert stream.process.wait(5) == 0


def test_it_does_not_outlive_the_process_that_started_it(stream: Stream) -> None:
    stream.kill()
    code = f"import subprocess, signal; subprocess.Popen({stream.command!r}); signal.pause()"
    parent = subprocess.Popen([sys.executable, "-c", code])
    until(stream.is_there, what="the stream")
    parent.kill()
    parent.wait(5)
    until(lambda: not stream.is_there(), within=5, what="its end")


def test_kept_connections_serve_one_request_after_the_other(stream: Stream) -> None:
    request = b"GET /impressum HTTP/1.1\r\nHost: x\r\n\r\n"
    got = answer(
        stream.port, request + b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n" + request[:-2] + b"Connection: close\r\n\r\n"
    )
    assert got.count(b"HTTP/1.1 200 OK") == 3
    assert got.count(b"<h1>Impressum</h1>") == 2


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", b"405"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * MAX_HEAD + b"\r\n\r\n", b"431"),
        (b"kein http\r\n\r\n", b"400"),
        (b"GET /b/gibtsnicht HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"404"),
        (b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"404"),
        (b"GET http://stadt.example/etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"404"),
    ],
)
def test_odd_requests_get_a_short_answer(stream: Stream, request_: bytes, status: bytes) -> None:
    assert answer(stream.port, request_).split(b" ", 2)[1] == status
    assert stream.is_there()


def test_what_follows_a_stream_request_on_the_same_line_is_not_answered(stream: Stream) -> None:
    line = socket.create_connection(("127.0.0.1", stream.port), timeout=10)
    line.sendall(b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n")
    line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    got = line.recv(65_536)
    line.close()
    assert got.count(b"HTTP/1.1") == 1
    assert stream.is_there()


def test_a_wish_for_another_protocol_is_overheard(stream: Stream) -> None:
    """As curl --http2 asks: once answered in ours, nothing comes after it."""
    wish = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n"
    got = answer(stream.port, b"GET /impressum HTTP/1.1\r\nHost: x\r\n" + wish)
    assert got.count(b"HTTP/1.1 200 OK") == got.count(b"HTTP/1.1") == 1


def test_the_head_of_the_stream_is_only_a_head(stream: Stream) -> None:
    got = answer(stream.port, b"HEAD /stream HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"text/event-stream" in got
    assert got.endswith(b"\r\n\r\n")


def test_a_number_too_large_for_an_event_is_none(reading: Reading) -> None:
    assert "retry: " in reading(Last_Event_ID="9" * 5000).got


def test_whoever_asks_for_more_without_reading_is_dropped(stream: Stream, pages: OwnPages) -> None:
    name = f"{'0' * 64}.jpg"
    (pages.folder / "media").mkdir(exist_ok=True)
    (pages.folder / "media" / name).write_bytes(bytes(1_000_000))
    until(stream.is_there, what="the stream")
    line = socket.create_connection(("127.0.0.1", stream.port), timeout=10)
    line.sendall(f"GET /media/{name} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * 200)
    got = 0
    with contextlib.suppress(ConnectionResetError):
        while data := line.recv(1_000_000):
            got += len(data)
    line.close()
    assert got < 20_000_000
    assert stream.is_there()


def test_quiet_it_needs_little(stream: Stream) -> None:
    until(lambda: alive("stream"), what="the stream's first sign of life")
    rollup = Path(f"/proc/{stream.process.pid}/smaps_rollup").read_text()
    pss = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    assert pss < 40_000  # KiB
    before = cpu(stream.process.pid)
    end = time.monotonic() + 3
    until(lambda: time.monotonic() > end, what="three seconds", every=0.2)
    assert cpu(stream.process.pid) - before < 0.1


def cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_one_address_cannot_take_all_places(stream: Stream, reading: Reading) -> None:
    """Behind a proxy on this machine; another address, and a place that is left, are free."""
    opened = [reading(X_Forwarded_For="198.51.100.7") for _ in range(MOST)]
    begin = b"GET /stream HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 198.51.100.7\r\n\r\n"
    refused = answer(stream.port, begin).decode()
    assert refused.startswith("HTTP/1.1 429 Too Many Requests\r\n")
    assert "Retry-After: 60" in refused
    assert refused.endswith("Von dieser Adresse sind schon sehr viele Seiten offen. Neue Beiträge zeigt „Neu laden“.\n")
    reading(X_Forwarded_For="192.0.2.1")
    opened[0].socket.close()
    until(lambda: answers_again(stream.port), what="the place that was left")


def answers_again(port: int) -> bool:
    request = b"HEAD /stream HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 198.51.100.7\r\n\r\n"
    return answer(port, request).startswith(b"HTTP/1.1 200 ")
