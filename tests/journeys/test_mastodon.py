"""The four bad stories on Mastodon, through the real processes: a server nobody here wrote, a proxy that misbehaves."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.peers.mastodon_mock import MastodonMock, mastodon_mock
from tests.peers.processes import FaultProxy, fault_proxy
from tests.system import System, running_system, until

STATUSES = "/api/v1/statuses"
CONNECT = """
from ausrufer.channels.models import Channel
Channel.objects.create(key="mastodon", platform="mastodon", name="Mastodon", position=20,
                       settings={{"instance": {instance!r}}}, secrets={{"access_token": {token!r}}})
"""


@dataclass(frozen=True)
class Town:
    city: System
    peer: MastodonMock
    proxy: FaultProxy

    def copies(self, text: str) -> int:
        return sum(squeezed(text) in squeezed(shown) for shown in self.peer.timeline())

    def is_online_once(self, address: str, text: str) -> bool:
        everywhere = set(self.city.states(address).values()) == {"online"}
        return everywhere and self.copies(text) == 1 and self.city.timeline().count(text) == 1


def squeezed(shown: str) -> str:
    return "".join(html.unescape(re.sub(r"<[^>]+>", "", shown)).split())


@contextmanager
def connected(folder: Path) -> Iterator[Town]:
    with mastodon_mock(folder) as peer, fault_proxy(peer.origin) as proxy:
        origins = {"AUSRUFER_ALLOWED_ORIGINS": f"{proxy.origin} {peer.origin}"}
        with running_system(origins) as city:
            city.python(CONNECT.format(instance=proxy.origin, token=peer.token))
            yield Town(city, peer, proxy)


@pytest.fixture(scope="module")
def house_with_mastodon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with connected(tmp_path_factory.mktemp("mastodon")) as town:
        yield town


@pytest.fixture
def town(house_with_mastodon: Town) -> Iterator[Town]:
    house_with_mastodon.proxy.calm()
    yield house_with_mastodon
    house_with_mastodon.proxy.calm()


def test_an_answer_lost_after_acceptance_leaves_one_copy(town: Town) -> None:
    text = "Die Kaiserstraße ist wieder frei. Die Antwort darauf ging verloren."
    town.proxy.will("drop_answer", path=STATUSES)
    address = town.city.post(text)["id"]
    until(lambda: town.is_online_once(address, text), within=30, every=0.2, what="one copy online")


def test_ten_minutes_of_patience_cost_no_attempt_and_hold_nobody_else_up(town: Town) -> None:
    text = "Das Hallenbad öffnet heute erst um 12 Uhr."
    town.proxy.will("limit", path=STATUSES, seconds=600)
    address = town.city.post(text)["id"]
    until(lambda: "Mastodon bittet um Geduld" in town.city.board(address), what="patience on the board")
    states = town.city.states(address)
    assert (states["website"], states["threads"], states["mastodon"]) == ("online", "online", "waiting")
    assert town.copies(text) == 0
    town.city.skip_waiting()
    until(lambda: town.is_online_once(address, text), within=30, every=0.2, what="one copy online")


@pytest.mark.parametrize(
    ("moment", "path", "method"), [("before", "/api/v1/accounts/*", "GET"), ("during", STATUSES, "POST")]
)
def test_a_dispatcher_killed_while_sending_leaves_one_copy(town: Town, moment: str, path: str, method: str) -> None:
    text = f"Die Brücke ist gesperrt. Gestorben wurde {moment} dem Senden."
    town.proxy.will("delay", path=path, method=method, seconds=3)
    address = town.city.post(text)["id"]
    until(lambda: faults_left(town) == 0, what="the call")
    town.city.kill("dispatcher")
    until(
        lambda: town.city.skip_waiting() and town.is_online_once(address, text), within=60, every=0.5, what="one copy"
    )


def test_a_dispatcher_killed_after_publishing_finds_its_post(town: Town) -> None:
    text = "Heute Abend tagt der Stadtrat. Die Antwort kam nie an."
    town.proxy.will("delay", path=f"{STATUSES}/*", method="GET", seconds=3, count=1)  # the look afterwards
    address = town.city.post(text)["id"]
    until(lambda: town.copies(text) == 1, what="the copy")
    town.city.kill("dispatcher")
    until(lambda: town.is_online_once(address, text), within=60, every=0.5, what="one copy online")


def test_one_character_too_long_is_shortened_with_the_address_of_the_rest(town: Town) -> None:
    text = ("Die Stadtwerke erneuern die Wasserleitung. " * 12)[:500].strip() + "!!"
    told = town.city.post(text, "--channel", "mastodon", "--wait")
    assert {each["state"] for each in told["deliveries"]} == {"online"}
    assert sum(told["url"] in shown for shown in town.peer.timeline()) == 1
    assert "gekürzt mit Link" in town.city.board(told["id"])


def faults_left(town: Town) -> int:
    return len(httpx.get(f"{town.proxy.origin}/_faults", trust_env=False).json())
