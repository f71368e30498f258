"""Pictures are really fetched from the town's web server, as Meta does it."""

from __future__ import annotations

import io

import httpx
import pytest
from PIL import Image

from tests.sandbox.conftest import Town
from tests.sandbox.playing import StandIn


def picture(width: int = 800, height: int = 600, kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, kind)
    return out.getvalue()


def create(standin: StandIn, address: str, **more: str) -> httpx.Response:
    return standin.call("POST", "/me/threads", media_type="IMAGE", image_url=address, **more)


def test_a_picture_and_its_description_are_shown_to_readers(standin: StandIn, town: Town) -> None:
    address = town.put("/bruecke.jpg", picture())
    container = create(standin, address, text="Die Brücke", alt_text="Römerbrücke bei Nacht").json()["id"]
    standin.call("POST", "/me/threads_publish", creation_id=container)
    assert standin.posts()[0]["images"] == [{"url": address, "alt": "Römerbrücke bei Nacht"}]
    assert f'<img src="{address}" alt="Römerbrücke bei Nacht"' in standin.page()


def test_a_carousel_keeps_its_order(standin: StandIn, town: Town) -> None:
    files = [town.put(f"/{n}.png", picture(kind="PNG"), "image/png") for n in range(3)]
    children = [create(standin, file, is_carousel_item="true").json()["id"] for file in files]
    carousel = {"media_type": "CAROUSEL", "children": ",".join(children), "text": "Altstadtfest"}
    container = standin.call("POST", "/me/threads", **carousel).json()["id"]
    post = standin.call("POST", "/me/threads_publish", creation_id=container).json()["id"]
    assert [each["url"] for each in standin.posts()[0]["images"]] == files
    assert standin.call("GET", f"/{post}", fields="media_type").json()["media_type"] == "CAROUSEL_ALBUM"


def test_a_carousel_waits_for_its_children(slow_standin: StandIn, town: Town) -> None:
    file = town.put("/a.jpg", picture())
    children = [create(slow_standin, file, is_carousel_item="true").json()["id"] for _ in range(2)]
    carousel = {"media_type": "CAROUSEL", "children": ",".join(children)}
    early = slow_standin.call("POST", "/me/threads", **carousel)
    assert early.json()["error"]["error_subcode"] == 4279004
    slow_standin.pass_time(10)
    assert slow_standin.call("POST", "/me/threads", **carousel).status_code == 200


@pytest.mark.parametrize(
    ("content", "kind", "status", "subcode"),
    [
        (picture(), "image/jpeg", 404, 2207052),
        (picture(), "image/jpeg", 302, 2207052),
        (picture(), "text/html", 200, 2207052),
        (b"<html>Bitte Cookies erlauben", "image/jpeg", 200, 2207052),
        (picture() + b"0" * 8_000_000, "image/jpeg", 200, 2207052),
        (picture(kind="WEBP"), "image/webp", 200, 2207052),
        (picture(1200, 100), "image/jpeg", 200, 2207009),
    ],
)
def test_what_is_no_proper_picture_is_refused(
    standin: StandIn, town: Town, content: bytes, kind: str, status: int, subcode: int
) -> None:
    answer = create(standin, town.put("/a.jpg", content, kind, status))
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["error_subcode"]) == (400, 1, subcode)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1/a.jpg", "file:///etc/passwd", "a.jpg", "http://[/", "http://ä ö/"]
)
def test_an_address_without_a_picture_is_refused(standin: StandIn, address: str) -> None:
    assert create(standin, address).json()["error"]["error_subcode"] == 2207052


@pytest.mark.parametrize(("content", "reason"), [(b"<html>", "UNKNOWN"), (picture(1200, 100), "INVALID_ASPEC_RATIO")])
def test_a_bad_picture_may_show_only_in_its_containers_status(
    standin: StandIn, town: Town, content: bytes, reason: str
) -> None:
    standin.set(pictures_fail="later")
    container = create(standin, town.put("/a.jpg", content)).json()["id"]
    answer = standin.call("GET", f"/{container}", fields="status,error_message")
    assert answer.status_code == 200
    assert answer.json() == {"id": container, "status": "ERROR", "error_message": reason}
