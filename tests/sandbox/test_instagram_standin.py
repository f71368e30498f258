"""What the played Instagram says of films, of containers that are too old, and of the day's last post."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from sandbox.graph import Refused
from sandbox.instagram.__main__ import QUOTA, Instagram, Post
from sandbox.instagram.containers import LIVES, Container
from tests.platforms.rigs.small import Small, playing
from tests.sandbox.conftest import Town
from tests.sandbox.real_films import film, fine
from tests.system import until

TOKEN = {"access_token": "demo-token"}
ME = "/v25.0/me"
BACK = "http://127.0.0.1:9/zurueck"


@pytest.fixture(scope="module")
def instagram(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    with playing("instagram", tmp_path_factory.mktemp("instagram")) as standin:
        yield standin


def end(instagram: Small, address: str) -> tuple[str, str]:
    """What its container comes to, and the number in its words."""
    said = TOKEN | {"media_type": "REELS", "video_url": address, "caption": "Hochwasser"}
    container = instagram.client.post(f"{ME}/media", data=said).json()["id"]

    def shown() -> dict[str, str] | None:
        asked = TOKEN | {"fields": "status_code,status"}
        found: dict[str, str] = instagram.client.get(f"/v25.0/{container}", params=asked).json()
        return None if found["status_code"] == "IN_PROGRESS" else found

    found = until(shown, what="the film") or {}
    return found["status_code"], found["status"][-7:]


@pytest.mark.parametrize(
    ("content", "kind", "outcome"),
    [
        (fine, "video/mp4", ("FINISHED", "")),
        (lambda: film(codec="mpeg4"), "video/mp4", ("ERROR", "2207026")),
        (lambda: film(options={}), "video/mp4", ("ERROR", "2207026")),
        (lambda: film(rate=15), "video/mp4", ("ERROR", "2207026")),
        (lambda: film(layout="5.1"), "video/mp4", ("ERROR", "2207026")),
        (fine, "text/html", ("ERROR", "2207026")),
    ],
)
def test_a_reel_is_looked_into(
    instagram: Small, town: Town, content: Callable[[], bytes], kind: str, outcome: tuple[str, str]
) -> None:
    assert end(instagram, town.put("/film.mp4", content(), kind)) == outcome


def test_a_reel_that_cannot_be_fetched_says_so(instagram: Small, town: Town) -> None:
    assert end(instagram, f"{town.origin}/fehlt.mp4") == ("ERROR", "2207052")


def called(instagram: Instagram, path: str, said: dict[str, str]) -> Any:
    """Without a loop, of which a browser's story may have left one in this thread: nothing here waits."""
    with pytest.raises(StopIteration) as ended:
        instagram.call("POST", ["me", path], said, "").send(None)
    return ended.value.value


def refusal(instagram: Instagram, path: str, **said: str) -> tuple[int, int, int]:
    with pytest.raises(Refused) as caught:
        called(instagram, path, said)
    return caught.value.status, caught.value.code, caught.value.subcode


def test_what_waited_for_more_than_a_day_is_gone() -> None:
    instagram, yesterday = Instagram(), time.time() - LIVES - 1
    for name in ("1", "2"):
        instagram.containers[name] = Container(name, {"is_carousel_item": "true"}, yesterday)
    assert refusal(instagram, "media_publish", creation_id="1") == (400, 24, 2207008)
    assert refusal(instagram, "media", media_type="CAROUSEL", children="1,2") == (400, 24, 2207020)


def test_the_days_last_post_is_the_hundredth() -> None:
    instagram = Instagram()
    instagram.containers["1"] = Container("1", {}, time.time())
    instagram.posts = {str(number): Post(str(number), "", []) for number in range(QUOTA)}
    assert refusal(instagram, "media_publish", creation_id="1") == (403, 9, 2207042)
    instagram.posts["0"].at -= 86_401
    assert called(instagram, "media_publish", {"creation_id": "1"})


@pytest.mark.parametrize(("scopes", "status"), [("", 403), (",instagram_business_content_publish", 200)])
def test_a_token_publishes_only_when_that_was_agreed_to(instagram: Small, town: Town, scopes: str, status: int) -> None:
    asked: dict[str, Any] = {"client_id": "1", "redirect_uri": BACK, "scope": f"instagram_business_basic{scopes}"}
    location = instagram.client.get("/oauth/authorize", params=asked).headers["Location"]
    code = parse_qs(urlsplit(location).query)["code"][0]
    form = {"client_id": "1", "client_secret": "2", "code": code, "redirect_uri": BACK}
    short = instagram.client.post("/oauth/access_token", data=form).json()["access_token"]
    swap = {"grant_type": "ig_exchange_token", "client_secret": "2", "access_token": short}
    token = {"access_token": instagram.client.get("/access_token", params=swap).json()["access_token"]}

    said = {"media_type": "REELS", "video_url": town.put("/film.mp4", fine(), "video/mp4")}
    answer: httpx.Response = instagram.client.post(f"{ME}/media", data=token | said)
    assert answer.status_code == status
    assert instagram.client.get(f"{ME}/media", params=token).is_success
