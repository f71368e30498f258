"""What a platform may do to us over HTTP, and which of the four errors it becomes."""

from __future__ import annotations

import socket
import struct
import time
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime

import httpx
import pytest

from ausrufer.adapter.errors import LONGEST_WAIT, Holds, LockedOut, Rejected, TryLater, Unclear
from ausrufer.adapter.http import MAX_ANSWER, Answer, Http, retry_after
from ausrufer.kernel.clock import utc_now
from tests.adapter.local_server import LocalServer, Talk, local_server, says

NAME = "Threads"


def http_for(server: LocalServer, deadline: float = 5.0) -> Http:
    return Http(allowed_origins=[server.origin], deadline=deadline)


@pytest.fixture
def closed_origin() -> Iterator[str]:
    """A port where nobody listens, kept from others."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{reserved.getsockname()[1]}"


def answering(status: int, **answer: object) -> Http:
    response = httpx.Response(status, **answer)  # type: ignore[arg-type]  # the keywords of httpx.Response
    return Http(transport=httpx.MockTransport(lambda request: response))


def test_what_no_database_keeps_is_left_out_of_an_answer() -> None:
    answer = Answer(200, {}, b'{"name": "Stadt\\u0000 \\ud83d", "ids": ["\\udc00"]}', "X", was_act=False)
    assert answer.json() == answer.peek() == {"name": "Stadt ", "ids": [""]}


@pytest.mark.parametrize(
    "said",
    [
        "<p>The requested URL /bot4711:AAE-geheim_x/sendMessage was not found on this server.</p>",
        '{"paging": {"next": "https://graph.facebook.com/v25.0/1/feed?access_token=EAA%7Cgeheim&limit=25"}}',
        '{"paging": {"next": "https:\\/\\/graph.facebook.com\\/1\\/feed?limit=1&access_token=EAAgeheim"}}',
        '{"token_type": "bearer", "access_token": "geheim", "refresh_token":"geheim2"}',
        "client_id=4711&client_secret=geheim&grant_type=code",
        "x" * 190 + "access_token=geheim",
    ],
)
def test_an_excerpt_for_the_log_holds_no_secret_that_was_said_back_to_us(said: str) -> None:
    excerpt = Answer(404, {}, said.encode(), "Telegram", was_act=True).excerpt
    assert "geheim" not in excerpt
    assert excerpt.startswith("404 ")


def test_a_refused_connection_has_changed_nothing_even_for_an_act(closed_origin: str) -> None:
    with pytest.raises(TryLater) as trouble:
        Http(allowed_origins=[closed_origin]).act("POST", closed_origin, platform=NAME)

    assert str(trouble.value.sentence) == "Threads ist nicht erreichbar."
    assert trouble.value.holds == Holds.WRITING


def hang_up(connection: socket.socket, head: bytes) -> None:
    connection.close()


def stay_silent(connection: socket.socket, head: bytes) -> None:
    connection.recv(1)  # until the other side gives up


def promise_more_than_comes(connection: socket.socket, head: bytes) -> None:
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"id": ')


def speak_no_http(connection: socket.socket, head: bytes) -> None:
    connection.sendall(b"220 mail.example ESMTP\r\n")


@pytest.mark.parametrize("talk", [hang_up, stay_silent, promise_more_than_comes, speak_no_http])
def test_a_lost_answer_is_unclear_after_an_act_and_harmless_after_a_question(talk: Talk) -> None:
    with local_server(talk) as server:
        http = http_for(server, deadline=0.3)
        with pytest.raises(Unclear, match="Die Antwort von Threads blieb aus"):
            http.act("POST", server.origin, platform=NAME)
        with pytest.raises(TryLater):
            http.ask("GET", server.origin, platform=NAME)


def test_a_server_that_hangs_up_after_every_answer_costs_nothing() -> None:
    """snac2 does so, without a word about it: the next call meets a kept connection that is dead."""

    def talk(connection: socket.socket, head: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        connection.recv(65536)  # the next call, if it comes on this connection
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closes with a reset

    with local_server(talk) as server:
        http = http_for(server)
        for _ in range(20):
            assert http.ask("GET", server.origin, platform=NAME).json() == {}
            assert http.act("POST", server.origin, platform=NAME).json() == {}

        assert len([line for line in server.requests if line.startswith("POST")]) == 20


def test_dripping_bytes_do_not_get_around_the_deadline() -> None:
    def drip(connection: socket.socket, head: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        ends = time.monotonic() + 10
        while time.monotonic() < ends:
            connection.sendall(b"x")
            time.sleep(0.02)  # the server's pace, which is the subject

    with local_server(drip) as server:
        started = time.monotonic()
        with pytest.raises(Unclear):
            http_for(server, deadline=0.4).act("POST", server.origin, platform=NAME)

    assert time.monotonic() - started < 2


def test_two_hundred_megabytes_are_not_read() -> None:
    sent = 0

    def flood(connection: socket.socket, head: bytes) -> None:
        nonlocal sent
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 200000000\r\n\r\n")
        for _ in range(200):
            connection.sendall(b"x" * 1_000_000)
            sent += 1_000_000

    tracemalloc.start()
    try:
        with local_server(flood) as server, pytest.raises(TryLater, match="viel zu vielen Daten"):
            http_for(server).ask("GET", server.origin, platform=NAME)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < 5 * MAX_ANSWER
    assert sent < 50_000_000  # the rest waited in no buffer of ours


def test_a_redirect_into_the_own_network_is_not_followed() -> None:
    with local_server(says("200 OK")) as inside:
        with (
            local_server(says("302 Found", f"Location: {inside.origin}/secret")) as outside,
            pytest.raises(TryLater, match="leitet auf eine andere Adresse um") as trouble,
        ):
            http_for(outside).ask("GET", outside.origin, platform=NAME)

        assert inside.requests == []
        assert f"to '{inside.origin}/secret'" in trouble.value.diagnostic  # which Emil reads in the log


def test_where_a_redirect_leads_is_told_without_our_secrets() -> None:
    moved = answering(307, headers={"Location": "https://elsewhere.example/?access_token=geheim"})
    with pytest.raises(Unclear) as trouble:
        moved.act("POST", "https://x.example", platform=NAME)
    assert "elsewhere.example/?access_token=…" in trouble.value.diagnostic


def test_a_redirected_act_may_have_happened() -> None:
    with pytest.raises(Unclear):
        answering(307, headers={"Location": "https://elsewhere.example"}).act(
            "POST", "https://x.example", platform=NAME
        )


def test_an_html_page_instead_of_data_is_understood_as_trouble() -> None:
    http = answering(200, html="<h1>Wartungsarbeiten</h1>")

    with pytest.raises(Unclear, match="antwortet unverständlich"):
        http.act("POST", "https://x.example", platform=NAME).json()
    with pytest.raises(TryLater):
        http.ask("GET", "https://x.example", platform=NAME).json()


def test_what_the_platform_says_never_reaches_the_editor() -> None:
    with pytest.raises(Rejected) as trouble:
        answering(400, text="<script>alert(1)</script>").ask("GET", "https://x.example", platform=NAME)

    assert str(trouble.value.sentence) == "Threads nimmt diesen Beitrag nicht an."
    assert "script" in trouble.value.diagnostic


@pytest.mark.parametrize("status", [401, 403])
def test_lost_access_locks_us_out(status: int) -> None:
    with pytest.raises(LockedOut):
        answering(status).act("POST", "https://x.example", platform=NAME)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_broken_platform_may_have_published(status: int) -> None:
    with pytest.raises(Unclear):
        answering(status).act("POST", "https://x.example", platform=NAME)
    with pytest.raises(TryLater):
        answering(status).ask("POST", "https://x.example", platform=NAME)


@pytest.mark.parametrize(
    ("header", "least", "most"), [("600", 600, 600), ("", 60, 60), ("bald", 60, 60), ("9" * 400, 86_400, 86_400)]
)
def test_retry_after_is_obeyed_in_seconds(header: str, least: float, most: float) -> None:
    with pytest.raises(TryLater, match="bittet um Geduld") as trouble:
        answering(429, headers={"Retry-After": header}).act("POST", "https://x.example", platform=NAME)

    assert least <= trouble.value.seconds <= most
    assert trouble.value.holds == Holds.WRITING


def test_retry_after_of_a_strange_number_is_none() -> None:
    assert retry_after({"retry-after": "\u00b2"}) is None


def test_retry_after_a_thousand_years_is_asked_again_tomorrow() -> None:
    with pytest.raises(TryLater) as trouble:
        answering(429, headers={"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"}).ask(
            "GET", "https://x.example", platform=NAME
        )

    assert trouble.value.seconds == LONGEST_WAIT


def test_retry_after_is_obeyed_as_a_date() -> None:
    in_ten_minutes = format_datetime(utc_now() + timedelta(seconds=600), usegmt=True)

    with pytest.raises(TryLater) as trouble:
        answering(429, headers={"Retry-After": in_ten_minutes}).act("POST", "https://x.example", platform=NAME)

    assert 595 <= trouble.value.seconds <= 600


@pytest.mark.parametrize("address", ["", "kein-schema", "ftp://x.example", "http://", "http://[::1", "https://a..b/"])
def test_an_address_that_is_none_is_said_in_plain_words(address: str) -> None:
    """A person has to enter another one; waiting would not help."""
    with pytest.raises(LockedOut, match="keine gültige Web-Adresse"):
        Http().ask("GET", address, platform=NAME)


def test_a_token_with_characters_no_token_has_is_said_in_plain_words() -> None:
    with pytest.raises(LockedOut, match="Zeichen, die es dort nicht gibt"):
        Http().ask("GET", "https://x.example", platform=NAME, headers={"Authorization": "Bearer Käse"})
