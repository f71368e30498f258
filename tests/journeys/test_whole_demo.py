"""The demo as `make run` starts it: one click reaches every channel, and the second start forgets nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from PIL import Image

from tests.journeys.test_main_path import HIDDEN
from tests.system import System, free_ports, running_system, token_of, until, words_of

TEXT = "Die Saarstraße ist ab Montag, 30. November, 7 Uhr, voll gesperrt. Grund ist ein Schaden an der Wasserleitung."
QUICK = ["threads", "bluesky", "telegram", "facebook"]
PAGES = {
    "threads": "/@stadt_trier",
    "bluesky": "/profile/stadt-trier.test",
    "telegram": "/s/stadt_trier",
    "facebook": "/",
    "instagram": "/stadt_trier/",
    "x": "/stadt_trier",
}


@pytest.fixture(scope="module")
def demo() -> Iterator[System]:
    with running_system({"AUSRUFER_DEMO_CHANNELS": ""}) as system:
        yield system


def addresses(demo: System) -> dict[str, str]:
    """Where Dora reads each, in the order of the ports."""
    return {key: f"http://127.0.0.1:{demo.port + 2 + place}{path}" for place, (key, path) in enumerate(PAGES.items())}


def copies(demo: System, text: str) -> dict[str, int]:
    """How often she reads it there."""
    pages = {key: httpx.get(address, trust_env=False).text for key, address in addresses(demo).items()}
    assert all("Nachgestelltes" in page for page in pages.values())
    return {key: page.count(text) for key, page in pages.items()}


def published(demo: System, text: str, *, everywhere: Path | None = None) -> str:
    """Amira's one click; with a picture to all channels, without to those chosen for her. The post's address."""
    with closing(demo.logged_in("amira")) as amira:
        page = amira.get("/schreiben")
        address = page.url.path.split("/")[2]
        topic = re.findall(r'<option value="(\d+)"[^>]*>Städtische Baustellen', page.text)[0]
        channels = re.findall(r'name="channels" value="([^"]+)"( checked)?', page.text)
        assert [key for key, is_checked in channels if is_checked] == QUICK
        chosen = [key for key, is_checked in channels if is_checked or everywhere]
        said = {"text": text, "topic": topic, "when": "now", "language": "de", "channels": chosen}
        if everywhere:
            entries = {**dict(HIDDEN.findall(page.text)), **said, **token_of(amira)}
            with everywhere.open("rb") as file:
                page = amira.post(f"/beitrag/{address}/bilder", data=entries, files={"pictures": file})
            said[re.findall(r'name="(alt-\d+)"', page.text)[0]] = "Umleitungsplan"
        seen = amira.post(f"/beitrag/{address}/schreiben", data=filled(amira, page, said))
        answer = amira.post(f"/beitrag/{address}/veroeffentlichen", data=filled(amira, seen, said))
        assert answer.url.path == f"/beitrag/{address}/zustellung", words_of(answer.text)
    return address


def filled(amira: httpx.Client, page: httpx.Response, said: dict[str, object]) -> dict[str, object]:
    return {**dict(HIDDEN.findall(page.text)), **said, **token_of(amira)}


def test_the_start_says_where_each_is_to_be_seen(demo: System) -> None:
    terminal = demo.data.parent / "terminal.log"
    until(lambda: "Beenden mit Strg-C." in terminal.read_text(), what="the greeting")
    for address in addresses(demo).values():
        assert address in terminal.read_text()


def test_every_channel_is_connected_and_a_check_says_so(demo: System) -> None:
    with closing(demo.logged_in("emil")) as emil:
        for key in PAGES:
            said = words_of(emil.post(f"/kanaele/{key}/pruefen", data=token_of(emil)).text)
            assert re.search(r"ist verbunden: @?(stadt|Stadt)", said), (key, said)
        assert words_of(emil.get("/kanaele").text).count(" verbunden Noch nichts gesendet.") == len(PAGES)


def test_a_click_reaches_the_quick_ones(demo: System) -> None:
    address = published(demo, f"{TEXT} Ohne Bild.")
    until(lambda: "5 von 5 Kanälen online" in demo.board(address), what="everything online")
    assert copies(demo, "Ohne Bild.") == dict.fromkeys(PAGES, 0) | dict.fromkeys(QUICK, 1)


def test_a_click_reaches_all_and_nothing_is_forgotten_by_the_second_start(demo: System, tmp_path: Path) -> None:
    Image.new("RGB", (1200, 900), "teal").save(tmp_path / "plan.jpg")
    address = published(demo, f"{TEXT} Mit Plan.", everywhere=tmp_path / "plan.jpg")
    until(lambda: "7 von 8 Kanälen online" in demo.board(address), within=40, what="all but what a person carries")
    assert "von Hand zu übertragen" in demo.board(address)
    assert copies(demo, "Mit Plan.") == dict.fromkeys(PAGES, 1)
    named = demo.page(f"{demo.public}/b/{address}")
    until(
        lambda: demo.page(f"{demo.public}/b/{address}").count("dort lesen") == len(PAGES), what="links on the own page"
    )
    assert named

    assert demo.stop() == 0
    demo.port = free_ports()
    demo.environment["AUSRUFER_PORT"] = str(demo.port)
    demo.start()
    assert copies(demo, "Mit Plan.") == dict.fromkeys(PAGES, 1)
    assert demo.health()["alarms"] == []
    after = published(demo, f"{TEXT} Nach dem Neustart.", everywhere=tmp_path / "plan.jpg")
    until(lambda: "7 von 8 Kanälen online" in demo.board(after), within=40, what="all, at their new addresses")
    assert copies(demo, "Nach dem Neustart.") == dict.fromkeys(PAGES, 1)
    assert copies(demo, "Mit Plan.") == dict.fromkeys(PAGES, 1)
