"""Captions come along wherever a platform shows them, and never stop the film."""

from __future__ import annotations

from typing import cast

from ausrufer.adapter.capabilities import SendsPictures
from ausrufer.adapter.captions import NOT_TAKEN
from ausrufer.adapter.contract import Captions, Platform, Video
from ausrufer.adapter.testing import FakeMedia
from tests.platforms.errand import Errand, draft
from tests.platforms.known import platforms_that
from tests.platforms.rigs import CaptionRig
from tests.platforms.test_every_platform import renditions
from tests.sandbox import films

FILM = films.film()
CUE = "00:00:00.000 --> 00:00:02.000"
SAID = {
    "de": f"WEBVTT\n\n{CUE}\nDie Mosel steigt &amp; steigt.\n",
    "en": f"WEBVTT\n\n{CUE}\nThe Moselle is rising.\n\n{CUE}\nStay away.\n",
}
CARRIED = platforms_that(lambda can: can.shows_captions and can.sends_pictures == SendsPictures.UPLOAD)


def captioned(stored: FakeMedia) -> Video:
    film = stored.add(FILM, alt="Die Mosel steigt", width=1280, height=720, mime="video/mp4")
    kept = {language: stored.add(words.encode(), alt="", width=0, height=0) for language, words in SAID.items()}
    tracks = tuple(Captions(each.digest, language, each.size) for language, each in kept.items())
    return Video(film.digest, 1280, 720, 12.0, film.size, film.alt, captions=tracks)


def story_at(rig: CaptionRig) -> Errand:
    film = captioned(cast(FakeMedia, rig.platform.supplies.media))
    return Errand(rig.platform, rig.platform.render(draft(videos=(film,))))


@platforms_that(lambda can: can.shows_captions)
def test_only_who_shows_films_shows_captions(platform_class: type[Platform]) -> None:
    assert platform_class.capabilities.max_videos


@platforms_that(lambda can: can.shows_captions)
def test_captions_stay_with_the_film_in_what_is_approved(platform_class: type[Platform]) -> None:
    [film] = renditions(platform_class, draft(videos=(captioned(FakeMedia()),)))[0].videos
    assert [each.language for each in film.captions] == ["de", "en"]


@CARRIED
def test_a_viewer_can_choose_among_the_captions(rig: CaptionRig) -> None:
    story = story_at(rig)
    placement = story.carry_out()

    assert story.rank == 0
    assert sorted(rig.captions()) == ["de", "en"]
    assert placement.note == ""


@CARRIED
def test_refused_captions_never_stop_the_film_and_the_receipt_says_so(rig: CaptionRig) -> None:
    story = story_at(rig)
    rig.refuse_the_next_captions()
    placement = story.carry_out()

    assert (story.rank, story.refusals) == (0, [])
    assert story.is_online(placement)
    assert rig.captions() == ["en"]
    assert placement.note == NOT_TAKEN


@CARRIED
def test_a_film_found_again_after_a_lost_answer_has_its_captions(rig: CaptionRig) -> None:
    story = story_at(rig)
    rig.lose_the_next_answer()
    story.carry_out()

    assert story.rank == 0
    assert sorted(rig.captions()) == ["de", "en"]
