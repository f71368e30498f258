"""What only a browser shows: posts that appear by themselves, and pages nobody is shut out of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings

from ausrufer.adapter.testing import FakePlatform
from ausrufer.deliveries.orders import placement_of
from ausrufer.posts.models import Post
from ausrufer.public.models import PublicEntry
from ausrufer.public.pages import PublicPages
from ausrufer.public.rebuild import archive, rerender
from tests import town
from tests.public.conftest import OwnPages, Stream, published
from tests.public.test_pages import illustrated
from tests.public.test_videos import published as let_go
from tests.public.test_videos import with_film

pytestmark = pytest.mark.django_db(transaction=True)
Browse = Callable[..., Page]
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
LIVE = "Live · neue Beiträge erscheinen von selbst"


@pytest.fixture
def browse(chromium: Browser, stream: Stream) -> Iterator[Browse]:
    """Dora's browser; ends the test when a page broke its own rules or asked anybody else for anything."""
    opened: list[Page] = []
    complaints: list[str] = []

    def asked(url: str) -> None:
        if not url.startswith(stream.address):
            complaints.append(f"asked for {url}")

    def read(path: str = "/", *, width: int = 1280, scheme: str = "light", script: bool = True, **more: object) -> Page:
        context = chromium.new_context(
            locale="de-DE",
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=script,
            base_url=stream.address,
            **more,  # type: ignore[arg-type]
        )
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: asked(request.url))
        page.goto(path)
        opened.append(page)
        return page

    yield read
    for page in opened:
        assert page.context.cookies() == []
        page.context.close()
    assert complaints == []


PLAYS = """(video) => {
    video.textTracks[0].mode = "showing";
    video.muted = true;
    video.play();
}"""
HEARD = "(video) => [...(video.textTracks[0].cues || [])].map((each) => each.text)"


def titles(page: Page) -> list[str]:
    return page.locator("#posts h3").all_inner_texts()


def test_a_film_plays_with_its_captions(browse: Browse, settings: Settings, tmp_path: Path) -> None:
    post, _ = with_film(tmp_path, settings)
    let_go(post)

    for path in ("/", f"/b/{post.address}"):
        film = browse(path).locator("video")
        film.evaluate(PLAYS)
        expect(film).to_have_js_property("ended", True, timeout=20_000)
        assert film.evaluate(HEARD) == ["Gesperrt."]


def test_a_new_post_appears_at_the_top_by_itself(browse: Browse) -> None:
    published("Eins. Gut.")
    page = browse()
    expect(page.locator("#live")).to_have_text(LIVE)
    published("Zwei. Gut.")
    expect(page.locator("#posts h3").first).to_have_text("Zwei.")
    assert titles(page) == ["Zwei.", "Eins."]
    expect(page.locator("#said")).to_have_text("1 neuer Beitrag oben in der Liste.")
    expect(page.get_by_role("link", name="Baustellen 2")).to_be_visible()


def test_the_very_first_post_takes_the_place_of_the_empty_list(browse: Browse) -> None:
    page = browse()
    expect(page.locator("#live")).to_have_text(LIVE)
    published("Eins. Gut.")
    expect(page.locator("#posts h3")).to_have_text("Eins.")
    expect(page.get_by_text("Hier steht noch kein Beitrag.")).to_have_count(0)


def test_a_new_day_gets_its_heading_and_the_old_one_keeps_its_own(browse: Browse) -> None:
    published("Gestern. Gut.")
    page = browse()
    before = page.locator("#tag").inner_text()
    expect(page.locator("#live")).to_have_text(LIVE)
    town.let_time_pass(86_400)
    published("Heute. Gut.")
    expect(page.locator("#posts h3").first).to_have_text("Heute.")
    assert page.locator("#tag").inner_text() != before
    assert page.locator("#posts section").nth(1).locator("h2").inner_text() == before


def test_nothing_moves_under_the_eyes_of_a_reader_further_down(browse: Browse) -> None:
    for number in range(12):
        published(f"Beitrag {number}. " + "Ein langer Satz mit vielen Wörtern. " * 12)
    page = browse(width=390)
    expect(page.locator("#live")).to_have_text(LIVE)
    page.evaluate("window.scrollTo({top: 1500, behavior: 'instant'})")
    before, place = titles(page), page.evaluate("window.scrollY")
    published("Neu. Gut.")
    expect(page.get_by_role("link", name="1 neuer Beitrag")).to_be_in_viewport()
    assert titles(page) == before
    assert page.evaluate("window.scrollY") == place
    page.get_by_role("link", name="1 neuer Beitrag").click()
    expect(page.locator("#posts h3").first).to_have_text("Neu.")
    expect(page.get_by_role("link", name="1 neuer Beitrag")).to_have_count(0)


def test_a_topics_page_shows_its_topic_only(browse: Browse) -> None:
    published("Eins. Gut.")
    page = browse("/thema/roadworks")
    expect(page.locator("#live")).to_have_text(LIVE)
    published("Der Rat. Gut.", topic="council")
    published("Zwei. Gut.")
    expect(page.locator("#posts h3").first).to_have_text("Zwei.")
    assert titles(page) == ["Zwei.", "Eins."]


def test_what_is_taken_down_disappears_by_itself(browse: Browse) -> None:
    delivery = published("Doch nicht. Schade.")
    page = browse()
    expect(page.locator("#live")).to_have_text(LIVE)
    PublicPages().remove(placement_of(delivery))
    expect(page.get_by_role("heading", name="Doch nicht.")).to_have_count(0)


def test_an_interrupted_line_is_named_with_the_time_and_heals(browse: Browse, stream: Stream) -> None:
    published("Eins. Gut.")
    page = browse()
    expect(page.locator("#live")).to_have_text(LIVE)
    stream.kill()
    expect(page.locator("#live")).to_have_text(re.compile(r"Verbindung unterbrochen, Stand \d\d:\d\d Uhr"))
    published("Zwei. Gut.")
    stream.start()
    expect(page.locator("#posts h3").first).to_have_text("Zwei.", timeout=25_000)
    assert titles(page) == ["Zwei.", "Eins."]


def test_where_the_stream_is_swallowed_the_page_asks_by_itself(browse: Browse, pages: OwnPages) -> None:
    delivery = published(town.STORM, topic="crisis")
    Post.objects.filter(pk=delivery.release.post_id).update(urgent=True)
    page = browse("/impressum")
    page.route("**/stream?*", lambda route: route.abort())
    page.goto("/")
    expect(page.locator("#live")).to_have_text(re.compile("Verbindung unterbrochen"))
    published("Zwei. Gut.")
    expect(page.locator("#posts h3").first).to_have_text("Zwei.", timeout=15_000)


def test_without_script_all_of_it_is_there(browse: Browse, threads: FakePlatform) -> None:
    address = illustrated("Umleitungsplan: Die Saarstraße ist gesperrt.").release.post.address
    rerender()
    page = browse(script=False)
    expect(page.locator("#live")).to_have_text(re.compile(r"Stand \d\d:\d\d\sUhr Neu laden"))
    expect(page.get_by_role("img", name="Umleitungsplan")).to_be_visible()
    expect(page.get_by_role("link", name="RSS-Feed")).to_be_visible()
    page.get_by_role("article").get_by_role("link").first.click()
    assert page.url.endswith(f"/b/{address}")
    expect(
        page.get_by_role("row", name=re.compile(r"Threads \d\d:\d\d:\d\d Uhr dort lesen auf Threads"))
    ).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nobody_is_shut_out(browse: Browse, threads: FakePlatform, width: int, scheme: str) -> None:
    address = illustrated("Umleitungsplan: Die Saarstraße ist gesperrt.").release.post.address
    published("Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 3 + ". Ende.", topic="council")
    PublicEntry.objects.filter(topic="council").update(urgent=True)
    rerender()
    archive()
    paths = ["/", f"/b/{address}", "/thema/roadworks", "/archiv", "/impressum", "/datenschutz", "/barrierefreiheit"]
    page = browse("/", width=width, scheme=scheme, reduced_motion="reduce")
    for path in [*paths, "/gibtsnicht"]:
        page.goto(path)
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{path} scrolls sideways by {overflow} px at {width} px"


def test_twice_as_large_it_still_needs_no_scrolling_sideways(browse: Browse) -> None:
    published(town.ROADWORKS)
    page = browse(width=640)
    page.evaluate("document.documentElement.style.fontSize = '225%'")
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0


def test_the_keyboard_begins_with_a_way_past_the_head(browse: Browse) -> None:
    published(town.ROADWORKS)
    page = browse()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Zum Inhalt")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Alle", exact=True)).to_be_focused()
