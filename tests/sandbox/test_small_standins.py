"""The small stand-ins refuse what the sheets say the platforms refuse."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.platforms.rigs.picture_server import picture_server
from tests.platforms.rigs.small import Small, playing
from tests.sandbox import films
from tests.system import until

SRT = b"1\n00:00:00,000 --> 00:00:01,000\nGesperrt.\n"
BYTES = "application/octet-stream"
PAGE = "/v25.0/100200300"
X_TOKEN = {"Authorization": "Bearer demo-token"}


def a_text() -> dict[str, Any]:
    """What posts it on X. Its words are new each time: X takes none twice."""
    return {"json": {"text": f"Hochwasser ({uuid.uuid4().hex[:6]})"}, "headers": X_TOKEN}


@pytest.fixture(scope="module")
def standins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Small]]:
    folder: Path = tmp_path_factory.mktemp("small")
    with ExitStack() as stack:
        keys = ("x", "facebook", "instagram")
        yield {key: stack.enter_context(playing(key, folder)) for key in keys}


@pytest.fixture(scope="module")
def pictures() -> Iterator[str]:
    with picture_server() as address:
        yield address


def refused(standin: Small, path: str, **request: Any) -> httpx.Response:
    """What is said; and nothing of it is online."""
    standin.calm()
    before = standin.timeline()
    answer = standin.client.post(path, **request)
    assert standin.timeline() == before
    return answer


def uploaded(x: Small, content: bytes = b"\xff\xd8\xffbild") -> str:
    answer = x.client.post("/2/media/upload", files={"media": ("bild", content, "image/jpeg")}, headers=X_TOKEN)
    return str(answer.json()["data"]["id"])


@pytest.mark.parametrize(
    "said",
    [
        {"text": "Wort " * 57},  # 284
        {"text": "trier.de " * 12},  # an address weighs 23, also without its scheme
        {"text": "Hochwasser", "colour": "red"},
        {"text": "Hochwasser", "media": {"media_ids": ["0"]}},
    ],
)
def test_x_refuses_a_post(standins: dict[str, Small], said: dict[str, Any]) -> None:
    answer = refused(standins["x"], "/2/tweets", json=said, headers=X_TOKEN)
    assert (answer.status_code, answer.json()["title"]) == (400, "invalid-request")


def test_x_shows_four_pictures_or_one_film(standins: dict[str, Small]) -> None:
    x = standins["x"]
    film = {"media_type": "video/mp4", "total_bytes": 4, "media_category": "tweet_video"}
    unfinished = x.client.post("/2/media/upload/initialize", json=film, headers=X_TOKEN).json()["data"]["id"]
    for ids in ([uploaded(x) for _ in range(5)], [uploaded(x), unfinished], [unfinished]):
        said = {"text": "Hochwasser", "media": {"media_ids": ids}}
        assert refused(x, "/2/tweets", json=said, headers=X_TOKEN).status_code == 400


def test_x_refuses_media(standins: dict[str, Small]) -> None:
    x = standins["x"]
    for content in (b"\xff\xd8\xff" + b"x" * 5_000_000, b"%PDF-1.7", b""):
        files = {"media": ("bild", content, "image/jpeg")}
        assert refused(x, "/2/media/upload", files=files, headers=X_TOKEN).status_code == 400
    said = {"id": uploaded(x), "metadata": {"alt_text": {"text": "x" * 1001}}}
    assert refused(x, "/2/media/metadata", json=said, headers=X_TOKEN).status_code == 400
    film = {"media_type": "video/mp4", "total_bytes": 512_000_001, "media_category": "tweet_video"}
    assert refused(x, "/2/media/upload/initialize", json=film, headers=X_TOKEN).status_code == 400


def announced(x: Small, content: bytes, kind: str, category: str) -> str:
    """In one piece, and finished."""
    x.calm()
    said = {"media_type": kind, "total_bytes": len(content), "media_category": category}
    made = str(x.client.post("/2/media/upload/initialize", json=said, headers=X_TOKEN).json()["data"]["id"])
    piece: dict[str, Any] = {"data": {"segment_index": "0"}, "files": {"media": ("teil", content)}, "headers": X_TOKEN}
    x.client.post(f"/2/media/upload/{made}/append", **piece).raise_for_status()
    x.client.post(f"/2/media/upload/{made}/finalize", headers=X_TOKEN).raise_for_status()
    return made


@pytest.mark.parametrize(
    ("content", "state"), [(films.film(), "succeeded"), (films.film(140.5), "failed"), (films.film(0.4), "failed")]
)
def test_x_shows_films_of_half_a_second_to_140(standins: dict[str, Small], content: bytes, state: str) -> None:
    x, made = standins["x"], announced(standins["x"], content, "video/mp4", "tweet_video")

    def now() -> str:
        shown = x.client.get("/2/media/upload", params={"media_id": made}, headers=X_TOKEN).json()["data"]
        return str(shown["processing_info"]["state"])

    until(lambda: now() != "in_progress", what="the film")
    assert now() == state


def captioned(x: Small, captions: bytes) -> dict[str, Any]:
    """What puts these captions beside a film; both are uploaded."""
    film = announced(x, b"\0\0\0\x18ftypmp42", "video/mp4", "tweet_video")
    track = {"id": announced(x, captions, "text/srt", "subtitles"), "language_code": "DE", "display_name": "Deutsch"}
    return {"id": film, "media_category": "TweetVideo", "subtitles": track}


@pytest.mark.parametrize(
    ("said", "track"),
    [
        ({"media_category": "tweet_video"}, {}),
        ({}, {"language_code": "de"}),
        ({}, {"display_name": ""}),
        ({}, {"id": "0"}),
        ({}, {"colour": "red"}),
    ],
)
def test_x_refuses_captions(standins: dict[str, Small], said: dict[str, str], track: dict[str, str]) -> None:
    x, good = standins["x"], captioned(standins["x"], SRT)
    bad = good | said | {"subtitles": good["subtitles"] | track}
    assert refused(x, "/2/media/subtitles", json=bad, headers=X_TOKEN).status_code == 400
    assert x.client.post("/2/media/subtitles", json=good, headers=X_TOKEN).is_success


def test_x_puts_captions_beside_a_film_and_nothing_else(standins: dict[str, Small]) -> None:
    x, good = standins["x"], captioned(standins["x"], SRT)
    turned_round = good | {"id": good["subtitles"]["id"], "subtitles": good["subtitles"] | {"id": good["id"]}}
    assert refused(x, "/2/media/subtitles", json=turned_round, headers=X_TOKEN).status_code == 400


def test_x_does_not_answer_for_a_film_with_captions_it_cannot_read(standins: dict[str, Small]) -> None:
    x, said = standins["x"], captioned(standins["x"], b"WEBVTT\n\n00:00.000 --> 00:01.000\nGesperrt.")
    x.client.post("/2/media/subtitles", json=said, headers=X_TOKEN).raise_for_status()

    def is_ready() -> bool:
        shown = x.client.get("/2/media/upload", params={"media_id": said["id"]}, headers=X_TOKEN).json()["data"]
        return bool(shown["processing_info"]["state"] == "succeeded")

    until(is_ready, what="the film")
    post = {"text": "Hochwasser", "media": {"media_ids": [said["id"]]}}
    assert refused(x, "/2/tweets", json=post, headers=X_TOKEN).status_code == 503


def test_x_knows_its_token(standins: dict[str, Small]) -> None:
    assert (
        refused(standins["x"], "/2/tweets", json={"text": "x"}, headers={"Authorization": "Bearer y"}).status_code
        == 401
    )


def test_x_takes_no_words_twice_while_the_first_are_there(standins: dict[str, Small]) -> None:
    x, request = standins["x"], a_text()
    first = x.client.post("/2/tweets", **request).json()["data"]["id"]
    again = refused(x, "/2/tweets", **request)
    assert (again.status_code, again.json()["detail"]) == (
        403,
        "You are not allowed to create a Tweet with duplicate content.",
    )
    x.client.delete(f"/2/tweets/{first}", headers=X_TOKEN)
    assert x.client.post("/2/tweets", **request).status_code == 201


@pytest.fixture
def credit(standins: dict[str, Small]) -> Iterator[Credit]:
    found = Credit(standins["x"])
    yield found
    found.buy(100_000)


class Credit:
    """What is left, in US cents, at X's developer console."""

    def __init__(self, x: Small) -> None:
        self.client = x.client

    def buy(self, cents: float) -> None:
        self.client.post("/console/credit", json={"cents": cents}).raise_for_status()

    def taken_by(self, method: str, path: str, **request: Any) -> float:
        before = self.left
        self.client.request(method, path, headers=X_TOKEN, **request)
        return round(before - self.left, 3)

    @property
    def left(self) -> float:
        return float(self.client.get("/console/credit").json()["cents"])


def test_x_takes_the_price_of_each_act_and_none_for_what_it_refuses(standins: dict[str, Small], credit: Credit) -> None:
    mark, media = uuid.uuid4().hex[:6], uploaded(standins["x"])
    described = {"id": media, "metadata": {"alt_text": {"text": "Karte"}}}
    assert credit.taken_by("POST", "/2/tweets", json={"text": f"Hochwasser ({mark})"}) == 1.5
    assert credit.taken_by("POST", "/2/tweets", json={"text": f"Mehr auf trier.de ({mark})"}) == 20
    assert credit.taken_by("POST", "/2/tweets", json={"text": f"Hochwasser ({mark})"}) == 0
    assert credit.taken_by("POST", "/2/media/metadata", json=described) == 0.5
    newest = standins["x"].posts()[-1]["id"]
    assert credit.taken_by("GET", "/2/tweets", params={"ids": newest}) == 0.1
    assert credit.taken_by("GET", "/2/tweets", params={"ids": newest}) == 0  # once a day
    assert credit.taken_by("DELETE", f"/2/tweets/{newest}") == 1
    assert credit.taken_by("DELETE", f"/2/tweets/{newest}") == 0


def test_x_lets_nothing_happen_once_the_credit_is_used_up(standins: dict[str, Small], credit: Credit) -> None:
    x, request = standins["x"], a_text()
    credit.buy(1)
    assert x.client.post("/2/tweets", **a_text()).status_code == 201  # begun with a little left
    assert credit.left == -0.5

    answer = refused(x, "/2/tweets", **request)
    assert (answer.status_code, answer.json()["detail"]) == (402, "Your credits are depleted.")
    assert x.client.get("/2/users/me", headers=X_TOKEN).status_code == 402
    credit.buy(500)
    assert x.client.post("/2/tweets", **request).status_code == 201


@pytest.mark.parametrize(
    ("path", "said", "code"),
    [
        ("feed", {"message": "x", "link": "Karte"}, (100, 2061006)),
        ("feed", {"message": "x", "link": "ftp://trier.de/karte"}, (100, 2061006)),
        ("feed", {"message": "x" * 63_207}, (100, None)),
        ("feed", {"message": " "}, (100, None)),
        ("feed", {"message": "x", "link": "https://www.facebook.com/trier"}, (100, 1609008)),
        ("feed", {"message": "x", "attached_media": '[{"media_fbid": "1"}]'}, (100, 1366051)),
        ("feed", {"message": "x", "access_token": "falsch"}, (190, 463)),
        ("photos", {"published": "false"}, (100, 1366046)),
        ("videos", {"description": "x", "file_url": "http://127.0.0.1:1/film.mp4"}, (389, None)),
    ],
)
def test_facebook_refuses(
    standins: dict[str, Small], path: str, said: dict[str, str], code: tuple[int, int | None]
) -> None:
    files = {"source": ("bild", b"\xff\xd8\xff" + b"x" * 4_000_000, "image/jpeg")} if path == "photos" else None
    data = {"access_token": "demo-page-token", **said}
    error = refused(standins["facebook"], f"{PAGE}/{path}", data=data, files=files).json()["error"]
    assert (error["code"], error.get("error_subcode")) == code


@pytest.fixture(scope="module")
def film(standins: dict[str, Small], pictures: str) -> str:
    """On the page already."""
    said = {"access_token": "demo-page-token", "description": "Hochwasser", "file_url": f"{pictures}/film.mp4"}
    return str(standins["facebook"].client.post(f"{PAGE}/videos", data=said).json()["id"])


@pytest.mark.parametrize(
    ("file", "said", "code"),
    [
        (("film.srt", SRT, BYTES), {}, 100),  # no language in its name
        (("film.de.srt", SRT, BYTES), {}, 100),
        (("film.de_DE.srt", SRT, BYTES), {"default_locale": "fr_FR"}, 100),
        (("film.de_DE.srt", SRT, "text/plain"), {}, 385),
        (("film.de_DE.srt", b"WEBVTT\n\n00:00.000 --> 00:01.000\nGesperrt.", BYTES), {}, 385),
        (("film.de_DE.srt", SRT + b"x" * 200_000, BYTES), {}, 385),
    ],
)
def test_facebook_refuses_captions(
    standins: dict[str, Small], film: str, file: tuple[str, bytes, str], said: dict[str, str], code: int
) -> None:
    data = {"access_token": "demo-page-token", **said}
    answer = refused(standins["facebook"], f"/v25.0/{film}/captions", data=data, files={"captions_file": file})
    assert answer.json()["error"]["code"] == code


@pytest.mark.parametrize(
    ("picture", "said", "subcode"),
    [
        ("800x600.png", {}, 2207005),
        ("1600x400.jpeg", {}, 2207009),
        ("600x800.jpeg", {}, 2207009),
        ("800x600.jpeg", {"caption": "x" * 2201}, 2207010),
        ("800x600.jpeg", {"caption": "#tag " * 31}, 2207040),
        ("800x600.jpeg", {"caption": "@stadt " * 21}, 2207040),
        ("800x600.jpeg", {"alt_text": "x" * 1001}, None),
        ("800x600.jpeg", {"media_type": "CAROUSEL", "alt_text": "Karte", "children": "1,2"}, None),
        ("800x600.jpeg", {"access_token": "falsch"}, 463),
        ("", {"image_url": "http://127.0.0.1:1/karte.jpg"}, 2207052),
        ("", {"caption": "Ein Text allein"}, 2207052),
        ("", {"media_type": "CAROUSEL", "children": "1"}, 2207028),
        ("", {"media_type": "CAROUSEL", "children": ",".join("1" * 11)}, 2207028),
        ("", {"media_type": "CAROUSEL", "children": "1,2"}, 2207006),
    ],
)
def test_instagram_refuses(
    standins: dict[str, Small], pictures: str, picture: str, said: dict[str, str], subcode: int | None
) -> None:
    where = {"image_url": f"{pictures}/{picture}"} if picture else {}
    data = {"access_token": "demo-token", **where, **said}
    error = refused(standins["instagram"], "/v25.0/me/media", data=data).json()["error"]
    assert error.get("error_subcode") == subcode


def test_instagram_publishes_nothing_it_does_not_know(standins: dict[str, Small]) -> None:
    data = {"access_token": "demo-token", "creation_id": "17"}
    error = refused(standins["instagram"], "/v25.0/me/media_publish", data=data).json()["error"]
    assert error["error_subcode"] == 2207006


def test_an_unknown_fault_is_refused(standins: dict[str, Small]) -> None:
    with pytest.raises(httpx.HTTPError):
        standins["x"].fault("nonsense")
