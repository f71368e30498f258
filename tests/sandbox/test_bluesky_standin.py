"""The stand-in behaves as the sheet says Bluesky does: keys, lengths, bytes, blobs, sessions, points."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.sandbox.playing_bluesky import HANDLE, PASSWORD, StandIn, playing_bluesky

POST = "app.bsky.feed.post"
KEY = "3n2wt5ad22222"
RIVER = "Die Mosel steigt: Uferstraße ab 18 Uhr gesperrt."


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    with playing_bluesky(tmp_path_factory.mktemp("bluesky")) as standin:
        yield standin


@pytest.fixture
def standin(played: StandIn) -> StandIn:
    played.calm(posts=True)
    return played


def put(standin: StandIn, text: str = RIVER, *, key: str = KEY, token: str = "", **more: Any) -> httpx.Response:
    """With a login of its own; `swap` names the record that must be there."""
    body: dict[str, Any] = {"repo": HANDLE, "collection": POST, "rkey": key}
    if "swap" in more:
        body["swapRecord"] = more.pop("swap")
    record = {"$type": POST, "text": text, "createdAt": "2026-11-23T12:00:00.000Z"} | more
    token = token or standin.log_in()["accessJwt"]
    return standin.call("POST", "com.atproto.repo.putRecord", token=token, json=body | {"record": record})


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


def facet(start: int, stop: int, **feature: str) -> dict[str, Any]:
    kind = "link" if "uri" in feature else "tag"
    feature = {"$type": f"app.bsky.richtext.facet#{kind}", **feature}
    return {"index": {"byteStart": start, "byteEnd": stop}, "features": [feature]}


def test_a_post_is_online_and_dora_can_read_it(standin: StandIn) -> None:
    answer = put(standin, RIVER, langs=["de"]).json()

    assert answer["uri"].endswith(f"/{POST}/{KEY}")
    assert RIVER in standin.page()
    assert RIVER in standin.page(f"/profile/{HANDLE}/post/{KEY}")
    assert "Nachgestelltes Bluesky für die Demo" in standin.page()


def test_the_same_record_again_is_no_second_post_and_another_may_be_forbidden(standin: StandIn) -> None:
    first = put(standin, swap=None).json()

    assert put(standin, swap=None).json() == first
    assert refusal(put(standin, "Anders.", swap=None)) == (400, "InvalidSwap")
    assert standin.timeline() == [RIVER]


@pytest.mark.parametrize("key", ["1", "abc", "3n2wt5ad2222", "3N2WT5AD22222", "zn2wt5ad22222", "3n2wt5ad22221"])
def test_only_timestamp_identifiers_are_keys(standin: StandIn, key: str) -> None:
    assert refusal(put(standin, key=key)) == (400, "InvalidRequest")


@pytest.mark.parametrize(
    ("text", "taken"), [("ä" * 300, 200), ("ä" * 301, 400), ("👨‍👩‍👧‍👦" * 120, 200), ("👨‍👩‍👧‍👦" * 121, 400)]
)
def test_300_graphemes_and_3000_bytes_are_the_limit(standin: StandIn, text: str, taken: int) -> None:
    assert put(standin, text).status_code == taken


@pytest.mark.parametrize(
    "facets",
    [
        [facet(0, 1, tag="G")] * 2,  # overlapping
        [facet(0, 3, uri="https://x.example")],  # ends inside the ö of "Grö"
        [facet(5, 99, tag="x")],  # behind the end
        [facet(0, 0, tag="x")],
        [facet(0, 1, tag="#x")],
        [facet(0, 1, tag="x" * 65)],
        [facet(0, 1, uri="trier.de")],
    ],
)
def test_facets_are_bytes_at_the_edges_of_characters(standin: StandIn, facets: list[dict[str, Any]]) -> None:
    assert refusal(put(standin, "Größe", facets=facets)) == (400, "InvalidRequest")
    assert put(standin, "Größe", facets=[facet(0, 4, uri="https://x.example")]).status_code == 200


LABELS = "com.atproto.label.defs#selfLabels"
IMAGE = {"image": {}, "alt": "Pegel", "aspectRatio": {"width": 3, "height": 2}}


@pytest.mark.parametrize(
    "more",
    [
        {"createdAt": "gestern"},
        {"createdAt": "2026-11-23T12:00:00+01:00"},  # a real moment, yet not with a Z
        {"createdAt": "2026-11-31T12:00:00Z"},
        {"langs": ["de", "en", "fr", "lb"]},
        {"langs": ["Deutsch!"]},
        {"tags": ["Hochwasser"] * 9},
        {"tags": ["x" * 65]},
        {"labels": {"$type": LABELS, "values": [{"val": "bot"}] * 11}},
        {"labels": {"values": [{"val": "bot"}]}},
        {"colour": "red"},
        {"embed": {"$type": "app.bsky.embed.images", "images": [IMAGE] * 5}},
        {"embed": {"$type": "app.bsky.embed.images", "images": [{**IMAGE, "alt": None}]}},
        {"embed": {"$type": "app.bsky.embed.external", "external": {"uri": "https://trier.de", "title": "Trier"}}},
        {"embed": {"$type": "app.bsky.embed.video", "video": {}, "captions": [{"lang": "de", "file": {}}] * 21}},
    ],
)
def test_a_record_must_be_as_the_lexicon_says(standin: StandIn, more: dict[str, Any]) -> None:
    assert refusal(put(standin, **more)) == (400, "InvalidRequest")
    assert standin.timeline() == []


def test_a_gate_has_the_key_of_its_post_and_five_rules(standin: StandIn) -> None:
    session, gate = standin.log_in(), "app.bsky.feed.threadgate"

    def gated(key: str, rules: int, rule: str = "mentionRule") -> int:
        allow = [{"$type": f"{gate}#{rule}"}] * rules
        record = {"$type": gate, "post": f"at://{session['did']}/{POST}/{KEY}", "allow": allow}
        body = {"repo": HANDLE, "collection": gate, "rkey": key, "record": record}
        return standin.call("POST", "com.atproto.repo.putRecord", token=session["accessJwt"], json=body).status_code

    assert (gated(KEY, 5), gated("3n2wt5ad2222b", 5), gated(KEY, 6)) == (200, 400, 400)
    assert (gated(KEY, 1, "followingRule"), gated(KEY, 1, "friendRule")) == (200, 400)


def test_what_hangs_on_a_post_has_its_size_and_its_kind(standin: StandIn) -> None:
    token = standin.log_in()["accessJwt"]

    def blob(content: bytes, mime: str) -> dict[str, Any]:
        headers = {"Content-Type": mime}
        upload = standin.call("POST", "com.atproto.repo.uploadBlob", token=token, content=content, headers=headers)
        found: dict[str, Any] = upload.json()["blob"]
        return found

    card = {"uri": "https://trier.de", "title": "Trier", "description": ""}
    film, words = blob(b"film", "video/mp4"), blob(b"WEBVTT", "text/vtt")
    too_long = {"lang": "de", "file": blob(b"x" * 20_001, "text/vtt")}
    refused: list[dict[str, Any]] = [
        {"$type": "app.bsky.embed.external", "external": card | {"thumb": blob(b"x" * 1_000_001, "image/jpeg")}},
        {"$type": "app.bsky.embed.video", "video": words},
        {"$type": "app.bsky.embed.video", "video": film, "captions": [too_long]},
        {"$type": "app.bsky.embed.video", "video": film, "captions": [{"lang": "de", "file": film}]},
        {"$type": "app.bsky.embed.video", "video": film, "captions": [{"file": words}]},
    ]
    for embed in refused:
        assert refusal(put(standin, token=token, embed=embed)) == (400, "InvalidRequest")
    good = {"$type": "app.bsky.embed.video", "video": film, "captions": [{"lang": "de", "file": words}]}
    assert put(standin, token=token, embed=good).is_success


def test_a_key_that_is_taken_breaks_the_call_that_creates(standin: StandIn) -> None:
    """As on the real server; whoever puts the record gets a proper answer."""
    token = standin.log_in()["accessJwt"]
    put(standin, token=token)
    record = {"$type": POST, "text": "Anders.", "createdAt": "2026-11-23T12:00:00.000Z"}
    body = {"repo": HANDLE, "collection": POST, "rkey": KEY, "record": record}
    answer = standin.call("POST", "com.atproto.repo.createRecord", token=token, json=body)
    assert refusal(answer) == (500, "InternalServerError")


def test_a_picture_must_have_been_uploaded_and_be_small_and_be_a_picture(standin: StandIn) -> None:
    token = standin.log_in()["accessJwt"]

    def posted_with(content: bytes, mime: str) -> httpx.Response:
        headers = {"Content-Type": mime}
        upload = standin.call("POST", "com.atproto.repo.uploadBlob", token=token, content=content, headers=headers)
        image = {"image": upload.json()["blob"], "alt": "Pegel", "aspectRatio": {"width": 3, "height": 2}}
        return put(standin, token=token, embed={"$type": "app.bsky.embed.images", "images": [image]})

    assert posted_with(b"x" * 2_000_000, "image/jpeg").status_code == 200
    assert posted_with(b"x" * 2_000_001, "image/jpeg").status_code == 400
    assert posted_with(b"WEBVTT", "text/vtt").status_code == 400
    assert 'alt="Pegel"' in standin.page()
    standin.told("forget_blobs")
    lost = {"$type": "blob", "ref": {"$link": "bafkrei"}, "mimeType": "image/jpeg", "size": 1}
    image = {"image": lost, "alt": "", "aspectRatio": {"width": 1, "height": 1}}
    embed = {"$type": "app.bsky.embed.images", "images": [image]}
    assert refusal(put(standin, token=token, embed=embed)) == (400, "BlobNotFound")


def test_a_reply_names_a_root_and_a_parent_that_are_there(standin: StandIn) -> None:
    ref = {name: value for name, value in put(standin).json().items() if name in ("uri", "cid")}

    assert put(standin, "Nachtrag", key="3n2wt5ad2222b", reply={"root": ref, "parent": ref}).status_code == 200
    assert put(standin, "x", key="3n2wt5ad2222c", reply={"root": ref, "parent": ref | {"cid": "b"}}).status_code == 400


def test_sessions_end_and_are_refreshed_and_logins_are_counted(standin: StandIn) -> None:
    session = standin.log_in()
    standin.told("clock", seconds=7_201)
    assert refusal(put(standin, token=session["accessJwt"])) == (400, "ExpiredToken")

    renewed = standin.call("POST", "com.atproto.server.refreshSession", token=session["refreshJwt"]).json()
    assert put(standin, token=renewed["accessJwt"]).status_code == 200
    standin.calm()
    credentials = {"identifier": HANDLE, "password": PASSWORD}
    answers = [
        standin.call("POST", "com.atproto.server.createSession", json=credentials).status_code for _ in range(31)
    ]
    assert answers == [200] * 30 + [429]


def test_points_are_used_up_and_the_reset_is_told(standin: StandIn) -> None:
    standin.set(points=3)
    token = standin.log_in()["accessJwt"]
    assert put(standin, token=token).status_code == 200
    limited = put(standin, token=token, key="3n2wt5ad2222b")

    assert refusal(limited) == (429, "RateLimitExceeded")
    assert int(limited.headers["RateLimit-Reset"]) > 1_700_000_000
    assert standin.state()["points"][HANDLE] == 2


def test_one_address_may_ask_three_thousand_times_in_five_minutes(standin: StandIn) -> None:
    standin.set(calls=2)
    asked = [standin.call("GET", "app.bsky.feed.getPosts", params={"uris": "x"}) for _ in range(3)]
    assert [each.status_code for each in asked] == [200, 200, 429]
    assert asked[-1].headers["RateLimit-Policy"] == "2;w=300"
    standin.told("clock", seconds=301)
    assert standin.call("GET", "app.bsky.feed.getPosts", params={"uris": "x"}).is_success


def test_an_account_that_was_taken_down_gets_no_session(standin: StandIn) -> None:
    session = standin.log_in()
    standin.told("accounts", handle=HANDLE, password=PASSWORD, status="takendown")
    renewed = standin.call("POST", "com.atproto.server.refreshSession", token=session["refreshJwt"])
    credentials = {"identifier": HANDLE, "password": PASSWORD}
    fresh = standin.call("POST", "com.atproto.server.createSession", json=credentials)
    assert refusal(renewed) == refusal(fresh) == (401, "AccountTakedown")


def test_nobody_reads_more_at_once_than_the_lexicon_allows(standin: StandIn) -> None:
    post, token = put(standin).json()["uri"], standin.log_in()["accessJwt"]
    for depth, taken in (("1000", 200), ("1001", 400)):
        params = {"uri": post, "depth": depth}
        assert standin.call("GET", "app.bsky.feed.getPostThread", params=params).status_code == taken
    for limit, taken in (("100", 200), ("101", 400), ("0", 400)):
        name, params = "app.bsky.notification.listNotifications", {"limit": limit}
        assert standin.call("GET", name, token=token, params=params).status_code == taken


def test_a_dropped_answer_leaves_the_post_and_a_blackout_leaves_nothing(standin: StandIn) -> None:
    standin.fault("timeout_after")
    with pytest.raises(httpx.TransportError):
        put(standin)
    standin.fault("blackout")
    with pytest.raises(httpx.TransportError):
        standin.page()
    standin.calm()

    assert standin.timeline() == [RIVER]


def test_unknown_calls_and_controls_are_told_as_such(standin: StandIn) -> None:
    assert refusal(standin.call("GET", "app.bsky.feed.getTimeline")) == (401, "AuthMissing")
    token = standin.log_in()["accessJwt"]
    assert refusal(standin.call("GET", "app.bsky.feed.getTimeline", token=token)) == (501, "MethodNotImplemented")
    assert httpx.post(f"{standin.origin}/_sim/faults", json={"fault": "x"}, trust_env=False).status_code == 400


def test_posts_and_sessions_survive_a_restart(tmp_path: Path) -> None:
    file = str(tmp_path / "bluesky.json")
    with playing_bluesky(tmp_path, "--state", file) as standin:
        token = standin.log_in()["accessJwt"]
        put(standin, token=token)
    with playing_bluesky(tmp_path, "--state", file) as standin:
        assert standin.timeline() == [RIVER]
        assert standin.call("GET", "com.atproto.server.getSession", token=token).json()["handle"] == HANDLE
