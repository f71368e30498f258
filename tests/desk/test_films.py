"""What Amira reads while a film is still being made: before the button, on the board, and when nothing comes of it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from PIL import Image
from pytest_django.fixtures import Settings

from ausrufer.adapter.testing import FakePlatform
from ausrufer.deliveries.publish import publish
from ausrufer.desk.decisions import copied
from ausrufer.media import uploads
from ausrufer.media.models import Upload
from ausrufer.people.models import User
from ausrufer.platforms.instagram import Instagram
from ausrufer.posts import films, pictures, videos
from ausrufer.posts.discard import discard
from ausrufer.posts.models import Attachment, Post
from tests import town
from tests.deliveries.conftest import work
from tests.deliveries.test_follow_ups import CARRIES
from tests.desk.conftest import entries, named
from tests.desk.test_api import ask
from tests.posts.films import ALT, bring
from tests.system import words_of

Desk = Callable[[User], Client]
BROKEN = b"\0\0\0\x18ftypmp42" + bytes(2000)


@pytest.fixture(autouse=True)
def square(website: FakePlatform, settings: Settings, tmp_path: Path) -> Iterator[FakePlatform]:
    settings.UPLOADS_FOLDER = tmp_path / "uploads"
    yield from named(FakePlatform("square", facts=replace(CARRIES, max_videos=1)), "Square", 10)


def written(folder: Path, *, urgent: bool = False, content: bytes = b"") -> tuple[Post, Attachment]:
    about = town.crisis() if urgent else town.topic()
    post = town.written(town.STORM, by=town.amira(), about=about)
    return post, bring(post, folder, by=town.amira(), content=content)


def page(client: Client, post: Post, name: str) -> str:
    return words_of(client.get(f"/beitrag/{post.address}/{name}").content.decode())


def published(client: Client, post: Post) -> str:
    """The words on the board."""
    answer = client.post(f"/beitrag/{post.address}/veroeffentlichen", entries(post))
    assert answer["Location"] == f"/beitrag/{post.address}/zustellung"
    work()
    return page(client, post, "zustellung")


def test_before_the_button_one_sentence_says_what_will_happen(at_desk: Desk, tmp_path: Path) -> None:
    amira = at_desk(town.amira())
    ordinary, _ = written(tmp_path)
    words = page(amira, ordinary, "schreiben")
    assert (
        "Das Video wird noch umgewandelt: Höchstens fünf Minuten wird darauf gewartet (Square), dann geht dort der "
        "Text mit Link hinaus." in words
    )
    assert f"Hier steht das Video, sobald es umgewandelt ist. Beschreibung: {ALT}" in words
    assert "Wenn das Video nach fünf Minuten fehlt oder Square es nicht annimmt: Text mit Link" in words
    assert "Vorher fehlt noch" not in words

    crisis, _ = written(tmp_path, urgent=True)
    words = page(amira, crisis, "schreiben")
    assert (
        "Das Video wird noch umgewandelt: Auf Square geht der Text sofort hinaus, das Video folgt als Antwort." in words
    )
    assert "Als Antwort, sobald das Video umgewandelt ist: Video zur Meldung:" in words


def test_before_the_button_it_says_where_nothing_goes_without_the_film(
    at_desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = replace(CARRIES, can_reply=False, needs_picture=True, max_videos=1)
    for gallery in named(FakePlatform("gallery", facts=facts), "Galerie", 20):
        monkeypatch.setattr(gallery.platform, "render", Instagram.render)
        amira = at_desk(town.amira())
        post, _film = written(tmp_path)
        words = page(amira, post, "schreiben")
        assert "gewartet (Square), dann geht dort der Text mit Link hinaus. Galerie wartet, bis das Video" in words
        photo = io.BytesIO()
        Image.new("RGB", (1200, 800), "navy").save(photo, "JPEG")
        photo.seek(0)
        pictures.attach(post, file=photo, name="karte.jpg", by=town.amira(), alt="Karte")
        words = page(amira, post, "schreiben")
        assert "Galerie wartet höchstens fünf Minuten auf das Video, dann gehen dort die Bilder ohne es." in words
        assert "Wenn das Video nach fünf Minuten fehlt oder Galerie es nicht annimmt: ohne das Video" in words


@pytest.mark.parametrize("urgent", [False, True])
def test_what_becomes_of_its_captions_is_said_before_it_is_there(at_desk: Desk, tmp_path: Path, urgent: bool) -> None:
    post, film = written(tmp_path, urgent=urgent)
    spoken = io.BytesIO(b"WEBVTT\n\n00:00.000 --> 00:01.000\nDie Mosel steigt.")
    videos.add_captions(film, file=spoken, name="film.vtt", language="de", by=town.amira())
    words = page(at_desk(town.amira()), post, "schreiben")
    assert "Untertitel zeigt dieser Kanal nicht; sie stehen auf der eigenen Seite." in words


def test_the_board_says_that_it_waits_and_for_what(at_desk: Desk, tmp_path: Path) -> None:
    amira = at_desk(town.amira())
    post, film = written(tmp_path)
    board = published(amira, post)
    assert "Das Video wird noch umgewandelt. Ist es bis dahin nicht fertig, geht der Text mit Link." in board
    assert "Das Video wird noch umgewandelt; die Website zeigt es, sobald es fertig ist." in board
    assert "Das stimmt nicht" not in words_of(amira.get("/").content.decode())
    videos.make(film.pk)
    work()
    assert "Square ganzer Text, 1 Video online" in page(amira, post, "zustellung")


def test_after_five_minutes_somebody_is_told_until_the_film_is_there(at_desk: Desk, tmp_path: Path) -> None:
    amira = at_desk(town.amira())
    post, film = written(tmp_path)
    published(amira, post)
    town.let_time_pass(301)
    work()
    assert "ist noch nicht umgewandelt und nirgends zu sehen." in words_of(amira.get("/").content.decode())
    assert "Square Text mit Link online" in page(amira, post, "zustellung")
    videos.make(film.pk)
    assert "nicht umgewandelt" not in words_of(amira.get("/").content.decode())


def test_a_film_of_which_nothing_comes_is_a_task_with_its_reason(at_desk: Desk, tmp_path: Path) -> None:
    amira = at_desk(town.amira())
    post, film = written(tmp_path, urgent=True, content=BROKEN)
    board = published(amira, post)
    assert "folgt als Antwort, 1 Video wartet folgt, sobald das Video umgewandelt ist" in board
    videos.make(film.pk)
    board = page(amira, post, "zustellung")
    assert "nicht mehr gesendet Das Video ließ sich nicht umwandeln." in board
    home = words_of(amira.get("/").content.decode())
    assert "ließ sich nicht umwandeln und ist nirgends zu sehen. „film.mp4“ ist beschädigt oder unvollständig." in home
    assert "2 von 2 Kanälen online" in board


def test_programs_are_told_the_same(at_desk: Desk, tmp_path: Path) -> None:
    post, _film = written(tmp_path)
    published(at_desk(town.amira()), post)
    _, told = ask(town.amira(), f"/api/posts/{post.address}")
    own, square = told["deliveries"]
    assert (own["state"], own["shown"]) == ("online", "Original")
    assert (square["state"], square["shown"]) == ("waiting", "ganzer Text, 1 Video")
    assert square["sentence"].startswith("Das Video wird noch umgewandelt.")
    town.let_time_pass(301)
    work()
    _, told = ask(town.amira(), f"/api/posts/{post.address}")
    assert told["deliveries"][1]["shown"] == "Text mit Link"


def test_a_film_that_nobody_made_yet_goes_with_its_discarded_draft(tmp_path: Path) -> None:
    post, film = written(tmp_path)
    assert film.upload
    came = uploads.path_of(film.upload)
    assert came.exists()
    discard(post, by=town.amira())
    assert (came.exists(), Upload.objects.count()) == (False, 0)


def test_a_copy_of_a_draft_is_asked_for_in_vain(at_desk: Desk, tmp_path: Path) -> None:
    post, _film = written(tmp_path)
    for method in ("get", "post"):
        assert getattr(at_desk(town.amira()), method)(f"/beitrag/{post.address}/abschrift").status_code == 302
    assert Post.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_copy_that_is_written_while_the_film_becomes_ready_has_it(square: FakePlatform, tmp_path: Path) -> None:
    post, film = written(tmp_path)
    publish(post, by=town.amira(), revision=post.revision)
    assert film.upload
    upload = film.upload

    def written_anew() -> Post:
        try:
            return copied(post, by=town.amira())
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as clara:

        def ready() -> Future[Post]:
            Upload.objects.select_for_update().get(pk=upload.pk)  # nobody can name it in a row meanwhile
            copying = clara.submit(written_anew)
            wait([copying], timeout=1.0)  # she has read whatever she can read by now
            upload.attachments.update(digest="ab" * 32)
            uploads.done(upload)
            return copying

        begun: list[Future[Post]] = []
        films.settle(upload, lambda: begun.append(ready()))
        copy = begun[0].result(10)
    assert [each.digest for each in copy.attachments.all()] == ["ab" * 32]
