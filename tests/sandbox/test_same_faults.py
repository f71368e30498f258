"""A bad day is the same on every stand-in: each knows all of them, whatever its own word is."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest

from tests.platforms.rigs.picture_server import picture_server
from tests.platforms.rigs.small import playing
from tests.sandbox.playing import playing_threads
from tests.sandbox.playing_bluesky import HANDLE, playing_bluesky
from tests.system import until

LARGE, SMALL = ("threads", "bluesky"), ("x", "telegram", "facebook", "instagram")
# What happens: the word of the large stand-ins, that of the small ones.
BEFORE = {"nothing arrives": ("timeout_before", "drop_before"), "nobody answers": ("hang", "hang")}
AFTER = {"the answer is dropped": ("timeout_after", "drop_answer"), "it is never given": ("hang_after", "hang_after")}
ANSWERED = {
    "429": ("rate_limit", "limit"),
    "broken": ("http_500", "status"),
    "gateway": ("html_502", "html_502"),
    "garbage": ("garbage", "garbage"),
    "redirect": ("redirect", "redirect"),
}


class StandIn(Protocol):
    @property
    def origin(self) -> str: ...
    def fault(self, kind: str, **more: Any) -> None: ...
    def calm(self) -> None: ...
    def timeline(self) -> list[str]: ...


@dataclass(frozen=True)
class Played:
    key: str
    standin: StandIn
    request: Callable[[str], dict[str, Any]]  # what publishes these words

    def publish(self, words: str, *, patience: float = 10.0) -> httpx.Response:
        return httpx.request("POST", timeout=patience, trust_env=False, **self.request(words))

    def will(self, words: tuple[str, str], **facts: Any) -> str:
        """Plans it for the publishing call alone; the text of a fresh post."""
        text = f"Hochwasser ({uuid.uuid4().hex[:6]})"
        path = httpx.URL(self.request(text)["url"]).path
        where = {} if self.key in LARGE else {"path": path, "method": "POST"}
        self.standin.calm()
        self.standin.fault(words[0] if self.key in LARGE else words[1], **where, **facts)
        return text

    def copies(self, text: str) -> int:
        return self.standin.timeline().count(text)


@pytest.fixture(scope="module")
def all_played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Played]]:
    folder: Path = tmp_path_factory.mktemp("same")
    with ExitStack() as stack:
        threads = stack.enter_context(playing_threads(folder))
        bluesky = stack.enter_context(playing_bluesky(folder))
        small = {key: stack.enter_context(playing(key, folder)) for key in SMALL}
        pictures = stack.enter_context(picture_server())
        makes = {
            "threads": partial(a_thread, threads.origin),
            "bluesky": partial(a_record, bluesky.origin, bluesky.log_in()),
            "x": partial(a_tweet, small["x"].origin),
            "telegram": partial(a_message, small["telegram"].origin),
            "facebook": partial(a_page_post, small["facebook"].origin),
            "instagram": partial(a_picture, small["instagram"].origin, pictures),
        }
        standins: dict[str, StandIn] = {"threads": threads, "bluesky": bluesky, **small}
        yield {key: Played(key, standins[key], make) for key, make in makes.items()}


@pytest.fixture(params=[*LARGE, *SMALL])
def played(request: pytest.FixtureRequest, all_played: dict[str, Played]) -> Iterator[Played]:
    found = all_played[request.param]
    yield found
    found.standin.calm()


def a_thread(origin: str, words: str) -> dict[str, Any]:
    said = {"access_token": "demo-token", "media_type": "TEXT", "auto_publish_text": "true", "text": words}
    return {"url": f"{origin}/v1.0/me/threads", "data": said}


def a_record(origin: str, session: dict[str, Any], words: str) -> dict[str, Any]:
    key = "3n2wt5" + "".join("234567abcdefghij"[int(digit, 16)] for digit in words[-7:-1]) + "2"
    record = {"$type": "app.bsky.feed.post", "text": words, "createdAt": "2026-11-23T12:00:00.000Z"}
    body = {"repo": HANDLE, "collection": "app.bsky.feed.post", "rkey": key, "record": record}
    access = {"Authorization": f"Bearer {session['accessJwt']}"}
    return {"url": f"{origin}/xrpc/com.atproto.repo.putRecord", "json": body, "headers": access}


def a_tweet(origin: str, words: str) -> dict[str, Any]:
    return {"url": f"{origin}/2/tweets", "json": {"text": words}, "headers": {"Authorization": "Bearer demo-token"}}


def a_message(origin: str, words: str) -> dict[str, Any]:
    return {"url": f"{origin}/bot4711:demo-token/sendMessage", "json": {"chat_id": "@stadt_trier", "text": words}}


def a_page_post(origin: str, words: str) -> dict[str, Any]:
    return {"url": f"{origin}/v25.0/me/feed", "data": {"access_token": "demo-page-token", "message": words}}


def a_picture(origin: str, pictures: str, words: str) -> dict[str, Any]:
    """With its container made before, since only the second call publishes."""
    token = {"access_token": "demo-token"}
    said = token | {"image_url": f"{pictures}/800x600.jpeg", "caption": words}
    made = httpx.post(f"{origin}/v25.0/me/media", data=said, trust_env=False)
    return {"url": f"{origin}/v25.0/me/media_publish", "data": token | {"creation_id": made.json().get("id", "")}}


@pytest.mark.parametrize("what", BEFORE)
def test_what_never_gets_there_leaves_nothing(played: Played, what: str) -> None:
    text = played.will(BEFORE[what])
    with pytest.raises(httpx.TransportError):
        played.publish(text, patience=0.5)
    assert played.copies(text) == 0


@pytest.mark.parametrize("what", AFTER)
def test_an_answer_that_does_not_come_leaves_one(played: Played, what: str) -> None:
    text = played.will(AFTER[what])
    with pytest.raises(httpx.TransportError):
        played.publish(text, patience=0.5)
    until(lambda: played.copies(text) == 1, within=3, what="the post")


def test_an_answer_that_is_cut_leaves_one_and_cannot_be_read(played: Played) -> None:
    text = played.will(("cut", "cut"))
    with pytest.raises(json.JSONDecodeError):
        played.publish(text).json()
    assert played.copies(text) == 1


@pytest.mark.parametrize("what", ANSWERED)
def test_a_bad_answer_leaves_nothing_and_comes_once(played: Played, what: str) -> None:
    text = played.will(ANSWERED[what])
    answer = played.publish(text)
    assert answer.status_code >= 300 or not answer.text.startswith("{")
    assert played.copies(text) == 0
    assert played.publish(text).is_success
    assert played.copies(text) == 1


def test_a_late_answer_is_a_good_one(played: Played) -> None:
    late = {"milliseconds": 300} if played.key in LARGE else {"seconds": 0.3}
    text = played.will(("slow", "delay"), **late)
    answer = played.publish(text)
    assert answer.is_success
    assert answer.elapsed.total_seconds() >= 0.3
    assert played.copies(text) == 1


def test_two_hundred_megabytes_are_announced(played: Played) -> None:
    text = played.will(("huge", "huge"))
    with httpx.stream("POST", timeout=10, trust_env=False, **played.request(text)) as answer:
        assert answer.headers["Content-Length"] == "200000000"


def test_a_blackout_is_dark_until_it_ends(played: Played) -> None:
    text = f"Hochwasser ({uuid.uuid4().hex[:6]})"
    ready = played.request(text)
    played.standin.fault("blackout")
    for _ in range(2):
        with pytest.raises(httpx.TransportError):
            httpx.post(timeout=5, trust_env=False, **ready)
    played.standin.calm()
    assert httpx.post(timeout=5, trust_env=False, **ready).is_success
