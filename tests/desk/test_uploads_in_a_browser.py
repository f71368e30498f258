"""A large film over a bad line: the bar moves, the line breaks, and it goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django.fixtures import Settings

from ausrufer.adapter.testing import FakePlatform
from ausrufer.media.models import Upload
from ausrufer.posts import videos
from ausrufer.posts.models import Attachment, Post
from tests import town
from tests.media.clips import clip

pytestmark = pytest.mark.django_db(transaction=True)
Browse = Callable[..., Page]


@pytest.fixture
def draft(threads: FakePlatform, settings: Settings, tmp_path: Path) -> Post:
    settings.MEDIA_FOLDER = tmp_path / "media"
    settings.UPLOADS_FOLDER = tmp_path / "uploads"
    return town.written(town.ROADWORKS, by=town.amira())


def film(folder: Path, size: int = 10_000_000) -> Path:
    """A small clip with room at its end, as cameras leave it, so that it takes three pieces."""
    path = clip(folder / "film.mp4")
    room = size - path.stat().st_size
    with path.open("ab") as file:
        file.write(room.to_bytes(4, "big") + b"free" + bytes(room - 8))
    return path


def test_a_broken_line_costs_only_what_was_on_it(browse: Browse, draft: Post, tmp_path: Path) -> None:
    page = browse(town.amira(), f"/beitrag/{draft.address}/schreiben")
    offsets: list[str] = []

    def line(route: Route) -> None:
        if route.request.method == "PATCH":
            offsets.append(route.request.headers["upload-offset"])
            if len(offsets) == 2:
                route.abort("connectionreset")
                return
        route.continue_()

    page.route("**/hochladen/*", line)
    page.evaluate(
        "window.heard = []; new MutationObserver(() => window.heard.push("
        "document.getElementById('uploads-said').textContent))"
        ".observe(document.getElementById('uploads-said'), { childList: true })"
    )
    page.set_input_files("#new-media", film(tmp_path))
    expect(page.get_by_text("wartet auf die Umwandlung")).to_be_visible(timeout=20_000)
    assert offsets == ["0", "4194304", "4194304", "8388608"]
    assert any("25 %" in each for each in page.evaluate("window.heard"))
    assert page.evaluate("window.heard").count("film.mp4: ist angekommen.") == 1

    page.get_by_label("Beschreibung von Video 1 von 1").fill("Die Saarstraße ist gesperrt.")
    video = Attachment.objects.get()
    videos.make(video.pk)
    expect(page.get_by_alt_text("Standbild von Video 1")).to_be_visible()
    expect(page.get_by_role("region", name="Website").locator("video")).to_have_count(1)
    expect(page.locator("#uploads-said")).to_have_text("Das Video ist umgewandelt.")
    expect(page.locator("#problems")).to_be_empty()
    expect(page.get_by_label("Beschreibung von Video 1 von 1")).to_have_value("Die Saarstraße ist gesperrt.")
    video.refresh_from_db()
    assert video.alt == "Die Saarstraße ist gesperrt."


def test_the_bar_of_the_work_is_named(browse: Browse, draft: Post, tmp_path: Path) -> None:
    page = browse(town.amira(), f"/beitrag/{draft.address}/schreiben")
    page.set_input_files("#new-media", clip(tmp_path / "film.mp4"))
    expect(page.get_by_role("progressbar", name="wartet auf die Umwandlung")).to_have_attribute("value", "0")
    Upload.objects.update(state="working", progress=40)
    expect(page.get_by_role("progressbar", name="wird umgewandelt")).to_have_attribute("value", "40")


def test_what_is_refused_is_told_beside_the_button(browse: Browse, draft: Post) -> None:
    page = browse(town.amira(), f"/beitrag/{draft.address}/schreiben")
    letter = {"name": "brief.mp4", "mimeType": "video/mp4", "buffer": b"Sehr geehrte Damen und Herren"}
    page.set_input_files("#new-media", letter)  # type: ignore[arg-type]
    expect(page.locator("#uploads")).to_contain_text("„brief.mp4“ ist kein Bild und kein Video")
