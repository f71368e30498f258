"""The four bad stories on Mastodon, through all processes and before a server nobody here wrote: one copy each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from ausrufer.kernel.clock import local, utc_now
from tests.platforms.rigs.mastodon import STATUSES, MastodonRig, start
from tests.system import System, running_system, until, words_of

CONNECT = """
from ausrufer.channels.models import Channel
Channel.objects.create(
    key="mastodon", platform="mastodon", name="Mastodon", position=20, limits={{"max_text": {most}}},
    settings={{"instance": "{instance}"}}, secrets={{"access_token": "{token}"}},
)
"""
LOOKS = """
from ausrufer.deliveries.models import Delivery
print(Delivery.objects.get(release__post__address="{address}", channel__key="mastodon").looks)
"""
ALLOWED = 500  # characters on the instance
BELIEVED = 501  # what the instance allowed when it was last asked
OWN_POSTS = "/api/v1/accounts/*/statuses"


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MastodonRig]:
    with start(tmp_path_factory.mktemp("mastodon")) as running:
        yield running


@pytest.fixture(scope="module")
def house(rig: MastodonRig) -> Iterator[System]:
    """A city of its own, which is on Mastodon too."""
    with running_system({"AUSRUFER_ALLOWED_ORIGINS": rig.proxy.origin}) as system:
        system.python(CONNECT.format(instance=rig.proxy.origin, token=rig.peer.token, most=BELIEVED))
        yield system


@pytest.fixture
def mastodon(rig: MastodonRig) -> Iterator[MastodonRig]:
    rig.fresh()
    rig.peer.reset()
    yield rig
    rig.fresh()


def posted(city: System, text: str) -> str:
    """On the own pages and on Threads, whatever Mastodon does meanwhile."""
    address: str = city.post(text)["id"]
    until(lambda: others(city, address) == {"website": "online", "threads": "online"}, what="the others")
    return address


def others(city: System, address: str) -> dict[str, str]:
    return {channel: state for channel, state in city.states(address).items() if channel != "mastodon"}


def is_online(city: System, address: str) -> bool:
    return city.states(address).get("mastodon") == "online"


def comes_online(city: System, address: str) -> None:
    """However long it has to wait."""
    until(lambda: is_online(city, address) or (city.skip_waiting() and False), every=0.2, what="Mastodon")


def shown(mastodon: MastodonRig) -> list[str]:
    return [" ".join(text.split()) for text in mastodon.timeline()]


def assert_one_whole_copy_each(city: System, mastodon: MastodonRig, address: str, text: str) -> None:
    assert shown(mastodon) == [text]
    assert city.timeline().count(text) == 1
    assert text in words_of(city.page(f"{city.public}/b/{address}"))
    assert others(city, address) == {"website": "online", "threads": "online"}


def test_an_answer_lost_after_acceptance_leaves_one_copy(city: System, mastodon: MastodonRig) -> None:
    text = "Die Kaiserstraße ist wieder frei."
    mastodon.lose_the_next_answer()
    address = posted(city, text)
    until(mastodon.proxy.has_struck, what="the lost answer")
    comes_online(city, address)
    assert_one_whole_copy_each(city, mastodon, address, text)


def test_ten_minutes_of_patience_are_kept_and_cost_no_attempt(city: System, mastodon: MastodonRig) -> None:
    text = "Der Wochenmarkt zieht auf den Domfreihof."
    mastodon.ask_for_patience(600)
    address = posted(city, text)
    until(mastodon.proxy.has_struck, what="the refusal")
    ends = until(lambda: patience_ends(city, address), what="patience on the board")
    assert ends[0] in {in_ten_minutes(ago=0), in_ten_minutes(ago=30)}
    assert shown(mastodon) == []
    mastodon.proxy.will("limit", path=STATUSES, seconds=600, count=12)  # two hours more of it
    until(lambda: city.skip_waiting() and mastodon.proxy.has_struck(), what="the last refusal")
    comes_online(city, address)
    assert_one_whole_copy_each(city, mastodon, address, text)


def patience_ends(city: System, address: str) -> list[str]:
    return re.findall(r"bittet um Geduld bis (\d\d:\d\d)", city.board(address))


def in_ten_minutes(*, ago: float) -> str:
    return f"{local(utc_now() + timedelta(minutes=10, seconds=-ago)):%H:%M}"


@pytest.mark.parametrize(
    ("moment", "method", "path"),
    [
        ("before the call", "GET", OWN_POSTS),
        ("after the call and before its answer", "POST", STATUSES),
        ("after its answer, looking", "GET", f"{STATUSES}/*"),
    ],
)
def test_a_dispatcher_killed_while_sending_leaves_one_copy(
    city: System, mastodon: MastodonRig, moment: str, method: str, path: str
) -> None:
    text = f"Die Römerbrücke ist gesperrt. Gestorben wurde {moment}."
    mastodon.proxy.will("hold", method=method, path=path, forwards=True)
    address = posted(city, text)
    until(mastodon.proxy.has_struck, what="the call")
    city.kill("dispatcher")
    comes_online(city, address)
    assert_one_whole_copy_each(city, mastodon, address, text)


def test_a_call_that_died_with_the_dispatcher_is_made_again(city: System, mastodon: MastodonRig) -> None:
    text = "Am Moselufer steigt das Wasser."
    mastodon.proxy.will("delay", path=STATUSES, seconds=3600)  # it never arrives
    address = posted(city, text)
    until(mastodon.proxy.has_struck, what="the call")
    city.kill("dispatcher")
    comes_online(city, address)
    assert_one_whole_copy_each(city, mastodon, address, text)


def test_a_dead_dispatchers_call_that_arrives_after_the_first_look_is_not_repeated(
    city: System, mastodon: MastodonRig
) -> None:
    text = "Am Moselufer fällt das Wasser."
    mastodon.proxy.will("hold", path=STATUSES)
    address = posted(city, text)
    until(mastodon.proxy.has_struck, what="the call")
    city.kill("dispatcher")
    until(lambda: city.python(LOOKS.format(address=address)) == "1", what="the first look")
    assert shown(mastodon) == []
    mastodon.proxy.calm()
    until(lambda: shown(mastodon) == [text], what="the late call")
    comes_online(city, address)
    assert_one_whole_copy_each(city, mastodon, address, text)


def long(characters: int) -> str:
    return ("Die Stadtwerke erneuern eine Leitung. " * 20)[: characters - 1].rstrip().ljust(characters - 1, "x") + "."


def test_a_text_of_exactly_the_limit_stays_whole(city: System, mastodon: MastodonRig) -> None:
    text = long(ALLOWED)
    address = posted(city, text)
    comes_online(city, address)
    assert_one_whole_copy_each(city, mastodon, address, text)
    assert "gekürzt" not in city.board(address)


@pytest.mark.parametrize("characters", [ALLOWED + 1, BELIEVED + 1], ids=["for the instance", "for our own count"])
def test_a_text_one_character_too_long_is_shortened_in_the_open(
    city: System, mastodon: MastodonRig, characters: int
) -> None:
    text = long(characters)
    address = posted(city, text)
    comes_online(city, address)
    page = f"{city.public}/b/{address}"
    assert [copy.endswith(page) for copy in shown(mastodon)] == [True]
    assert sum(copy.endswith(page) for copy in city.timeline()) == 1
    assert text in words_of(city.page(page))
    assert city.board(address).count("gekürzt mit Link") == 2  # on Mastodon and on Threads
