"""What Dora reads: the post's page, the timeline, the topic, the archive."""

from __future__ import annotations

from ausrufer.adapter.testing import FakePlatform
from ausrufer.deliveries.states import State
from ausrufer.public.rebuild import rerender
from tests.public.conftest import OwnPages, published

ROADWORKS = "Die Saarstraße ist ab Montag, 30. November, 7 Uhr, voll gesperrt. Grund ist ein Schaden."


def test_before_the_first_post_the_timeline_says_so(pages: OwnPages) -> None:
    assert "Hier steht noch kein Beitrag." in pages.words("/")
    assert "Hier steht noch kein Beitrag." in pages.words("/archiv")


def test_a_post_is_on_its_page_the_timeline_and_its_topic(pages: OwnPages) -> None:
    delivery = published(ROADWORKS)
    address = delivery.release.post.address
    assert delivery.state == State.ONLINE
    assert delivery.confirmed_by == "page"
    assert "Die Saarstraße ist ab Montag, 30. November, 7 Uhr, voll gesperrt." in pages.words(f"/b/{address}")
    for place in ("/", "/thema/roadworks"):
        assert pages.posts(place) == [address]
    assert pages.json("/latest.json") == {"newest": address, "count": 1, "poll": 60}


def test_once_a_copy_was_seen_the_page_says_where_and_when(pages: OwnPages, threads: FakePlatform) -> None:
    address = published(ROADWORKS).release.post.address
    rerender()
    page = pages.words(f"/b/{address}")
    assert "Online seit" in page
    assert "dort lesen auf Threads" in page
    assert "Auch auf Threads" in pages.words("/")
