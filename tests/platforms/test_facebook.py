"""What is special about a Facebook page: refusals, the picture's description, the card, and a video's page."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from ausrufer.adapter.captions import NOT_TAKEN
from ausrufer.adapter.contract import Captions, Part, Placement, Video
from ausrufer.adapter.errors import LockedOut, Rejected, Trouble, TryLater, Unclear
from ausrufer.adapter.http import Http
from ausrufer.adapter.supplies import Supplies
from ausrufer.adapter.testing import RecordingKeep
from ausrufer.platforms.facebook import Facebook
from tests.platforms.errand import Errand, draft, new_order
from tests.platforms.rigs import Rig, media, picture
from tests.platforms.rigs.facebook import FacebookRig
from tests.platforms.test_captions import story_at

ANSWERS = sorted((Path(__file__).with_name("answers") / "facebook").glob("*.json"))
BACK = "https://redaktion.stadt.example/kanaele/zugestimmt"
SECONDS = {"page_limit": 420.0, "app_limit": 300.0, "too_fast": 300.0}


@pytest.fixture
def facebook(rigs: dict[str, Rig]) -> FacebookRig:
    rig = rigs["facebook"]
    rig.fresh()
    return cast(FacebookRig, rig)


def page(answer: Any) -> Facebook:
    supplies = Supplies(http=Http(transport=httpx.MockTransport(answer)), media=media())
    return Facebook(supplies, {"page": "1"}, {"access_token": "geheim"})


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.stem)
def test_every_refusal_of_the_sheet_has_its_next_step(path: Path) -> None:
    recorded = json.loads(path.read_text())

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json={"data": []})
        body = recorded["body"]
        content = body if isinstance(body, str) else json.dumps(body)
        return httpx.Response(recorded["status"], headers=recorded.get("headers"), content=content)

    platform = page(answer)
    with pytest.raises(Trouble, match=recorded["says"]) as caught:
        platform.send(new_order(), platform.render(draft())[0], RecordingKeep())

    assert type(caught.value).__name__ == recorded["expects"]
    if isinstance(caught.value, TryLater):
        assert caught.value.seconds == SECONDS[path.stem]


def test_words_that_are_refused_as_a_repetition_twice_are_refused() -> None:
    said = {"error": {"code": 506, "message": "Duplicate status message"}}
    platform = page(lambda request: httpx.Response(200 if request.method == "GET" else 400, json={"data": []} | said))
    wanted, order = platform.render(draft())[0], new_order()
    with pytest.raises(Unclear) as first:
        platform.send(order, wanted, RecordingKeep())
    with pytest.raises(Rejected):
        platform.send(replace(order, so_far=first.value.so_far or {}), wanted, RecordingKeep())


def test_a_pictures_description_travels_with_it(facebook: FacebookRig) -> None:
    Errand(facebook.platform, facebook.platform.render(draft(pictures=(picture("bruecke"),)))).carry_out()
    assert facebook.standin.posts()[-1]["pictures"] == ["Gesperrte Brücke mit rot-weißer Schranke"]


def test_the_card_leads_to_our_page_unless_the_editor_linked_something_else(facebook: FacebookRig) -> None:
    plain = draft("Die Brücke ist gesperrt.")
    assert facebook.platform.render(plain)[0].link == plain.page
    assert facebook.platform.render(draft("Karte: https://www.stadt.example/karte"))[0].link == ""


def test_pictures_uploaded_before_a_limit_are_not_uploaded_again(facebook: FacebookRig) -> None:
    story = Errand(facebook.platform, facebook.platform.render(draft(pictures=(picture("bruecke"),))))
    facebook.ask_for_patience(60)
    assert story.send() is None
    facebook.standin.fault(
        "refuse", path="/photos", status=400, body={"error": {"code": 100, "error_subcode": 1366046}}
    )

    story.carry_out()
    assert story.rank == 0


def test_many_pictures_on_a_slow_line_are_uploaded_in_several_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the claim runs out in the middle, and the next sender begins with the first picture again, for ever."""
    clock, uploaded = [0.0], []
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/photos"):
            clock[0] += 3.0
            uploaded.append(request)
        return httpx.Response(200, json={"id": f"1_{len(uploaded)}", "data": []})

    platform = page(answer)
    wanted, order, keep = platform.render(draft(pictures=(picture("bruecke"),) * 20))[0], new_order(), RecordingKeep()
    while not keep.kept:
        begun = clock[0]
        try:
            platform.send(order, wanted, keep)
        except TryLater as trouble:
            order = replace(order, so_far=trouble.so_far or {})
        assert clock[0] - begun < 30
    assert len(uploaded) == 20


def test_a_video_is_online_when_facebook_has_made_it_ready() -> None:
    shown = {"id": "9", "permalink_url": "/stadt/videos/9/", "status": {"video_status": "processing"}}
    platform = page(lambda request: httpx.Response(200, json=shown | {"data": []}))
    video = Video("ab" * 32, 1280, 720, 12.0, 900_000, "Die Mosel bei Hochwasser")
    wanted = platform.render(draft(videos=(video,)))[0]
    placement = platform.send(new_order(), wanted, RecordingKeep())

    assert not platform.is_online(placement).online
    shown["status"] = {"video_status": "ready"}
    assert platform.is_online(placement).address == "https://www.facebook.com/stadt/videos/9/"


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("refuse", {"status": 400, "body": {"error": {"message": "Unsupported format", "code": 385}}}),
        ("refuse", {"status": 401, "body": {"error": {"message": "The session has been invalidated.", "code": 190}}}),
        ("refuse", {"status": 200, "body": {"success": False}}),
        ("status", {"status": 500}),
        ("limit", {"seconds": 600}),
        ("drop_before", {}),
        ("drop_answer", {}),
        ("garbage", {}),
    ],
)
def test_no_trouble_with_captions_makes_a_film_unsent(facebook: FacebookRig, kind: str, facts: dict[str, Any]) -> None:
    """It is out by then: whatever was raised would send it once more."""
    story, before = story_at(facebook), len(facebook.timeline())
    for _ in range(2):  # a kept connection is tried once more by itself
        facebook.standin.fault(kind, path="/captions", **facts)
    placement = story.send()

    assert placement and placement.note == NOT_TAKEN
    assert len(facebook.timeline()) == before + 1


def test_a_film_whose_answer_was_lost_gets_its_captions_when_it_is_found(facebook: FacebookRig) -> None:
    story, before = story_at(facebook), len(facebook.timeline())
    facebook.standin.fault("drop_answer", path="/videos", method="POST")
    placement = story.carry_out()

    assert (len(facebook.timeline()), placement.note) == (before + 1, "")
    assert sorted(facebook.captions()) == ["de", "en"]


def test_captions_of_a_language_facebook_does_not_know_stop_no_film_that_was_approved(facebook: FacebookRig) -> None:
    story = story_at(facebook)
    [film] = story.rendition.videos
    tracks = (*film.captions, replace(film.captions[0], language="lb"))
    story.renditions = [replace(story.rendition, videos=(replace(film, captions=tracks),))]
    placement = story.send()

    assert placement and story.is_online(placement)
    assert sorted(facebook.captions()) == ["de", "en"]


def test_captions_facebook_does_not_take_are_not_in_what_is_approved() -> None:
    tracks = (Captions("a" * 64, "de", 200_001), Captions("b" * 64, "lb", 100), Captions("c" * 64, "fr", 100))
    film = Video("ab" * 32, 1280, 720, 12.0, 900_000, "Die Mosel bei Hochwasser", captions=tracks)
    [shown] = page(None).render(draft(videos=(film,)))[0].videos
    assert [each.language for each in shown.captions] == ["fr"]


def test_comments_are_read_without_our_own() -> None:
    said = [
        {
            "id": "1_2",
            "from": {"id": "7", "name": "Dora"},
            "message": "Danke!",
            "created_time": "2026-11-25T08:00:00+0000",
        },
        {
            "id": "1_3",
            "from": {"id": "1", "name": "Stadt"},
            "message": "Gern.",
            "created_time": "2026-11-25T08:01:00+0000",
        },
        {"id": "1_4", "message": "Wie lange?", "created_time": "2026-11-25T07:59:00+0000", "parent": {"id": "1_2"}},
    ]
    platform = page(lambda request: httpx.Response(200, json={"data": said}))
    found = platform.replies(Placement((Part("1_1"),)))

    assert [(each.author, each.text, each.answers) for each in found] == [
        ("", "Wie lange?", "1_2"),
        ("Dora", "Danke!", ""),
    ]


def agreed(platform: Facebook, more: str = "") -> dict[str, str]:
    """The parameters with which Facebook sends Amira back."""
    answer = httpx.get(platform.connect_url(BACK, "s1") + more, trust_env=False)
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def test_a_person_agrees_and_the_page_has_a_token_of_its_own(facebook: FacebookRig) -> None:
    platform = facebook.platform
    unnamed = type(platform)(platform.supplies, {**platform.settings, "page": ""}, {"app_secret": "geheim"})
    answer = agreed(unnamed)
    found = unnamed.connected(answer, BACK)

    assert (found.settings["page"], found.settings["handle"], found.expires_at) == ("100200300", "Stadt Trier", None)
    connected = type(platform)(platform.supplies, found.settings, found.secrets)
    assert connected.profile().name == "Stadt Trier"
    with pytest.raises(Trouble):
        unnamed.connected(answer, BACK)  # a code is good for one time


def test_a_person_who_declines_connects_nothing(facebook: FacebookRig) -> None:
    with pytest.raises(Rejected, match="nicht erlaubt"):
        facebook.platform.connected(agreed(facebook.platform, "&deny=1"), BACK)


@pytest.mark.parametrize(
    ("pages", "says"),
    [
        ([], "führt keine Facebook-Seite"),
        ([("1", "Stadt", ["MODERATE"])], "darf diese Person nicht veröffentlichen"),
        ([("1", "Stadt", ["CREATE_CONTENT"]), ("2", "Zoo", ["CREATE_CONTENT"])], "Stadt, Zoo"),
    ],
)
def test_which_page_is_meant_is_asked_in_words(pages: list[tuple[str, str, list[str]]], says: str) -> None:
    told = [{"id": each, "name": name, "tasks": tasks, "access_token": "t"} for each, name, tasks in pages]
    platform = page(lambda request: httpx.Response(200, json={"access_token": "k", "data": told}))
    unnamed = Facebook(platform.supplies, {"app_id": "4711"}, {"app_secret": "geheim"})
    with pytest.raises(Rejected, match=says):
        unnamed.connected({"code": "c"}, BACK)


def test_an_unknown_app_is_locked_out(facebook: FacebookRig) -> None:
    wrong = Facebook(facebook.platform.supplies, facebook.platform.settings, {"access_token": "falsch"})
    with pytest.raises(LockedOut, match="abgelaufen"):
        wrong.profile()


def test_a_rehearsal_leaves_no_draft_behind() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.method} {request.url.path}")
        return httpx.Response(200, json={"id": "1_2", "success": True})

    page(answer).rehearse()
    assert [each.rsplit("/", 1)[-1] for each in asked] == ["feed", "1_2"]
    assert asked[-1].startswith("DELETE ")


def test_a_deletion_that_is_refused_comes_to_a_person() -> None:
    said = {"error": {"code": 100, "message": "Unsupported delete request."}}
    platform = page(lambda request: httpx.Response(400, json=said))
    with pytest.raises(Rejected, match="von Hand"):
        platform.withdraw(Placement((Part("1_1"),)))


@pytest.mark.parametrize("gone", [{"code": 100, "error_subcode": 33}, {"code": 24}])
def test_what_is_gone_already_is_taken_down(gone: dict[str, int]) -> None:
    page(lambda request: httpx.Response(400, json={"error": gone})).withdraw(Placement((Part("1_1"),)))


@pytest.mark.parametrize("tasks", [None, 5, "CREATE", {"0": "CREATE_CONTENT"}, [["CREATE_CONTENT"]]])
def test_rights_that_cannot_be_read_are_none(tasks: Any) -> None:
    mine = {"id": "1", "name": "Stadt", "access_token": "neu", "tasks": tasks}
    platform = page(lambda request: httpx.Response(200, json={"access_token": "t", "data": [mine]}))
    with pytest.raises(Rejected, match="darf diese Person nicht"):
        platform.connected({"code": "c"}, BACK)


def test_a_page_that_cannot_be_read_refuses_no_post() -> None:
    platform, keep = page(lambda request: httpx.Response(404)), RecordingKeep()
    with pytest.raises(TryLater):
        platform.send(new_order(), platform.render(draft())[0], keep)
    assert keep.kept == []
