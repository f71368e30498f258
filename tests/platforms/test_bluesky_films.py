"""Films on Bluesky: a service of its own works on them, and the text waits for none too long; against the stand-in."""

from __future__ import annotations

import pytest

from ausrufer.adapter.contract import Captions, Video
from ausrufer.adapter.testing import FakeMedia
from ausrufer.platforms.bluesky import Bluesky
from tests.platforms.errand import Errand, draft
from tests.platforms.rigs import Rig
from tests.platforms.rigs.bluesky import BlueskyRig
from tests.platforms.test_bluesky import carried_out
from tests.sandbox.playing_bluesky import HANDLE, PASSWORD


@pytest.fixture
def bluesky(rigs: dict[str, Rig]) -> BlueskyRig:
    """The stand-in as a real process, empty and calm."""
    rig = rigs["bluesky"]
    assert isinstance(rig, BlueskyRig)
    rig.standin.calm(posts=True)
    return rig


def film(rig: BlueskyRig) -> Video:
    stored = rig.platform.supplies.media
    assert isinstance(stored, FakeMedia)
    shown, said = (stored.add(content, alt="", width=1, height=1) for content in (b"\0\0\0\x18ftyp" * 99, b"WEBVTT\n"))
    captions = (Captions(said.digest, "de", said.size), Captions(said.digest, "en", 20_001))
    return Video(shown.digest, 1280, 720, 9.0, shown.size, "Pegel an der Mosel", captions=captions)


def test_a_video_is_waited_for_and_comes_with_its_subtitles(bluesky: BlueskyRig) -> None:
    story, placement = carried_out(bluesky, draft(videos=(film(bluesky),)))
    embed = bluesky.standin.posts()[0]["embed"]
    calls = bluesky.standin.state()["calls"]

    assert story.is_online(placement)
    assert (embed["alt"], [each["lang"] for each in embed["captions"]]) == ("Pegel an der Mosel", ["de"])
    assert (calls["uploadVideo"], story.waits) == (1, [1, 2, 3])
    assert '<track kind="captions" srclang="de"' in bluesky.standin.page()


def test_a_film_that_is_there_already_is_shown_again(bluesky: BlueskyRig) -> None:
    carried_out(bluesky, draft(videos=(film(bluesky),)))
    story, _ = carried_out(bluesky, draft(videos=(film(bluesky),)))

    assert (story.rank, story.waits) == (0, [])
    assert [bool(each.get("embed")) for each in bluesky.standin.posts()] == [True, True]


def test_a_film_whose_upload_lost_its_answer_is_not_left_out(bluesky: BlueskyRig) -> None:
    bluesky.standin.fault("timeout_after", match="video", count=1)
    story, placement = carried_out(bluesky, draft(videos=(film(bluesky),)))

    assert story.rank == 0
    assert story.is_online(placement)


def test_a_video_that_cannot_be_processed_leaves_text_and_link(bluesky: BlueskyRig) -> None:
    bluesky.standin.set(video_looks=0, video_fails="encoding_failure")
    story, _ = carried_out(bluesky, draft(videos=(film(bluesky),)))

    assert (story.rendition.wording, story.refusals) == ("text_only", ["Bluesky kann das Video nicht verarbeiten."])
    assert story.rendition.page in bluesky.timeline()[0]


def test_a_video_still_in_work_after_five_minutes_keeps_the_text_waiting_no_longer(bluesky: BlueskyRig) -> None:
    bluesky.standin.set(video_looks=10_000)
    story = Errand(bluesky.platform, bluesky.platform.render(draft(videos=(film(bluesky),))))
    while not story.refusals:
        story.send()

    assert 290 <= sum(story.waits) <= 310
    story.carry_out()
    assert len(bluesky.timeline()) == 1


def test_a_video_that_never_gets_through_keeps_the_text_waiting_no_longer(bluesky: BlueskyRig) -> None:
    bluesky.standin.fault("timeout_before", match="video", count=None)
    story = Errand(bluesky.platform, bluesky.platform.render(draft(videos=(film(bluesky),))))
    while not story.refusals:
        story.send()
    story.carry_out()

    assert (len(story.waits), story.rendition.wording) == (5, "text_only")
    assert bluesky.timeline() == [story.rendition.text]


def test_a_server_without_video_service_takes_the_film_itself(bluesky: BlueskyRig) -> None:
    settings = {**bluesky.platform.settings, "video": ""}
    platform = Bluesky(bluesky.platform.supplies, settings, bluesky.platform.secrets)
    story = Errand(platform, platform.render(draft(videos=(film(bluesky),))))
    story.carry_out()

    assert story.waits == [0]
    assert "uploadVideo" not in bluesky.standin.state()["calls"]


def test_who_did_not_confirm_the_address_reads_so_and_the_text_goes(bluesky: BlueskyRig) -> None:
    bluesky.standin.told("accounts", handle=HANDLE, password=PASSWORD, is_confirmed=False)
    story, _ = carried_out(bluesky, draft(videos=(film(bluesky),)))

    assert story.refusals == ["Bluesky nimmt Videos erst an, wenn die E-Mail-Adresse des Kontos dort bestätigt ist."]
    assert (story.rendition.wording, bluesky.timeline()) == ("text_only", [story.rendition.text])


def test_once_the_days_films_are_used_up_the_text_goes_at_once_and_no_film_is_brought_again(
    bluesky: BlueskyRig,
) -> None:
    bluesky.standin.set(daily_videos=0)
    story, _ = carried_out(bluesky, draft(videos=(film(bluesky),)))

    assert (story.refusals, story.waits) == (["Bluesky nimmt heute von diesem Konto kein Video mehr an."], [])
    assert story.rendition.page in bluesky.timeline()[0]
    assert bluesky.standin.state()["calls"]["uploadVideo"] == 1
