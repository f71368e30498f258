"""The own website as a platform."""

from __future__ import annotations

import httpx
import pytest

from ausrufer.adapter.errors import Holds, LockedOut, TryLater
from ausrufer.adapter.http import Http
from ausrufer.adapter.supplies import Supplies
from ausrufer.adapter.testing import FakePages, RecordingKeep
from ausrufer.platforms.website import Website
from tests.platforms.errand import draft, new_order


def website(pages: FakePages | None, transport: httpx.BaseTransport | None = None) -> Website:
    nowhere = FakePages().transport
    return Website(Supplies(Http(transport=transport or (pages.transport if pages else nowhere)), pages), {}, {})


def test_a_page_of_another_delivery_is_not_taken_for_ours() -> None:
    pages = FakePages()
    platform, order, rendition = website(pages), new_order(), website(pages).render(draft())[0]
    placement = platform.send(order, rendition, RecordingKeep())
    pages.put(new_order(), rendition)

    seen = platform.is_online(placement)
    assert not seen.online
    assert seen.sentence == "Auf der Website ist der Beitrag nicht zu sehen."


def test_a_full_disk_is_waited_for() -> None:
    pages = FakePages()
    pages.is_broken = True
    with pytest.raises(TryLater, match="nicht schreiben"):
        website(pages).send(new_order(), website(pages).render(draft())[0], RecordingKeep())


@pytest.mark.parametrize("status", [401, 403, 429, 503])
def test_a_barred_web_server_never_stops_us_from_writing(status: int) -> None:
    pages = FakePages()
    placement = pages.put(new_order(), website(pages).render(draft())[0])
    barred = httpx.MockTransport(lambda request: httpx.Response(status))
    with pytest.raises(TryLater) as trouble:
        website(pages, barred).is_online(placement)

    assert trouble.value.holds != Holds.WRITING


def test_without_pages_the_channel_is_held_in_plain_words() -> None:
    with pytest.raises(LockedOut, match="eigenen Seiten sind nicht eingerichtet"):
        website(None).send(new_order(), website(None).render(draft())[0], RecordingKeep())
