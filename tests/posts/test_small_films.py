"""The smaller copy of a film is made when a platform first asks for it, once, and goes when its film goes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.fixtures import Settings

from ausrufer.adapter.errors import Rejected
from ausrufer.media import workshop
from ausrufer.media.models import SmallFilm
from ausrufer.posts import small_films, videos
from ausrufer.posts.models import Attachment, Post
from ausrufer.posts.sweep_media import GRACE, sweep_media
from tests import town
from tests.media.clips import clip
from tests.posts.films import bring

pytestmark = pytest.mark.django_db
BOX = (1280, 1024)


@pytest.fixture
def post(settings: Settings, tmp_path: Path) -> Post:
    settings.MEDIA_FOLDER, settings.UPLOADS_FOLDER = tmp_path / "media", tmp_path / "uploads"
    return town.written(town.ROADWORKS, by=town.amira())


@pytest.fixture
def film(post: Post, tmp_path: Path) -> Attachment:
    content = clip(tmp_path / "hoch.mp4", size=(1080, 1920), seconds=1.0).read_bytes()
    brought = bring(post, tmp_path, by=town.amira(), content=content)
    videos.make(brought.pk)
    brought.refresh_from_db()
    return brought


def jobs() -> int:
    return ProcrastinateJob.objects.filter(task_name="ausrufer.posts.tasks.make_small_film").count()


def made() -> SmallFilm:
    small_films.make(SmallFilm.objects.get().pk)
    return SmallFilm.objects.get()


def test_it_is_made_once_however_often_it_is_asked_for(film: Attachment, tmp_path: Path) -> None:
    assert [small_films.smaller(film.digest, BOX) for _ in range(3)] == [None] * 3
    assert jobs() == 1
    copy = made().digest
    assert small_films.smaller(film.digest, BOX) == copy
    assert (tmp_path / "media" / f"{copy}.mp4").stat().st_size > 0
    assert made().digest == copy  # a job that comes twice
    assert jobs() == 1


def test_a_worker_that_died_over_it_makes_it_the_next_time(film: Attachment, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def dies(*_: object, **__: object) -> None:
        raise Killed

    small_films.smaller(film.digest, BOX)
    with monkeypatch.context() as now:
        now.setattr(workshop, "make", dies)
        with pytest.raises(Killed):
            made()
    assert small_films.smaller(film.digest, BOX) is None
    assert made().state == SmallFilm.State.DONE


def test_what_cannot_be_made_smaller_is_said_and_tried_anew_another_day(film: Attachment, tmp_path: Path) -> None:
    (tmp_path / "media" / f"{film.digest}.mp4").write_bytes(b"kein Film" * 99)
    small_films.smaller(film.digest, BOX)
    assert made().state == SmallFilm.State.REFUSED
    with pytest.raises(Rejected, match="lässt sich nicht verkleinern"):
        small_films.smaller(film.digest, BOX)
    sweep_media()
    assert small_films.smaller(film.digest, BOX) is None


def test_it_is_kept_as_long_as_its_film(film: Attachment, tmp_path: Path) -> None:
    small_films.smaller(film.digest, BOX)
    copy = tmp_path / "media" / f"{made().digest}.mp4"
    for file in (tmp_path / "media").iterdir():
        os.utime(file, (0, file.stat().st_mtime - 2 * GRACE))
    sweep_media()
    assert copy.exists()
    film.delete()
    sweep_media()
    assert not copy.exists()
    assert not SmallFilm.objects.exists()
