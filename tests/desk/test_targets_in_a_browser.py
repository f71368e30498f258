"""What one presses is large enough: 44 px on a telephone, 36 at the desk (look sheet, section 3)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from ausrufer.adapter.testing import FakePlatform
from ausrufer.channels.models import Channel
from ausrufer.deliveries.publish import publish
from ausrufer.posts import pictures
from ausrufer.posts.models import Post
from tests import town
from tests.deliveries.conftest import work
from tests.desk.conftest import picture

pytestmark = pytest.mark.django_db(transaction=True)
Browse = Callable[..., Page]

# Everything that is pressed, but links inside a line of text; boxes and dots count with their label.
TOO_SMALL = """least => {
  document.querySelectorAll('details').forEach(each => each.open = true);
  const isSeen = each => each.checkVisibility({visibilityProperty: true}) && !each.closest('.unseen, .skip');
  const inText = each => each.matches('a') && each.parentElement.textContent.trim() !== each.textContent.trim()
    && getComputedStyle(each).display === 'inline';
  return [...document.querySelectorAll('a, button, summary, select, textarea, input:not([type=hidden])')]
    .filter(each => isSeen(each) && !inText(each) && getComputedStyle(each).opacity !== '0')
    .map(each => each.matches('[type=checkbox], [type=radio]') ? each.closest('label') : each)
    .filter(each => each.getBoundingClientRect().height < least - 0.5)
    .map(each => `${each.tagName} ${Math.round(each.getBoundingClientRect().height)} px: ` +
      `${(each.textContent.trim() || each.name || each.type).replace(/\\s+/g, ' ').slice(0, 40)}`);
}"""


@pytest.fixture
def released(threads: FakePlatform) -> Post:
    post = town.written(town.ROADWORKS, by=town.amira())
    pictures.attach(post, file=picture(), name="plan.png", by=town.amira(), alt="Umleitungsplan")
    post.refresh_from_db()
    publish(post, by=town.amira(), revision=post.revision)
    work()
    return post


@pytest.fixture
def paths(released: Post) -> list[str]:
    town.channel("mastodon", position=20)
    Channel.objects.filter(key="threads-fake").update(limits={"max_text": 60})
    draft = town.written(town.ROADWORKS, by=town.amira())
    pictures.attach(draft, file=picture(), name="plan.png", by=town.amira(), alt="Umleitungsplan")
    changes = [f"/beitrag/{released.address}/{each}" for each in ("zustellung", "berichtigen", "zuruecknehmen")]
    channels = ["/kanaele", "/kanaele/neu", "/kanaele/mastodon/verbinden", "/kanaele/mastodon/stilllegen"]
    return [
        "/",
        "/beitraege",
        "/konto",
        "/gibt-es-nicht",
        *channels,
        f"/beitrag/{draft.address}/schreiben",
        f"/beitrag/{draft.address}/verwerfen",
        *changes,
    ]


@pytest.mark.parametrize(("width", "least"), [(1280, 36), (390, 44)])
def test_whatever_is_pressed_is_large_enough(browse: Browse, paths: list[str], width: int, least: int) -> None:
    page = browse(town.amira(), paths[0], width=width)
    small = {}
    for path in paths:
        page.goto(path)
        if found := page.evaluate(TOO_SMALL, least):
            small[path] = found
    assert not small, "\n".join(f"{path} {each}" for path, found in small.items() for each in found)
