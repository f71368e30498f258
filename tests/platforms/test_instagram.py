"""What is special about Instagram: no post without a picture, shapes it takes, containers that take their time."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from ausrufer.adapter.contract import Part, Picture, Placement, Video
from ausrufer.adapter.errors import LockedOut, Rejected, Trouble, TryLater, Unclear
from ausrufer.adapter.http import Http
from ausrufer.adapter.supplies import Supplies
from ausrufer.adapter.testing import RecordingKeep
from ausrufer.kernel.clock import utc_now
from ausrufer.platforms.instagram import Instagram
from tests.platforms.errand import Errand, draft, new_order
from tests.platforms.rigs import Rig, media, picture
from tests.platforms.rigs.instagram import InstagramRig

ANSWERS = sorted((Path(__file__).with_name("answers") / "instagram").glob("*.json"))
CONTAINERS = sorted((Path(__file__).with_name("answers") / "instagram" / "containers").glob("*.json"))
BACK = "https://redaktion.stadt.example/kanaele/zugestimmt"
FILM = Video("ab" * 32, 1080, 1920, 12.0, 900_000, "Die Mosel steigt")


@pytest.fixture
def instagram(rigs: dict[str, Rig]) -> InstagramRig:
    rig = rigs["instagram"]
    rig.fresh()
    return cast(InstagramRig, rig)


def account(answer: Callable[[httpx.Request], httpx.Response]) -> Instagram:
    supplies = Supplies(http=Http(transport=httpx.MockTransport(answer)), media=media())
    return Instagram(supplies, {}, {"access_token": "geheim"})


def trouble_with(platform: Instagram, **so_far: Any) -> Trouble:
    wanted = platform.render(draft(pictures=(picture("bruecke"),)))[0]
    with pytest.raises(Trouble) as caught:
        platform.send(replace(new_order(), so_far=so_far), wanted, RecordingKeep())
    return caught.value


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.stem)
def test_every_refusal_of_the_sheet_has_its_next_step(path: Path) -> None:
    recorded = json.loads(path.read_text())

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json={"status_code": "FINISHED"})
        body = recorded["body"]
        content = body if isinstance(body, str) else json.dumps(body)
        return httpx.Response(recorded["status"], content=content)

    trouble = trouble_with(account(answer), container="17")
    assert (type(trouble).__name__, recorded["says"] in str(trouble.sentence)) == (recorded["expects"], True)


@pytest.mark.parametrize("path", CONTAINERS, ids=lambda path: path.stem)
def test_what_a_container_came_to_has_its_next_step(path: Path) -> None:
    recorded = json.loads(path.read_text())
    trouble = trouble_with(account(lambda _: httpx.Response(recorded["status"], json=recorded["body"])), container="17")
    assert (type(trouble).__name__, recorded["says"] in str(trouble.sentence)) == (recorded["expects"], True)


@pytest.mark.parametrize(
    ("shape", "fits"),
    [((1080, 1350), True), ((1080, 1080), True), ((1440, 754), True), ((1080, 1400), False), ((1440, 700), False)],
)
def test_pictures_of_a_shape_it_does_not_take_stay_on_our_page(shape: tuple[int, int], fits: bool) -> None:
    width, height = shape
    one = Picture("cd" * 32, "image/jpeg", width, height, 300_000, "Plan")
    wanted = account(lambda _: httpx.Response(500)).render(draft(pictures=(one, picture("bruecke"))))[0]
    assert (one in wanted.pictures) == fits
    assert (wanted.page in wanted.text) == (not fits)


def test_only_jpeg_is_taken() -> None:
    one = Picture("cd" * 32, "image/png", 1080, 1080, 300_000, "Plan")
    assert account(lambda _: httpx.Response(500)).render(draft(pictures=(one,)))[0].media == ()


@pytest.mark.parametrize(("mark", "most"), [("#", 30), ("@", 20)])
def test_more_tags_or_names_than_it_takes_are_cut_with_the_address_of_the_rest(mark: str, most: int) -> None:
    platform = account(lambda _: httpx.Response(500))
    names = [f"{mark}name{number:02}" for number in range(most + 1)]
    fine, crowded = (platform.render(draft("Mit " + " ".join(names[:number])))[0] for number in (most, most + 1))
    assert fine.wording == "whole"
    assert (crowded.wording, names[-1] in crowded.text, crowded.page in crowded.text) == ("shortened", False, True)


def test_descriptions_travel_with_every_picture_of_a_carousel(instagram: InstagramRig) -> None:
    both = (picture("bruecke"), picture("karte"))
    Errand(instagram.platform, instagram.platform.render(draft(pictures=both))).carry_out()
    assert instagram.standin.posts()[-1]["pictures"] == [each.alt for each in both]


def test_five_minutes_of_processing_are_waited_for_and_then_a_person_is_told() -> None:
    platform = account(lambda request: httpx.Response(200, json={"id": "17", "status_code": "IN_PROGRESS"}))
    so_far: dict[str, Any] = {"container": "17"}
    for _ in range(200):
        trouble = trouble_with(platform, **so_far)
        if isinstance(trouble, Rejected):
            break
        so_far = dict(trouble.so_far or {})
    assert "wurde nicht rechtzeitig fertig" in str(trouble.sentence)
    assert 290 <= so_far["waited"] <= 310


def test_a_container_that_ended_is_made_again_a_few_times_only() -> None:
    platform = account(lambda request: httpx.Response(200, json={"id": "17", "status_code": "EXPIRED"}))
    so_far: dict[str, Any] = {"container": "17"}
    tries = 0
    while isinstance(trouble := trouble_with(platform, **so_far), TryLater):
        so_far, tries = dict(trouble.so_far or {}), tries + 1
        assert "container" not in so_far
    assert (type(trouble), tries) == (Rejected, 6)


GONE = [{"code": 100, "error_subcode": 33}, {"code": 24, "error_subcode": 2207006}]


@pytest.mark.parametrize("error", GONE)
def test_a_container_that_is_gone_since_yesterday_is_made_again(error: dict[str, int]) -> None:
    """E.g. the channel was connected again after a day: what was prepared before is forgotten there."""
    platform = account(lambda request: httpx.Response(400, json={"error": error}))
    yesterday = (utc_now() - timedelta(days=1)).timestamp()
    trouble = trouble_with(platform, container="17", since=yesterday, waited=1.0)

    assert isinstance(trouble, TryLater)
    assert "container" not in (trouble.so_far or {})


@pytest.mark.parametrize("error", GONE)
def test_a_container_that_may_have_become_a_post_is_neither_remade_nor_called_refused(error: dict[str, int]) -> None:
    platform = account(lambda request: httpx.Response(400, json={"error": error}))
    yesterday = (utc_now() - timedelta(days=1)).timestamp()
    assert isinstance(trouble_with(platform, container="17", since=yesterday, acted=True), Unclear)


def test_a_video_alone_is_a_reel() -> None:
    asked: list[dict[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(dict(httpx.QueryParams(request.content.decode())))
        return httpx.Response(200, json={"id": "17", "status_code": "FINISHED"})

    platform = account(answer)
    platform.send(new_order(), platform.render(draft(videos=(FILM,)))[0], RecordingKeep())
    assert asked[0]["media_type"] == "REELS"


def test_the_days_posts_are_read_from_the_account(instagram: InstagramRig) -> None:
    limits = instagram.platform.read_limits()
    assert limits["posts_a_day"] == 100
    assert limits["posts_used"] >= 0


def agreed(platform: Instagram, more: str = "") -> dict[str, str]:
    """The parameters with which Instagram sends Amira back."""
    answer = httpx.get(platform.connect_url(BACK, "s1") + more, trust_env=False)
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def test_a_person_agrees_and_the_token_of_sixty_days_renews_itself(instagram: InstagramRig) -> None:
    platform = instagram.platform
    answer = agreed(platform)
    found = platform.connected(answer, BACK)
    assert found.expires_at and timedelta(days=59) < found.expires_at - utc_now() < timedelta(days=61)
    with pytest.raises(LockedOut, match="noch einmal verbinden"):
        platform.connected(answer, BACK)

    yesterday = {**found.secrets, "issued_at": (utc_now() - timedelta(hours=25)).isoformat()}
    again = Instagram(platform.supplies, platform.settings, yesterday).renew()
    assert again.secrets["access_token"] != found.secrets["access_token"]
    assert Instagram(platform.supplies, platform.settings, again.secrets).profile().handle == "stadt_trier"


def test_a_person_who_declines_connects_nothing(instagram: InstagramRig) -> None:
    with pytest.raises(Rejected, match="nicht erlaubt"):
        instagram.platform.connected(agreed(instagram.platform, "&deny=1"), BACK)


def test_a_number_with_a_strange_name_is_left_out() -> None:
    strange = [{"name": []}, {"name": {}}, {"name": "views", "values": [{"value": 7}]}, None]
    platform = account(lambda request: httpx.Response(200, json={"data": strange}))
    assert [(each.name, each.value) for each in platform.metrics(Placement((Part("1"),)))] == [("views", 7)]


def test_an_account_that_cannot_be_read_refuses_no_post() -> None:
    """Least of all one that is published."""

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(404) if request.url.path.endswith("/me/media") else httpx.Response(200, json=published)

    published = {"status_code": "PUBLISHED"}
    assert isinstance(trouble_with(account(answer), container="17"), TryLater)
