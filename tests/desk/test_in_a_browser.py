"""What only a browser shows: counting while one types, keys instead of a mouse, and rules for everybody."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from ausrufer.adapter.testing import FakePlatform
from ausrufer.deliveries.models import Delivery, Release
from ausrufer.deliveries.publish import publish
from ausrufer.kernel.clock import utc_now
from ausrufer.posts import pictures
from ausrufer.posts.models import Post
from tests import town
from tests.deliveries.conftest import work
from tests.desk.conftest import picture

pytestmark = pytest.mark.django_db(transaction=True)
Browse = Callable[..., Page]
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@pytest.fixture
def draft(threads: FakePlatform) -> Post:
    return town.written(town.ROADWORKS, by=town.amira())


def compose(post: Post) -> str:
    return f"/beitrag/{post.address}/schreiben"


def test_counters_and_preview_follow_the_typing(browse: Browse, draft: Post) -> None:
    page = browse(town.amira(), compose(draft))
    page.get_by_label("Text", exact=True).fill("Der Wochenmarkt fällt aus.")
    expect(page.locator("#count-threads-fake")).to_contain_text("26 von 500")
    expect(page.get_by_role("region", name="Threads")).to_contain_text("Der Wochenmarkt fällt aus.")
    expect(page.locator("#saved")).to_contain_text(re.compile(r"Entwurf gesichert um \d\d:\d\d:\d\d"))


def test_publishing_leads_to_a_board_that_fills_itself(browse: Browse, draft: Post) -> None:
    page = browse(town.amira(), compose(draft))
    page.get_by_role("button", name="Jetzt veröffentlichen").click()
    expect(page.get_by_text("0 von 2", exact=True)).to_be_visible()
    work()
    expect(page.get_by_text("2 von 2", exact=True)).to_be_visible()
    expect(page.locator("#said")).to_have_text(re.compile("online nach .* Sekunden. 2 von 2."))
    expect(page.get_by_text("alles erledigt")).to_be_visible()


def test_typing_and_publishing_at_once_sends_what_was_typed(browse: Browse, draft: Post) -> None:
    page = browse(town.amira(), compose(draft))
    page.get_by_label("Text", exact=True).fill("Der Wochenmarkt fällt aus.")
    page.get_by_role("button", name="Jetzt veröffentlichen").click()
    expect(page.get_by_text("Vom Klick bis gesehen")).to_be_visible()
    assert Release.objects.get().post.text == "Der Wochenmarkt fällt aus."


def without_leaving_the_text(page: Page, words: str) -> None:
    """Types and presses the button before the page has saved by itself; waits until it has."""
    with page.expect_response(lambda answer: answer.url.endswith("/schreiben")):
        page.get_by_label("Text", exact=True).fill(words)
        page.locator("#action").dispatch_event("click")
        expect(page.locator("#notice")).not_to_be_empty()


def test_what_a_click_was_answered_stays_until_the_next(browse: Browse, draft: Post) -> None:
    page = browse(town.amira(), compose(draft))
    without_leaving_the_text(page, "Der Wochenmarkt fällt aus.")
    expect(page.get_by_text("Bitte sehen Sie ihn an und bestätigen Sie noch einmal.")).to_be_visible()
    assert not Release.objects.exists()
    page.locator("#action").click()
    expect(page.get_by_text("Vom Klick bis gesehen")).to_be_visible()


def test_what_was_lacking_is_said_until_it_is_there(browse: Browse, draft: Post) -> None:
    page = browse(town.amira(), compose(draft))
    without_leaving_the_text(page, "")
    page.locator("#action").click()
    lacking = page.get_by_text("Es fehlt noch etwas.")
    expect(lacking).to_be_visible()
    page.get_by_label("Text", exact=True).fill("Der Wochenmarkt fällt aus.")
    expect(lacking).to_be_hidden()


def test_everything_goes_by_keyboard(browse: Browse, threads: FakePlatform) -> None:
    town.topic()
    page = browse(town.amira(), "/schreiben")
    expect(page.get_by_label("Text", exact=True)).to_be_focused()
    page.keyboard.type("Der Wochenmarkt fällt aus.")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")  # the first topic
    page.keyboard.press("Control+Enter")
    expect(page.locator("#action")).to_be_focused()
    assert not Release.objects.exists()  # it goes to the action, it does not publish
    expect(page.locator("#problems")).to_be_empty()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Vom Klick bis gesehen")).to_be_visible()


COVERED = """() => {
  const here = document.activeElement, bar = document.querySelector('.bar').getBoundingClientRect();
  const middle = here.getBoundingClientRect().top + here.getBoundingClientRect().height / 2;
  return !here.closest('.bar') && here !== document.body && middle > bar.top && middle < bar.bottom
    ? here.name || here.textContent.trim() : '';
}"""


@pytest.mark.parametrize("width", [390, 1280])
def test_what_has_the_focus_never_hides_behind_the_bar(browse: Browse, draft: Post, width: int) -> None:
    pictures.attach(draft, file=picture(), name="plan.png", by=town.amira())
    page = browse(town.amira(), compose(draft), width=width)
    page.emulate_media(reduced_motion="reduce")  # otherwise the page is still on its way
    page.get_by_label("Text", exact=True).focus()
    covered = []
    for _ in range(24):
        page.keyboard.press("Tab")
        covered.append(page.evaluate(COVERED))
    assert not [each for each in covered if each]


def test_a_picture_is_taken_while_writing_and_the_cursor_stays(browse: Browse, draft: Post) -> None:
    page = browse(town.amira(), compose(draft))
    page.set_input_files("#new-media", {"name": "plan.png", "mimeType": "image/png", "buffer": picture().getvalue()})
    words = page.get_by_label("Beschreibung von Bild 1 von 1")
    words.press_sequentially("Umleitungsplan: ", delay=5)
    expect(page.get_by_role("region", name="Website").get_by_alt_text("Umleitungsplan:")).to_be_visible()
    words.press_sequentially("Die Saarstraße ist gesperrt.", delay=5)
    expect(page.get_by_alt_text("Umleitungsplan: Die Saarstraße ist gesperrt.").first).to_be_visible()
    expect(words).to_be_focused()
    expect(page.locator("#problems")).to_be_empty()


def test_the_time_is_on_the_button(browse: Browse, draft: Post) -> None:
    page = browse(town.amira(), compose(draft))
    page.get_by_label("Tag und Uhrzeit").fill(f"{utc_now().year + 1}-11-30T15:00")
    expect(page.get_by_role("button", name=re.compile("15:00 veröffentlichen"))).to_be_visible()
    expect(page.get_by_label("zu einer Zeit")).to_be_checked()


def test_another_persons_change_is_told_and_the_text_stays(browse: Browse, draft: Post) -> None:
    page = browse(town.amira(), compose(draft))
    other = browse(town.clara(), compose(draft))
    other.get_by_label("Text", exact=True).fill("Claras Satz.")
    expect(other.locator("#preview-threads-fake")).to_contain_text("Claras Satz.")
    page.get_by_label("Text", exact=True).fill("Amiras Satz.")
    expect(page.locator("#notice")).to_contain_text("Jemand anderes hat diesen Beitrag")
    expect(page.get_by_label("Text", exact=True)).to_have_value("Amiras Satz.")
    page.get_by_role("button", name="Meinen Stand sichern").click()
    expect(page.locator("#preview-threads-fake")).to_contain_text("Amiras Satz.")


def test_who_only_reads_is_brought_to_what_another_changed(browse: Browse, draft: Post) -> None:
    page = browse(town.amira(), compose(draft))
    other = browse(town.clara(), compose(draft))
    other.get_by_label("Text", exact=True).fill("Claras Satz.")
    expect(other.locator("#preview-threads-fake")).to_contain_text("Claras Satz.")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.locator("#action").click()
    notice = page.locator("#conflict")
    expect(notice).to_be_focused()
    expect(notice).to_be_in_viewport()
    expect(notice).to_contain_text("während Sie ihn lasen")
    expect(page.get_by_text("Was Sie geschrieben haben")).to_have_count(0)
    expect(page.locator(".bar")).to_contain_text("Nichts ist veröffentlicht: Jemand hat den Beitrag")
    notice.get_by_role("link", name="Den neuen Stand lesen").click()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Claras Satz.")


def test_previews_are_tabs_on_a_telephone(browse: Browse, draft: Post) -> None:
    page = browse(town.amira(), compose(draft), width=390)
    tab = page.get_by_role("tab", name="Website")
    tab.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Threads")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="Threads")).to_be_visible()
    expect(page.locator("#preview-website-fake")).to_be_hidden()


def test_only_what_changed_is_replaced_and_focus_stays(browse: Browse, draft: Post, threads: FakePlatform) -> None:
    threads.will_show("not yet")
    publish(draft, by=town.amira(), revision=draft.revision)
    work(1)
    page = browse(town.amira(), f"/beitrag/{draft.address}/zustellung")
    link = page.locator("#act-website-fake a")
    link.focus()
    page.evaluate("document.querySelector('#state-website-fake').dataset.mark = 'same'")
    before = page.locator("#stand").inner_text()
    expect(page.locator("#stand")).not_to_have_text(before, timeout=5000)
    expect(link).to_be_focused()
    expect(page.locator("#state-website-fake")).to_have_attribute("data-mark", "same")


def test_all_of_it_works_without_script(browse: Browse, draft: Post) -> None:
    page = browse(town.amira(), compose(draft), script=False)
    page.get_by_label("Text", exact=True).fill("Der Wochenmarkt fällt aus.")
    page.get_by_role("button", name="Vorschau aktualisieren").last.click()
    expect(page.get_by_role("region", name="Threads")).to_contain_text("Der Wochenmarkt fällt aus.")
    page.get_by_role("button", name="Jetzt veröffentlichen").click()
    expect(page.get_by_role("link", name="Neu laden")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nobody_is_shut_out(browse: Browse, draft: Post, threads: FakePlatform, width: int, scheme: str) -> None:
    amira = town.amira()
    pictures.attach(draft, file=picture(), name="plan.png", by=amira)
    threads.will("ask for patience for 600 seconds")
    sent = town.written(town.STORM, by=amira)
    publish(sent, by=amira, revision=sent.revision)
    work()
    discard = f"/beitrag/{draft.address}/verwerfen"
    paths = ["/", compose(draft), discard, f"/beitrag/{sent.address}/zustellung", "/beitraege", "/kanaele", "/konto"]
    delivery = Delivery.objects.get(release__post=sent, channel__name="Threads")
    paths.append(f"/beitrag/{sent.address}/zustellung/{delivery.key}")
    page = browse(amira, "/", width=width, scheme=scheme)
    paths += [f"/beitrag/{sent.address}/berichtigen", f"/beitrag/{sent.address}/zuruecknehmen"]
    paths += ["/kanaele/neu", "/kanaele/threads-fake/verbinden", "/kanaele/threads-fake/stilllegen"]
    for path in paths:
        page.goto(path)
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{path} scrolls sideways by {overflow} px at {width} px"
        inside = page.evaluate("[...document.querySelectorAll('.scroll')].map(e => e.scrollWidth - e.clientWidth)")
        assert max(inside, default=0) <= 0, f"a table of {path} scrolls sideways by {inside} px at {width} px"
