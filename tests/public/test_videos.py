"""A film on the city's own pages: a poster, captions, no byte before somebody presses play, parts for who asks."""

from __future__ import annotations

import io
import socket
from pathlib import Path

import httpx
import pytest
from PIL import Image
from pytest_django.fixtures import Settings

from ausrufer.deliveries import changes
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.orders import placement_of
from ausrufer.deliveries.publish import publish
from ausrufer.media import uploads
from ausrufer.posts import pictures, videos
from ausrufer.posts.models import Attachment, Post, Topic
from ausrufer.public.pages import PublicPages
from ausrufer.public.rebuild import rerender
from tests import town
from tests.deliveries.conftest import work
from tests.media.clips import clip
from tests.posts.films import ALT, bring
from tests.public.conftest import OwnPages, Stream, own_delivery

CAPTIONS = b"WEBVTT\n\n00:00.000 --> 00:01.000\nGesperrt."
MEGABYTE = 1_000_000


def with_film(tmp_path: Path, settings: Settings) -> tuple[Post, Attachment]:
    """Amira's post about the roadworks with a film that is ready."""
    settings.UPLOADS_FOLDER = tmp_path / "uploads"
    amira = town.amira()
    post = town.written(town.ROADWORKS, by=amira, about=Topic.objects.get(key="roadworks"))
    content = clip(tmp_path / "film.mp4").read_bytes()
    upload = uploads.start(by=amira, post=post.address, name="film.mp4", size=len(content))
    video = videos.take(uploads.append(upload, offset=0, body=io.BytesIO(content)), by=amira)
    videos.make(video.pk)
    pictures.describe(video, by=amira, alt="Die gesperrte Saarstraße.", decorative=False)
    videos.add_captions(video, file=io.BytesIO(CAPTIONS), name="film.vtt", language="de", by=amira)
    post.refresh_from_db()
    video.refresh_from_db()
    return post, video


def published(post: Post) -> Delivery:
    publish(post, by=town.amira(), revision=post.revision)
    work()
    return own_delivery(post.address)


def test_a_film_is_shown_on_its_page_in_the_list_and_in_the_feeds(
    pages: OwnPages, tmp_path: Path, settings: Settings
) -> None:
    post, video = with_film(tmp_path, settings)
    published(post)
    captions = video.captions.get()
    for page in (f"/b/{post.address}", "/"):
        text = pages.text(page)
        assert f'<video controls preload="none" poster="/media/{video.poster}.jpg"' in text
        assert f'<source src="/media/{video.digest}.mp4" type="video/mp4">' in text
        assert (
            f'<track kind="captions" src="/media/{captions.digest}.vtt" srclang="de" label="Deutsch" default>' in text
        )
        assert 'aria-label="Die gesperrte Saarstraße."' in text
    assert pages.bytes(f"/media/{video.digest}.mp4")[4:8] == b"ftyp"
    assert pages.bytes(f"/media/{video.poster}.jpg").startswith(b"\xff\xd8")
    assert "Gesperrt." in pages.text(f"/media/{captions.digest}.vtt")
    [item] = pages.json("/feed.json")["items"]
    assert item["attachments"][0]["duration_in_seconds"] == video.seconds
    assert f'href="https://aktuell.stadt.example/media/{video.digest}.mp4"' in pages.text("/feed.atom")


def test_a_film_that_is_withdrawn_is_gone_with_all_that_belonged_to_it(
    pages: OwnPages, tmp_path: Path, settings: Settings
) -> None:
    post, video = with_film(tmp_path, settings)
    placement = placement_of(published(post))
    assert placement
    PublicPages().remove(placement)
    for name in (f"{video.digest}.mp4", f"{video.poster}.jpg", f"{video.captions.get().digest}.vtt"):
        assert not pages.bytes(f"/media/{name}")


def test_before_a_film_is_there_its_place_is_and_then_the_film_by_itself(
    pages: OwnPages, tmp_path: Path, settings: Settings
) -> None:
    post, film = awaited(tmp_path, settings)
    published(post)
    listed = ("/", "/thema/roadworks/")
    for page in (f"/b/{post.address}", *listed):
        words = pages.words(page)
        assert f"Das Video wird noch umgewandelt und erscheint hier, sobald es fertig ist. Es zeigt: {ALT}" in words
        assert "<video" not in pages.text(page)
    assert pages.json("/feed.json")["items"][0]["attachments"] == []
    assert "die Seite zeigt es, sobald es fertig ist" in pages.text("/feed.atom")

    town.let_time_pass(10)
    rerender()  # that it was seen
    videos.make(film.pk)
    rerender()
    film.refresh_from_db()
    for page in (f"/b/{post.address}", *listed):
        assert "umgewandelt" not in pages.words(page)
        assert f'<source src="/media/{film.digest}.mp4" type="video/mp4">' in pages.text(page)
    assert pages.json("/feed.json")["items"][0]["attachments"][0]["size_in_bytes"] == film.size
    assert "umgewandelt" not in pages.text("/feed.atom")
    assert pages.bytes(f"/media/{film.digest}.mp4")[4:8] == b"ftyp"


def test_a_film_that_cannot_be_made_leaves_no_place_behind(pages: OwnPages, tmp_path: Path, settings: Settings) -> None:
    post, film = awaited(tmp_path, settings, content=b"\0\0\0\x18ftypmp42" + bytes(2000))
    published(post)
    videos.make(film.pk)
    rerender()
    for page in (f"/b/{post.address}", "/", "/feed.atom"):
        assert "Saarstraße" in pages.words(page)
        assert "umgewandelt" not in pages.words(page)


def test_a_corrected_post_gets_its_film_with_the_new_words(pages: OwnPages, tmp_path: Path, settings: Settings) -> None:
    post, film = awaited(tmp_path, settings)
    release = published(post).release
    changes.correct(release, text="Die Saarstraße ist wieder frei.", reason="", by=town.amira())
    work()
    videos.make(film.pk)
    rerender()
    film.refresh_from_db()
    assert "wieder frei" in pages.words(f"/b/{post.address}")
    assert f"/media/{film.digest}.mp4" in pages.text(f"/b/{post.address}")


def test_the_film_of_a_post_that_is_being_taken_back_is_not_published(
    pages: OwnPages, tmp_path: Path, settings: Settings
) -> None:
    post, film = awaited(tmp_path, settings)
    release = published(post).release
    changes.withdraw(release, reason="Nur eine Übung.", by=town.amira())
    videos.make(film.pk)
    film.refresh_from_db()
    for step in (rerender, work, rerender):  # before the page is taken down, and after it
        step()
        assert not pages.bytes(f"/media/{film.digest}.mp4")
    assert "zurückgenommen" in pages.words(f"/b/{post.address}")


def awaited(tmp_path: Path, settings: Settings, *, content: bytes = b"") -> tuple[Post, Attachment]:
    """Amira's post about the roadworks with a film that is still to be made."""
    settings.UPLOADS_FOLDER = tmp_path / "uploads"
    post = town.written(town.ROADWORKS, by=town.amira(), about=Topic.objects.get(key="roadworks"))
    return post, bring(post, tmp_path, by=town.amira(), content=content)


def test_telephones_get_the_smaller_picture(pages: OwnPages) -> None:
    amira, photo = town.amira(), io.BytesIO()
    Image.new("RGB", (2000, 1500), "green").save(photo, "JPEG")
    photo.seek(0)
    post = town.written(town.ROADWORKS, by=amira, about=Topic.objects.get(key="roadworks"))
    picture = pictures.attach(post, file=photo, name="foto.jpg", by=amira, alt="Die Baustelle.")
    pictures.make_smaller(picture.digest)
    post.refresh_from_db()
    published(post)
    small, large = f"/media/{picture.digest}-720.jpg", f"/media/{picture.digest}.jpg"
    assert f'srcset="{small} 720w, {large} 1440w"' in pages.text(f"/b/{post.address}")
    assert Image.open(io.BytesIO(pages.bytes(small))).size == (720, 540)


@pytest.mark.django_db(transaction=True)
def test_a_slow_reader_of_a_long_film_costs_no_memory(stream: Stream, pages: OwnPages) -> None:
    content = bytes(range(250)) * 400_000  # 100 MB
    (pages.folder / "media").mkdir(exist_ok=True)
    (pages.folder / "media" / "film.mp4").write_bytes(content)
    with socket.create_connection(("127.0.0.1", stream.port), timeout=10) as slow:
        slow.sendall(b"GET /media/film.mp4 HTTP/1.1\r\nHost: x\r\n\r\n")
        assert slow.recv(1000).startswith(b"HTTP/1.1 200 OK")
        part = httpx.get(f"{stream.address}/media/film.mp4", headers={"Range": "bytes=99999000-"})
        assert (part.status_code, part.headers["Content-Range"]) == (206, "bytes 99999000-99999999/100000000")
        assert part.content == content[-1000:]
        assert memory(stream.process.pid) < 90 * MEGABYTE
    assert httpx.get(f"{stream.address}/media/film.mp4").content == content


def memory(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024
