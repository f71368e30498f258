"""A post is approved while its film is still being made: exactly this film, in exactly this place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from ausrufer.posts import pictures, videos
from ausrufer.posts.approval import approve
from ausrufer.posts.models import Approval, Attachment, Post
from ausrufer.posts.readiness import problems
from ausrufer.posts.render import from_body, renditions
from tests import town
from tests.media.clips import clip
from tests.posts.films import ALT, bring


@pytest.fixture
def draft(settings: Settings, tmp_path: Path) -> Post:
    settings.UPLOADS_FOLDER = tmp_path / "uploads"
    for key in ("bluesky", "mastodon", "newsletter", "x"):
        town.channel(key)
    return town.written(town.ROADWORKS, by=town.amira())


def approved(post: Post) -> Approval:
    return approve(post, by=town.amira(), revision=post.revision)


def test_it_may_be_approved_as_soon_as_it_has_come_and_is_described(draft: Post, tmp_path: Path) -> None:
    film = bring(draft, tmp_path, by=town.amira())
    assert problems(draft) == []
    pictures.describe(film, by=town.amira(), alt="", decorative=False)
    assert [str(each) for each in problems(draft)] == [
        "Video 1 braucht eine Beschreibung oder das Zeichen „schmückend“."
    ]


def test_its_place_is_shown_before_it_is_there_and_filled_without_another_word(draft: Post, tmp_path: Path) -> None:
    film = bring(draft, tmp_path, by=town.amira())
    shown = {each.channel.key: each for each in renditions(draft)}
    assert all(shown[key].wanted.awaits and shown[key].waits for key in ("bluesky", "mastodon", "x"))
    assert not shown["own"].waits
    assert not shown["newsletter"].waits
    approval = approved(draft)
    videos.make(film.pk)
    film.refresh_from_db()

    for each in approval.renditions.select_related("channel"):
        before, after = shown[each.channel.key].renditions[each.rank], from_body(each.body)
        assert replace(after, videos=()) == replace(before, videos=())
        assert [one.digest for one in after.videos] == [film.digest] * len(before.videos)
        assert [one.alt for one in after.videos] == [ALT] * len(before.videos)


def test_who_would_not_take_it_as_it_became_keeps_what_was_approved_without(draft: Post, tmp_path: Path) -> None:
    film = bring(draft, tmp_path, by=town.amira())
    mastodon = draft.channels.get(key="mastodon")
    mastodon.limits = {"max_video": 1000}  # bytes
    mastodon.save()
    approval = approved(draft)
    videos.make(film.pk)

    first, second = (from_body(each.body) for each in approval.renditions.filter(channel=mastodon)[:2])
    assert (bool(first.awaits), second.wording, second.videos) == (True, "text_only", ())
    assert not from_body(approval.renditions.get(channel__key="bluesky", rank=0).body).awaits


def test_no_other_film_slips_in(draft: Post, tmp_path: Path) -> None:
    film = bring(draft, tmp_path, by=town.amira())
    approval = approved(draft)
    longer = clip(tmp_path / "anderer.mp4", seconds=2.0).read_bytes()
    other = bring(draft, tmp_path, by=town.amira(), content=longer)  # the draft is another one by now
    videos.make(other.pk)
    assert [each.body["videos"][0]["digest"] for each in approval.renditions.filter(rank=0)] == [""] * 5
    videos.make(film.pk)
    film.refresh_from_db()
    shown = {video["digest"] for each in approval.renditions.all() for video in each.body["videos"]}
    assert shown == {film.digest}


def test_each_of_two_films_comes_into_its_own_place(draft: Post, tmp_path: Path) -> None:
    longer = clip(tmp_path / "lang.mp4", seconds=2.0).read_bytes()
    films = [bring(draft, tmp_path, by=town.amira()), bring(draft, tmp_path, by=town.amira(), content=longer)]
    approval = approved(draft)
    for number, film in enumerate(films, 1):
        videos.make(film.pk)
        film.refresh_from_db()
        ready = [each.digest for each in films[:number]]
        shown = from_body(approval.renditions.get(channel__key="own", rank=0).body).videos
        assert [each.digest for each in shown] == [*ready, *[""] * (2 - number)]


def test_a_copy_of_the_post_does_not_take_its_film_away(draft: Post, tmp_path: Path) -> None:
    """Who writes it anew after a refusal, and leaves the film out there."""
    film = bring(draft, tmp_path, by=town.amira())
    approval = approved(draft)
    other = town.written(town.ROADWORKS, by=town.amira())
    copy = Attachment.objects.get(pk=film.pk)
    copy.pk, copy.post = None, other
    copy.save(force_insert=True)
    pictures.remove(copy, by=town.amira())
    videos.make(film.pk)
    assert not from_body(approval.renditions.get(channel__key="own", rank=0).body).awaits
