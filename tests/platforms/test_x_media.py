"""Media on X and its rotating access, with the played X: pieces, processing, a refresh token for one use."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from ausrufer.adapter.captions import NOT_TAKEN
from ausrufer.adapter.contract import Captions, Video
from ausrufer.adapter.errors import Holds, LockedOut, Rejected, TryLater
from ausrufer.adapter.http import Http
from ausrufer.adapter.supplies import Supplies
from ausrufer.adapter.testing import FakeMedia, RecordingKeep
from ausrufer.kernel.clock import utc_now
from ausrufer.platforms.x import X
from ausrufer.platforms.x import media as x_media
from ausrufer.platforms.x.media import PIECE
from tests.platforms.errand import Errand, draft, new_order
from tests.platforms.rigs import Rig, picture
from tests.platforms.rigs.x import Purse, XRig
from tests.sandbox import films

BACK = "https://redaktion.stadt.example/kanaele/zugestimmt"
FILM = films.film() + b"\0" * (PIECE * 2)


@pytest.fixture
def x(rigs: dict[str, Rig]) -> XRig:
    rig = rigs["x"]
    rig.fresh()
    return cast(XRig, rig)


def film(x: XRig, content: bytes = FILM, **more: Any) -> Video:
    stored = cast(FakeMedia, x.platform.supplies.media)
    kept = stored.add(content, alt="Die Mosel steigt", width=1280, height=720, mime="video/mp4")
    facts = {"width": 1280, "height": 720, "seconds": 12.0, "size": len(content), "alt": kept.alt}
    return Video(kept.digest, **{**facts, **more})


def test_a_video_travels_in_pieces_and_goes_out_when_it_is_ready(x: XRig) -> None:
    story = Errand(x.platform, x.platform.render(draft(videos=(film(x),))))
    placement = story.carry_out()

    assert story.rank == 0
    assert story.is_online(placement)
    assert x.standin.posts()[-1]["alts"] == ["Die Mosel steigt"]
    assert cast(FakeMedia, x.platform.supplies.media).most_read <= 65_536  # it may have 500 MB


def test_every_picture_has_its_description(x: XRig) -> None:
    two = (picture("bruecke"), picture("karte"))
    Errand(x.platform, x.platform.render(draft(pictures=two))).carry_out()
    assert x.standin.posts()[-1]["alts"] == [each.alt for each in two]


def test_a_piece_that_broke_off_is_sent_again_and_the_others_are_not(x: XRig) -> None:
    story = Errand(x.platform, x.platform.render(draft(videos=(film(x),))))
    x.standin.fault("drop_before", path="/append")
    x.standin.fault("drop_before", path="/append")
    assert story.send() is None  # a kept connection is tried once more by itself

    story.carry_out()
    assert story.rank == 0


def test_pictures_on_a_slow_line_are_uploaded_in_several_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the claim runs out in the middle, and the next sender begins with the first picture again, for ever."""
    clock, uploaded = [0.0], []
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/2/media/upload":
            clock[0] += 10.0
            uploaded.append(request)
        return httpx.Response(200, json={"data": [] if request.method == "GET" else {"id": str(len(uploaded))}})

    stored = FakeMedia()
    pictures = [stored.add(b"%d" % number, alt="Karte", width=800, height=600) for number in range(4)]
    supplies = Supplies(http=Http(transport=httpx.MockTransport(answer)), media=stored)
    platform = X(supplies, {"user_id": "1"}, {"access_token": "t"})
    wanted, order, keep = platform.render(draft(pictures=tuple(pictures)))[0], new_order(), RecordingKeep()
    while not keep.kept:
        begun = clock[0]
        try:
            platform.send(order, wanted, keep)
        except TryLater as trouble:
            order = replace(order, so_far=trouble.so_far or {})
        assert clock[0] - begun < 30
    assert len(uploaded) == 4


def test_what_is_no_film_leaves_text_and_link(x: XRig) -> None:
    story = Errand(x.platform, x.platform.render(draft(videos=(film(x, b"kein Film" * 99),))))
    story.carry_out()
    assert story.rendition.wording == "text_only"


@pytest.mark.parametrize("facts", [{"size": (1920, 1080)}, {"rate": 61.0}, {"codec": b"hvc1"}])
def test_a_film_that_x_cannot_process_leaves_text_and_link(x: XRig, facts: dict[str, Any]) -> None:
    story = Errand(x.platform, x.platform.render(draft(videos=(film(x, films.film(**facts)),))))
    story.carry_out()
    assert (story.rendition.wording, story.refusals) == ("text_only", ["X kann das Video nicht verarbeiten."])


def too_large(x: XRig, seconds: float) -> Video:
    """As telephones film it; each its own, since a copy that is made stays."""
    return film(x, films.film(seconds, size=(1080, 1920)), width=1080, height=1920, seconds=seconds)


def test_a_film_with_too_many_pixels_waits_for_its_smaller_copy(x: XRig) -> None:
    large, stored = too_large(x, 11.0), cast(FakeMedia, x.platform.supplies.media)
    story = Errand(x.platform, x.platform.render(draft(videos=(large,))))
    assert story.send() is None
    assert stored.asked[-1] == (large.digest, (1280, 1024))
    with pytest.raises(TryLater) as waits:
        x.platform.send(story.order, story.rendition, story.keep)
    assert (str(waits.value), waits.value.holds) == ("Das Video wird für X verkleinert.", Holds.DELIVERY)

    small = stored.add(films.film(size=(720, 1280)), alt="", width=720, height=1280, mime="video/mp4")
    stored.copies[large.digest] = small.digest
    assert story.is_online(story.carry_out())
    assert story.rank == 0
    assert x.standin.posts()[-1]["alts"] == ["Die Mosel steigt"]


def test_a_copy_that_takes_too_long_or_cannot_be_made_leaves_text_and_link(
    x: XRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    large, stored = too_large(x, 9.0), cast(FakeMedia, x.platform.supplies.media)
    late = Errand(x.platform, x.platform.render(draft(videos=(large,))))
    assert late.send() is None
    with monkeypatch.context() as later:
        later.setattr(x_media, "utc_now", lambda: utc_now() + timedelta(seconds=301))
        assert late.send() is None
    assert (late.refusals, late.rendition.wording) == (
        ["Das Video wird seit über fünf Minuten für X verkleinert."],
        "text_only",
    )
    stored.copies[large.digest] = None
    never = Errand(x.platform, x.platform.render(draft(videos=(large,))))
    assert never.send() is None
    assert never.refusals == ["Das Video lässt sich nicht verkleinern."]


@pytest.mark.parametrize("facts", [{"seconds": 141.0}, {"size": 512_000_001}])
def test_a_film_that_x_does_not_take_stays_on_our_page(x: XRig, facts: dict[str, Any]) -> None:
    wanted = x.platform.render(draft(videos=(film(x, **facts),)))[0]
    assert wanted.videos == ()
    assert wanted.page in wanted.text


def test_pictures_and_a_film_together_are_not_possible_there(x: XRig) -> None:
    wanted = x.platform.render(draft(pictures=(picture("bruecke"),), videos=(film(x),)))[0]
    assert (len(wanted.pictures), len(wanted.videos), wanted.wording) == (1, 0, "linked")
    assert wanted.page in wanted.text


def test_processing_is_waited_for_without_holding_anything_up(x: XRig) -> None:
    story = Errand(x.platform, x.platform.render(draft(videos=(film(x),))))
    assert story.send() is None
    assert story.waits == [1.0]
    assert next(iter(story.order.so_far["media"].values()))["state"] == "in_progress"


def test_after_five_minutes_of_processing_the_text_goes_with_the_link(x: XRig) -> None:
    wanted = film(x)
    story = Errand(x.platform, x.platform.render(draft(videos=(wanted,))))
    assert story.send() is None
    entry = story.order.so_far["media"][wanted.digest]
    entry["since"] -= 301
    working = {"id": entry["id"], "processing_info": {"state": "in_progress", "check_after_secs": 1}}
    x.standin.fault("refuse", path="/2/media/upload", method="GET", status=200, body={"data": working})
    assert story.send() is None
    assert story.refusals == ["X verarbeitet das Video seit über fünf Minuten."]

    story.carry_out()
    assert story.rendition.wording == "text_only"


def test_a_post_that_stays_unheard_twice_goes_without_its_captions(x: XRig) -> None:
    """X has been seen to answer 503 for ever when it could not read the captions of a film."""
    stored = cast(FakeMedia, x.platform.supplies.media)
    said = stored.add(b"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nDie Mosel steigt.\n", alt="", width=0, height=0)
    wanted = film(x, captions=(Captions(said.digest, "de", said.size),))
    story = Errand(x.platform, x.platform.render(draft(videos=(wanted,))))
    for _ in range(2):
        x.standin.fault("status", path="/2/tweets", method="POST", status=503)
    placement = story.carry_out(within=40.0)

    assert (story.rank, x.standin.posts()[-1]["captions"]) == (0, [])
    assert x.standin.posts()[-1]["alts"] == ["Die Mosel steigt"]  # uploaded anew, and described
    assert placement.note == NOT_TAKEN


def agreed(platform: X, more: str = "") -> dict[str, str]:
    """The parameters with which X sends Amira back."""
    answer = httpx.get(platform.connect_url(BACK, "s1") + more, trust_env=False)
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


class Store:
    """Of the channel's secrets: whoever changes them sees what was stored last."""

    def __init__(self, stored: Mapping[str, str]) -> None:
        self.stored = stored

    def renew(self, channel: str, change: Callable[[Mapping[str, str]], Mapping[str, str]]) -> Mapping[str, str]:
        self.stored = change(self.stored)
        return self.stored


def at(x: XRig, secrets: Mapping[str, str], store: Store | None = None) -> X:
    settings = {**x.platform.settings, "web": x.standin.origin, "client_id": "app"}
    supplies = replace(x.platform.supplies, secrets=store)
    return X(supplies, settings, {"client_secret": "geheim", **secrets}, channel="x")


def test_a_person_agrees_and_the_code_is_good_once_and_for_us_only(x: XRig) -> None:
    platform = at(x, {})
    answer = agreed(platform)
    found = platform.connected(answer, BACK)
    assert found.settings["handle"] == "@stadt_trier"
    with pytest.raises(LockedOut):
        platform.connected(answer, BACK)
    stolen = agreed(platform)
    with pytest.raises(LockedOut):
        at(x, {"client_secret": "anderes"}).connected(stolen, BACK)


def test_a_person_who_declines_connects_nothing(x: XRig) -> None:
    with pytest.raises(Rejected):
        at(x, {}).connected(agreed(at(x, {}), "&deny=1"), BACK)


def test_two_who_renew_at_once_use_the_refresh_token_once(x: XRig) -> None:
    first = at(x, {}).connected(agreed(at(x, {})), BACK).secrets
    store = Store(first)
    fresh = at(x, first, store).renew()
    second = at(x, first, store).renew()  # it still held the old one

    assert fresh.secrets["refresh_token"] != first["refresh_token"]
    assert second.secrets == fresh.secrets
    assert at(x, fresh.secrets).profile().handle == "@stadt_trier"


def test_a_refresh_token_that_was_used_asks_for_a_person(x: XRig) -> None:
    old = at(x, {}).connected(agreed(at(x, {})), BACK).secrets
    at(x, old, Store(old)).renew()
    with pytest.raises(LockedOut, match="lässt uns nicht mehr hinein"):
        at(x, old, Store(old)).renew()


def test_after_two_hours_a_fresh_token_is_needed_and_renewing_brings_it(x: XRig) -> None:
    agreed_to = at(x, {}).connected(agreed(at(x, {})), BACK)
    x.pass_time(7200)
    with pytest.raises(LockedOut):
        at(x, agreed_to.secrets).profile()

    fresh = at(x, agreed_to.secrets, Store(agreed_to.secrets)).renew()
    assert at(x, fresh.secrets).profile().handle == "@stadt_trier"


def test_a_text_waits_for_its_budget_and_not_for_the_channel(x: XRig) -> None:
    supplies = replace(x.platform.supplies, ledger=Purse(is_empty=True))
    poor = X(supplies, x.platform.settings, x.platform.secrets, channel="x")
    story = Errand(poor, poor.render(draft()))
    before = len(x.timeline())
    assert story.send() is None
    assert (story.waits, len(x.timeline())) == ([3600], before)
