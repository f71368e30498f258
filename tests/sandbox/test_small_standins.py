"""The small stand-ins refuse what the sheets say the platforms refuse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.platforms.rigs.picture_server import picture_server
from tests.platforms.rigs.small import Small, playing

SRT = b"1\n00:00:00,000 --> 00:00:01,000\nGesperrt.\n"
BYTES = "application/octet-stream"
PAGE = "/v25.0/100200300"


@pytest.fixture(scope="module")
def standins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Small]]:
    folder: Path = tmp_path_factory.mktemp("small")
    with ExitStack() as stack:
        keys = ("x", "telegram", "facebook", "instagram")
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
