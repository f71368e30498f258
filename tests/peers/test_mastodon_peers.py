"""Mastodon against servers nobody here wrote: mastodon-mock with faults in front of it, and snac2."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ausrufer.adapter.errors import LockedOut, TryLater
from ausrufer.adapter.http import Http
from ausrufer.adapter.supplies import Supplies
from ausrufer.platforms.mastodon import Mastodon
from tests.peers.processes import FaultProxy, fault_proxy
from tests.peers.snac import Snac, snac
from tests.platforms.errand import Errand, draft
from tests.platforms.rigs import media, picture
from tests.platforms.rigs.mastodon import STATUSES, MastodonRig, start

TEXT = """Größere Übung an der Römerbrücke 👨‍👩‍👧

Plan: https://www.stadt.example/plan?a=1&b=2 #Trier-Nord @dora@social.example"""


@pytest.fixture(scope="module")
def mock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MastodonRig]:
    with start(tmp_path_factory.mktemp("mock")) as rig:
        yield rig


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snac]:
    with snac(tmp_path_factory.mktemp("snac")) as running:
        yield running


def on_snac(server: Snac, through: str = "") -> Mastodon:
    supplies = Supplies(http=Http(allowed_origins=[server.origin, through]), media=media())
    return Mastodon(supplies, {"instance": through or server.origin}, {"access_token": server.token})


def copies(rig: MastodonRig, errand: Errand) -> int:
    mark = errand.rendition.text.split("(")[-1]
    return sum(mark in text for text in rig.timeline())


@pytest.mark.parametrize("fault", ["drop_answer", "cut"])
def test_an_answer_lost_on_the_wire_leaves_one_copy(mock: MastodonRig, fault: str) -> None:
    errand = Errand(mock.platform, mock.platform.render(draft(TEXT)))
    mock.proxy.will(fault, path=STATUSES)
    placement = errand.carry_out()

    assert errand.is_online(placement)
    assert copies(mock, errand) == 1


@pytest.mark.parametrize("fault", ["garbage", "html", "huge", "redirect", "status"])
@pytest.mark.parametrize("forwards", [True, False])
def test_a_lying_answer_leaves_one_copy_whether_or_not_it_was_published(
    mock: MastodonRig, fault: str, forwards: bool
) -> None:
    errand = Errand(mock.platform, mock.platform.render(draft(TEXT)))
    mock.proxy.will(fault, path=STATUSES, forwards=forwards)
    errand.carry_out()

    assert copies(mock, errand) == 1


def test_a_request_that_never_arrived_is_sent_again(mock: MastodonRig) -> None:
    errand = Errand(mock.platform, mock.platform.render(draft(TEXT)))
    mock.proxy.will("drop_request", path=STATUSES)
    errand.carry_out()

    assert copies(mock, errand) == 1


def test_a_late_answer_is_waited_for(mock: MastodonRig) -> None:
    errand = Errand(mock.platform, mock.platform.render(draft(TEXT)))
    mock.proxy.will("delay", path=STATUSES, seconds=2)
    assert errand.send()

    assert copies(mock, errand) == 1


def test_looking_is_held_by_its_own_limit_only(mock: MastodonRig) -> None:
    errand = Errand(mock.platform, mock.platform.render(draft(TEXT)))
    placement = errand.carry_out()
    mock.proxy.will("limit", method="GET", path=f"{STATUSES}/*", seconds=300)
    with pytest.raises(TryLater) as trouble:
        mock.platform.is_online(placement)

    assert (trouble.value.holds, trouble.value.seconds) == ("reading", 300)


def test_the_mocks_limits_are_read(mock: MastodonRig) -> None:
    limits = mock.platform.read_limits()

    assert (limits["max_text"], limits["max_pictures"], limits["link_length"]) == (500, 4, 23)


def test_snac_publishes_and_dora_sees_it_on_the_public_page(server: Snac) -> None:
    platform = on_snac(server)
    errand = Errand(platform, platform.render(draft(TEXT, pictures=(picture("bruecke"),))))
    placement = errand.carry_out()
    seen = platform.is_online(placement)

    assert (seen.online, seen.confirmed_by) == (True, "page")
    assert "Größere Übung an der Römerbrücke" in server.page()


def test_snac_makes_two_posts_of_one_key_so_we_find_the_first(server: Snac) -> None:
    platform = on_snac(server)
    errand = Errand(platform, platform.render(draft(TEXT)))
    first = platform.send(errand.order, errand.rendition, errand.keep)

    assert platform.find(errand.order, errand.rendition) == first
    assert server.page().count(errand.rendition.text.split("(")[-1]) == 1


@pytest.fixture(scope="module")
def unruly(server: Snac) -> Iterator[FaultProxy]:
    with fault_proxy(server.origin) as proxy:
        yield proxy


@pytest.mark.parametrize("fault", ["drop_answer", "cut", "garbage", "html", "status"])
def test_an_answer_of_snacs_that_is_lost_or_a_lie_leaves_one_copy(server: Snac, unruly: FaultProxy, fault: str) -> None:
    platform = on_snac(server, unruly.origin)
    errand = Errand(platform, platform.render(draft(TEXT)))
    unruly.will(fault, path=STATUSES, forwards=True)
    assert errand.send() is None
    assert errand.unclear
    errand.carry_out()

    assert unruly.has_struck()
    assert server.page().count(errand.rendition.text.split("(")[-1]) == 1


@pytest.mark.parametrize(("fault", "waits"), [("limit", [600]), ("delay", [])])
def test_snac_may_ask_for_patience_or_take_its_time(
    server: Snac, unruly: FaultProxy, fault: str, waits: list[float]
) -> None:
    platform = on_snac(server, unruly.origin)
    errand = Errand(platform, platform.render(draft(TEXT)))
    unruly.will(fault, path=STATUSES, seconds=600 if waits else 2)
    while errand.send() is None:
        assert len(errand.waits) < 2

    assert errand.waits == waits
    assert server.page().count(errand.rendition.text.split("(")[-1]) == 1


def test_snac_states_its_limits_in_the_older_way(server: Snac) -> None:
    limits = on_snac(server).read_limits()

    assert limits["max_text"] == 100_000
    assert on_snac(server).__class__(on_snac(server).supplies, {}, {}, limits).render(draft("x" * 3000))[0].fits


def test_snac_without_our_token_locks_us_out(server: Snac) -> None:
    platform = Mastodon(on_snac(server).supplies, {"instance": server.origin}, {"access_token": "abgelaufen"})
    errand = Errand(platform, platform.render(draft(TEXT)))
    with pytest.raises(LockedOut):
        errand.send()


def test_snac_shows_nobody_a_rehearsal(server: Snac) -> None:
    platform = on_snac(server)
    before = server.page()
    platform.rehearse()
    assert server.page() == before
