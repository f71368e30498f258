"""Large files come in pieces: the protocol as a client sees it, and what becomes of the file."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from ausrufer.adapter.testing import FakePlatform
from ausrufer.media import uploads
from ausrufer.media.models import Upload
from ausrufer.people.models import User
from ausrufer.posts import videos
from ausrufer.posts.models import Post
from ausrufer.posts.readiness import problems
from tests import town
from tests.desk.conftest import entries, picture
from tests.media.clips import clip

Desk = Callable[[User], Client]
TUS = {"Tus-Resumable": "1.0.0"}


@pytest.fixture
def draft(threads: FakePlatform, settings: Settings, tmp_path: Path) -> Post:
    settings.MEDIA_FOLDER = tmp_path / "media"
    settings.UPLOADS_FOLDER = tmp_path / "uploads"
    return town.written(town.ROADWORKS, by=town.amira())


@pytest.fixture
def film(tmp_path: Path) -> bytes:
    return clip(tmp_path / "film.mp4").read_bytes()


def begin(client: Client, post: Post, size: int, name: str = "film.mp4", **more: str) -> Any:
    words = f"filename {base64.b64encode(name.encode()).decode()},filetype dmlkZW8="
    headers = {**TUS, "Upload-Length": str(size), "Upload-Metadata": words, **more}
    return client.post(f"/beitrag/{post.address}/hochladen", headers=headers)


def send(client: Client, place: str, offset: int, content: bytes, **more: str) -> Any:
    headers = {**TUS, "Upload-Offset": str(offset), **more}
    return client.patch(place, content, content_type="application/offset+octet-stream", headers=headers)


def offset(client: Client, place: str) -> int:
    return int(client.head(place, headers=TUS)["Upload-Offset"])


def whole(client: Client, post: Post, content: bytes, name: str) -> dict[str, Any]:
    place = begin(client, post, len(content), name)["Location"]
    assert send(client, place, 0, content).status_code == 204
    found: dict[str, Any] = client.get(place).json()
    return found


def work() -> None:
    for each in Upload.objects.filter(state="waiting"):
        videos.make(each.attachments.get().pk)


def test_a_film_in_two_pieces(draft: Post, at_desk: Desk, film: bytes) -> None:
    amira = at_desk(town.amira())
    created = begin(amira, draft, len(film))
    assert (created.status_code, created["Tus-Resumable"]) == (201, "1.0.0")
    place = created["Location"]
    assert send(amira, place, 0, film[:1000])["Upload-Offset"] == "1000"
    assert offset(amira, place) == 1000
    assert send(amira, place, 1000, film[1000:])["Upload-Offset"] == str(len(film))
    assert amira.get(place).json() == {"state": "waiting", "progress": 0, "sentence": ""}
    work()
    assert amira.get(place).json() == {"state": "done", "progress": 100, "sentence": ""}
    video = draft.attachments.get()
    assert (video.is_video, video.width, video.height, round(video.seconds)) == (True, 320, 240, 2)
    page = amira.get(f"/beitrag/{draft.address}/schreiben").content.decode()
    assert f"/bild/{video.digest}.mp4" in page
    assert amira.get(f"/bild/{video.digest}.mp4")["Content-Type"] == "video/mp4"
    assert amira.get(f"/bild/{video.poster}.jpg")["Content-Type"] == "image/jpeg"


def test_the_server_says_where_it_is_and_takes_nothing_elsewhere(draft: Post, at_desk: Desk) -> None:
    amira = at_desk(town.amira())
    place = begin(amira, draft, 10)["Location"]
    send(amira, place, 0, b"12345")
    assert send(amira, place, 0, b"12345").status_code == 409
    assert send(amira, place, 7, b"890").status_code == 409
    assert offset(amira, place) == 5


def test_more_than_was_announced_is_not_written(draft: Post, at_desk: Desk) -> None:
    amira = at_desk(town.amira())
    place = begin(amira, draft, 4)["Location"]
    assert send(amira, place, 0, b"1234567")["Upload-Offset"] == "4"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412),
        ({"Upload-Length": "viel"}, 400),
        ({"Upload-Length": "500000001"}, 413),
        ({"Upload-Length": "0"}, 413),
    ],
)
def test_what_cannot_become_anything_is_not_begun(
    draft: Post, at_desk: Desk, headers: dict[str, str], status: int
) -> None:
    assert begin(at_desk(town.amira()), draft, 10, **headers).status_code == status
    assert not Upload.objects.exists()


def test_nobody_adds_to_the_upload_of_somebody_else(draft: Post, at_desk: Desk) -> None:
    place = begin(at_desk(town.amira()), draft, 10)["Location"]
    clara = at_desk(town.clara())
    assert send(clara, place, 0, b"12345").status_code == 404
    assert clara.head(place, headers=TUS).status_code == 404
    assert begin(at_desk(town.bernd()), draft, 10).status_code == 403


def test_another_type_of_piece_is_refused(draft: Post, at_desk: Desk) -> None:
    amira = at_desk(town.amira())
    place = begin(amira, draft, 10)["Location"]
    assert amira.patch(place, b"x", content_type="text/plain", headers=TUS).status_code == 415


def test_a_large_picture_comes_this_way_too(draft: Post, at_desk: Desk) -> None:
    assert whole(at_desk(town.amira()), draft, picture().getvalue(), "plan.png")["state"] == "done"
    assert not draft.attachments.get().is_video


def test_what_is_no_film_is_told_and_leaves_nothing(draft: Post, at_desk: Desk, settings: Settings) -> None:
    said = whole(at_desk(town.amira()), draft, b"Sehr geehrte Damen und Herren", "brief.mp4")
    assert said["state"] == "refused"
    assert said["sentence"].startswith("„brief.mp4“ ist kein Bild und kein Video")
    assert not draft.attachments.exists()
    assert not list(Path(settings.UPLOADS_FOLDER).iterdir())


def test_a_film_that_turns_out_broken_is_told_where_it_stands_and_holds_the_release(
    draft: Post, at_desk: Desk, film: bytes, settings: Settings
) -> None:
    amira = at_desk(town.amira())
    whole(amira, draft, film[: len(film) // 2], "film.mp4")
    assert not any("Video 1 ließ sich" in str(each) for each in problems(draft))  # nobody knows yet
    work()
    progress = amira.get(f"/beitrag/{draft.address}/videos?open={draft.attachments.get().pk}")
    assert "„film.mp4“ ist beschädigt oder unvollständig." in progress.content.decode()
    assert progress["HX-Trigger"] == "mediaChanged"
    assert any("ließ sich nicht verwenden" in str(each) for each in problems(draft))
    assert not list(Path(settings.UPLOADS_FOLDER).iterdir())


def test_a_film_needs_words_or_a_mark(draft: Post, at_desk: Desk, film: bytes) -> None:
    amira = at_desk(town.amira())
    whole(amira, draft, film, "film.mp4")
    work()
    assert [str(each) for each in problems(draft)] == [
        "Video 1 braucht eine Beschreibung oder das Zeichen „schmückend“."
    ]
    video = draft.attachments.get()
    amira.post(f"/beitrag/{draft.address}/schreiben", entries(draft, **{f"alt-{video.pk}": "Die Sperrung."}))
    assert not problems(draft)


def change(client: Client, post: Post, **changes: object) -> str:
    answer = client.post(f"/beitrag/{post.address}/bilder", {**entries(post), **changes}, follow=True)
    return answer.content.decode()


def test_without_a_script_a_film_and_its_captions_come_with_the_form(draft: Post, at_desk: Desk, film: bytes) -> None:
    amira = at_desk(town.amira())
    change(amira, draft, media=SimpleUploadedFile("film.mp4", film))
    work()
    video = draft.attachments.get()
    captions = SimpleUploadedFile("film.vtt", b"WEBVTT\n\n00:00.000 --> 00:01.000\nGesperrt.")
    change(amira, draft, **{f"captions-{video.pk}": captions, f"caption-language-{video.pk}": "de"})
    stored = video.captions.get()
    assert amira.get(f"/bild/{stored.digest}.vtt")["Content-Type"] == "text/vtt"
    page = change(amira, draft, **{f"captions-{video.pk}": SimpleUploadedFile("x.vtt", b"nein")})
    assert "„x.vtt“ ist keine Untertiteldatei" in page
    change(amira, draft, uncaption=stored.pk)
    assert not video.captions.exists()


def test_a_removed_film_is_not_worked_on(draft: Post, at_desk: Desk, film: bytes, settings: Settings) -> None:
    amira = at_desk(town.amira())
    whole(amira, draft, film, "film.mp4")
    number = draft.attachments.get().pk
    change(amira, draft, remove=number)
    videos.make(number)
    assert not list(Path(settings.UPLOADS_FOLDER).iterdir())


def test_what_nobody_went_on_sending_is_swept_after_a_day(
    draft: Post, at_desk: Desk, film: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    amira = at_desk(town.amira())
    left = begin(amira, draft, 10)["Location"]
    whole(amira, draft, film, "film.mp4")  # waits for the worker
    assert uploads.sweep_uploads() == 0
    monkeypatch.setattr(uploads, "GRACE", -1.0)
    assert uploads.sweep_uploads() == 1
    assert amira.head(left, headers=TUS).status_code == 404
    work()
    assert draft.attachments.get().is_ready
