"""All stand-ins in one process, as the demo runs them: what was seen there outlives even a kill."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.platforms.rigs.picture_server import picture_server
from tests.sandbox.playing_bluesky import HANDLE, PASSWORD
from tests.system import PROJECT, free_ports, held, until

KEYS = ("threads", "bluesky", "x", "telegram", "facebook", "instagram")
RIVER = "Hochwasser an der Mosel"
BEARER = {"Authorization": "Bearer demo-token"}
SRT = b"1\n00:00:00,000 --> 00:00:01,000\nGesperrt.\n"
BOT = "/bot4711:demo-token"


@pytest.fixture
def ports() -> dict[str, int]:
    return dict(zip(KEYS, range(first := free_ports(), first + len(KEYS)), strict=True))


@contextmanager
def all_playing(ports: dict[str, int], folder: Path) -> Iterator[dict[str, httpx.Client]]:
    """Ended by a kill."""
    words = [*(f"{key}={port}" for key, port in ports.items()), "--delay", "none", "--state", str(folder)]
    process = subprocess.Popen([sys.executable, "-m", "sandbox", *words], cwd=PROJECT)
    clients = {
        key: httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, follow_redirects=True)
        for key, port in ports.items()
    }
    try:
        until(lambda: all(map(answers, clients.values())), what="all stand-ins")
        yield clients
    finally:
        for each in clients.values():
            each.close()
        process.kill()
        process.wait(10)


def answers(client: httpx.Client) -> bool:
    try:
        return client.get("/_sim/state").is_success
    except httpx.HTTPError:
        return False


def post_everywhere(at: dict[str, httpx.Client], number: str) -> list[httpx.Response]:
    """`number`: Bluesky is told which post it is, and X takes no words twice."""
    token, words, rkey = {"access_token": "demo-token"}, f"{RIVER} ({number})", f"3lbtcvz2cqs2{number}"
    text = {"media_type": "TEXT", "auto_publish_text": "true", "text": words}
    session = at["bluesky"].post(
        "/xrpc/com.atproto.server.createSession", json={"identifier": HANDLE, "password": PASSWORD}
    )
    record = {"$type": "app.bsky.feed.post", "text": words, "createdAt": "2026-11-30T07:00:00Z"}
    wanted = {"repo": HANDLE, "collection": "app.bsky.feed.post", "rkey": rkey, "record": record}
    access = {"Authorization": f"Bearer {session.json()['accessJwt']}"}
    return [
        at["threads"].post("/v1.0/me/threads", params=token | text),
        at["bluesky"].post("/xrpc/com.atproto.repo.createRecord", json=wanted, headers=access),
        at["x"].post("/2/tweets", json={"text": words}, headers=BEARER),
        at["telegram"].post(f"{BOT}/sendMessage", json={"chat_id": "@stadt_trier", "text": words}),
        at["facebook"].post("/v25.0/me/feed", data={"access_token": "demo-page-token", "message": words}),
    ]


def shown(at: dict[str, httpx.Client]) -> dict[str, int]:
    """How often Dora reads it, on the page of each."""
    pages = dict.fromkeys(KEYS, "/") | {"threads": "/@stadt_trier"}
    return {key: at[key].get(path).text.count(RIVER) for key, path in pages.items()}


def test_what_was_posted_is_still_there_after_a_kill(ports: dict[str, int], tmp_path: Path) -> None:
    with all_playing(ports, tmp_path) as at:
        assert [each.text for each in post_everywhere(at, "a") if not each.is_success] == []
        once = dict.fromkeys(KEYS, 1) | {"instagram": 0}  # which takes no text without a picture
        assert shown(at) == once
        slowest = tmp_path / "bluesky-standin.json"
        until(lambda: slowest.exists() and RIVER in slowest.read_text(), what="the post in the file")
        before = {key: each.get("/_sim/state").json()["posts"] for key, each in at.items()}
    with all_playing(ports, tmp_path) as at:
        assert {key: each.get("/_sim/state").json()["posts"] for key, each in at.items()} == before
        assert shown(at) == once
        post_everywhere(at, "b")
        assert shown(at) == {key: 2 * times for key, times in once.items()}  # nothing took the place of another


def test_access_that_was_given_works_after_a_kill(ports: dict[str, int], tmp_path: Path) -> None:
    asked = {"grant_type": "ig_refresh_token", "access_token": "demo-token"}
    with all_playing(ports, tmp_path) as at:
        renewed = at["instagram"].get("/refresh_access_token", params=asked).json()["access_token"]
        at["x"].post("/2/tweets", json={"text": RIVER}, headers=BEARER)
    with all_playing(ports, tmp_path) as at:
        assert at["instagram"].get("/v25.0/me", params={"access_token": renewed}).is_success


def test_captions_of_a_film_are_still_there_after_a_kill(ports: dict[str, int], tmp_path: Path) -> None:
    token, file = {"access_token": "demo-page-token"}, ("film.de_DE.srt", SRT, "application/octet-stream")
    with picture_server() as address, all_playing(ports, tmp_path) as at:
        film = {**token, "description": RIVER, "file_url": f"{address}/film.mp4"}
        made = at["facebook"].post("/v25.0/me/videos", data=film).json()["id"]
        said = at["facebook"].post(f"/v25.0/{made}/captions", data=token, files={"captions_file": file})
        assert said.is_success, said.text
    with all_playing(ports, tmp_path) as at:
        assert "Untertitel: de_DE" in at["facebook"].get("/").text
        assert at["facebook"].get("/_sim/state").json()["posts"][0]["captions"] == ["de_DE"]


def test_a_taken_port_is_told_in_one_line_and_nobody_begins(ports: dict[str, int], tmp_path: Path) -> None:
    words = [*(f"{key}={port}" for key, port in ports.items()), "--state", str(tmp_path)]
    with held(ports["telegram"]):
        done = subprocess.run(
            [sys.executable, "-m", "sandbox", *words],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith("Die nachgestellten Plattformen können nicht starten")
    assert str(ports["telegram"]) in done.stderr and done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
