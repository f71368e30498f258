"""Nobody is shut out of what came with every channel: uploads, captions, changes, channels in every state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from ausrufer.adapter.testing import FakePlatform
from ausrufer.channels.models import Channel, HeldFor
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.publish import publish
from ausrufer.kernel.database_clock import database_now
from ausrufer.kernel.sentence import Sentence
from ausrufer.media.models import Upload
from ausrufer.posts import videos
from ausrufer.posts.models import Attachment, Post
from tests import town
from tests.deliveries.conftest import work
from tests.desk.test_in_a_browser import RULES
from tests.media.clips import clip
from tests.posts.films import bring

pytestmark = pytest.mark.django_db(transaction=True)
Browse = Callable[..., Page]
EVERYWHERE = pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
CAPTIONS = b"WEBVTT\n\n00:00.000 --> 00:01.000\nDie Saarstra\xc3\x9fe ist gesperrt.\n"


def is_open_to_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert Axe().run(page, options=RULES).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.fixture
def draft(threads: FakePlatform, settings: Settings, tmp_path: Path) -> Post:
    settings.MEDIA_FOLDER, settings.UPLOADS_FOLDER = tmp_path / "media", tmp_path / "uploads"
    return town.written(town.ROADWORKS, by=town.amira())


@EVERYWHERE
def test_an_upload_and_a_video_with_captions(
    browse: Browse, draft: Post, tmp_path: Path, width: int, scheme: str
) -> None:
    page = browse(town.amira(), f"/beitrag/{draft.address}/schreiben", width=width, scheme=scheme)
    page.set_input_files("#new-media", clip(tmp_path / "film.mp4"))
    expect(page.get_by_text("wartet auf die Umwandlung")).to_be_visible(timeout=20_000)
    Upload.objects.update(state="working", progress=40)
    expect(page.get_by_role("progressbar", name="wird umgewandelt")).to_have_attribute("value", "40")
    is_open_to_all(page)
    Upload.objects.update(state="waiting")
    videos.make(Attachment.objects.get().pk)
    expect(page.get_by_alt_text("Standbild von Video 1")).to_be_visible()
    page.locator("summary", has_text="Untertitel").first.click()
    captions = {"name": "film.vtt", "mimeType": "text/vtt", "buffer": CAPTIONS}
    page.get_by_label("Untertitel für Video 1, WebVTT").set_input_files(captions)  # type: ignore[arg-type]
    expect(page.get_by_role("button", name="Untertitel entfernen")).to_be_visible()
    is_open_to_all(page)


@EVERYWHERE
def test_changing_taking_back_and_confirming_by_hand(
    browse: Browse, threads: FakePlatform, width: int, scheme: str
) -> None:
    town.channel("byhand", key="whatsapp", position=90)
    post = town.written(town.ROADWORKS, by=town.amira())
    publish(post, by=town.amira(), revision=post.revision)
    work()
    carried = Delivery.objects.get(channel__key="whatsapp")
    page = browse(town.amira(), f"/beitrag/{post.address}/zustellung", width=width, scheme=scheme)
    for path in ("berichtigen", "zuruecknehmen", f"zustellung/{carried.key}"):
        page.goto(f"/beitrag/{post.address}/{path}")
        is_open_to_all(page)


@EVERYWHERE
@pytest.mark.parametrize("language", ["de-DE", "en-GB"])
def test_channels_in_every_state(browse: Browse, website: FakePlatform, width: int, scheme: str, language: str) -> None:
    now = database_now()
    facts: dict[str, dict[str, object]] = {
        "new": {},
        "ready": {"secrets": {"access_token": "x"}},
        "ending": {"secrets": {"access_token": "x"}, "expires_at": now + timedelta(days=5)},
        "patient": {"held_for": HeldFor.PATIENCE, "held_until": now + timedelta(minutes=10)},
        "locked": {"held_for": HeldFor.ACCESS, "held_sentence": Sentence("Bitte noch einmal verbinden.").as_json()},
        "paused": {"paused_at": now, "paused_because": "Umbau"},
        "stopped": {"is_active": False, "stopped_at": now, "stopped_because": "Die Plattform schließt."},
    }
    for place, (key, more) in enumerate(facts.items()):
        Channel.objects.create(key=key, platform="threads", name=f"Threads {key}", position=20 + place, **more)
    page = browse(town.amira(), "/", width=width, scheme=scheme, language=language)
    for path in ("/kanaele", "/kanaele/new/verbinden", "/kanaele/new/stilllegen", "/"):
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == language[:2]
        is_open_to_all(page)


@EVERYWHERE
@pytest.mark.parametrize("is_broken", [False, True])
def test_a_post_that_goes_out_before_its_film(
    browse: Browse, draft: Post, tmp_path: Path, width: int, scheme: str, is_broken: bool
) -> None:
    amira = town.amira()
    film = bring(draft, tmp_path, by=amira, content=b"\0\0\0\x18ftypmp42" + bytes(2000) if is_broken else b"")
    page = browse(amira, f"/beitrag/{draft.address}/schreiben", width=width, scheme=scheme)
    expect(page.get_by_text("Hier steht das Video, sobald es umgewandelt ist.").first).to_be_visible()
    is_open_to_all(page)
    page.get_by_role("button", name="Jetzt veröffentlichen").click()
    expect(page.get_by_text("Ist es bis dahin nicht fertig, geht der Text mit Link.")).to_be_visible()
    is_open_to_all(page)
    videos.make(film.pk)
    work()
    shown = "Text mit Link" if is_broken else "ganzer Text, 1 Video"
    expect(page.get_by_role("rowheader", name="Threads")).to_contain_text(shown, timeout=20_000)
    page.reload()
    is_open_to_all(page)
    page.goto("/")
    is_open_to_all(page)
