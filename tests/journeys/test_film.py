"""A film that takes its time: the own page is online at once, and the film comes where it belongs when it is there."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.journeys.test_main_path import HIDDEN
from tests.media.clips import clip
from tests.system import System, token_of, until, words_of

RIVER = "An der Mosel steigt das Wasser: Die Uferstraße ist ab 18 Uhr gesperrt."
BRIDGE = "Die Römerbrücke wird saniert: So sieht es dort in diesen Tagen aus."
FLOOD = "Hochwasser in Trier-Pfalzel: Bitte verlassen Sie die Keller am Ufer."
MARKET = "Auf dem Hauptmarkt beginnt der Aufbau: So stehen die Buden in diesem Jahr."
ALT = "Die Mosel steht am Rand der Uferstraße."
AWAITED = "Das Video wird noch umgewandelt und erscheint hier, sobald es fertig ist."
OCCUPY = "from ausrufer.posts.tasks import make_smaller; make_smaller.defer(digest='held')"


class Workshop:
    """The queue of media, which works on one file at a time: the first one never ends before we say so."""

    def __init__(self, city: System) -> None:
        self.held = city.data / "media" / "held.jpg"
        self.held.parent.mkdir(exist_ok=True)
        os.mkfifo(self.held)  # who opens it to read waits until somebody writes
        city.python(OCCUPY)

    def let_go(self) -> None:
        if self.held.exists():
            with self.held.open("wb") as file:
                file.write(b"no picture")
            self.held.unlink()


@pytest.fixture
def workshop(city: System) -> Iterator[Workshop]:
    held = Workshop(city)
    yield held
    held.let_go()


def at_work(city: System) -> Future[int]:
    """The process that will make the next film anew, stopped as soon as it begins."""
    before = set(children(city.pid("worker")))

    def caught() -> int:
        found = until(lambda: set(children(city.pid("worker"))) - before, every=0.002, what="work on the film")
        os.kill(min(found), signal.SIGSTOP)
        return min(found)

    return ThreadPoolExecutor(1).submit(caught)


def children(pid: int) -> list[int]:
    return [int(each) for task in Path(f"/proc/{pid}/task").glob("*/children") for each in task.read_text().split()]


def published(city: System, film: Path, words: str, topic: str) -> str:
    """Amira writes, attaches the film, describes it and publishes; the post's address."""
    with closing(city.logged_in("amira")) as amira:
        page = amira.get("/schreiben")
        address = page.url.path.split("/")[2]
        about = re.findall(rf'<option value="(\d+)"[^>]*>{topic}', page.text)[0]
        channels = re.findall(r'name="channels" value="([^"]+)"', page.text)
        said = {"text": words, "topic": about, "when": "now", "language": "de", "channels": channels}
        entries = {**dict(HIDDEN.findall(page.text)), **said, **token_of(amira)}
        with film.open("rb") as file:
            page = amira.post(f"/beitrag/{address}/bilder", data=entries, files={"media": file})
        described = {re.findall(r'name="(alt-\d+)"', page.text)[0]: ALT}
        entries = {**dict(HIDDEN.findall(page.text)), **said, **described, **token_of(amira)}
        seen = amira.post(page.url, data=entries)
        assert "Das Video wird noch umgewandelt:" in words_of(seen.text)
        form = {**entries, **dict(HIDDEN.findall(seen.text)), **token_of(amira)}
        answer = amira.post(f"/beitrag/{address}/veroeffentlichen", data=form)
        assert answer.url.path == f"/beitrag/{address}/zustellung", words_of(answer.text)
    return address


def on_threads(city: System, words: str, address: str) -> list[dict[str, Any]]:
    """The post, and what answers it."""
    posts = httpx.get(f"{city.standin}/_sim/state").json()["posts"]
    return [each for each in posts if words[:30] in each["text"] or address in each["text"]]


def own_page(city: System, address: str) -> str:
    return city.page(f"{city.public}/b/{address}")


def shows_film(city: System, address: str) -> bool:
    """Dora opens the page, and her browser fetches the film."""
    found = re.findall(r'<source src="(/media/\w+\.mp4)"', own_page(city, address))
    return bool(found) and httpx.get(city.public + found[0]).content[4:8] == b"ftyp"


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """One that no platform would take as it is."""
    return clip(tmp_path / "mosel.mp4", codec="mpeg4", seconds=1.0)


def test_the_page_is_there_at_once_and_threads_waits_for_the_film(city: System, workshop: Workshop, film: Path) -> None:
    address = published(city, film, RIVER, "Städtische Baustellen")
    until(lambda: AWAITED in words_of(own_page(city, address)), what="the own page with the film's place")
    until(lambda: "1 von 2" in city.board(address), what="the own page on the board")
    assert "Threads ganzer Text, 1 Video wartet bis" in city.board(address)
    assert (on_threads(city, RIVER, address), city.is_well()) == ([], True)

    workshop.let_go()
    until(lambda: "2 von 2" in city.board(address), within=60, every=0.2, what="the film on Threads")
    [post] = on_threads(city, RIVER, address)
    assert post["text"] == RIVER
    assert post["video"].startswith(f"{city.public}/media/")
    until(lambda: shows_film(city, address), what="the film on the own page")
    assert "umgewandelt" not in words_of(own_page(city, address))


def test_a_film_outlives_the_database_that_dies_while_it_is_made(city: System, film: Path) -> None:
    work = at_work(city)
    address = published(city, film, MARKET, "Städtische Baustellen")
    child = work.result(20)
    old = city.kill("postgres")
    until(lambda: city.pid("postgres") != old and city.is_well(), within=60, every=0.2, what="a healthy system")
    os.kill(child, signal.SIGCONT)
    until(lambda: shows_film(city, address), within=60, every=0.5, what="the film on the own page")
    until(lambda: "2 von 2" in city.board(address), within=30, every=0.5, what="the film on Threads")
    [post] = on_threads(city, MARKET, address)
    assert post["video"].startswith(f"{city.public}/media/")


def test_in_a_crisis_the_words_do_not_wait(city: System, workshop: Workshop, film: Path) -> None:
    address = published(city, film, FLOOD, "Krisenhafte")
    until(lambda: "2 von 2" in city.board(address), what="the words on both channels")
    assert "folgt, sobald das Video umgewandelt ist" in city.board(address)
    [words] = on_threads(city, FLOOD, address)
    assert (words["text"], words["video"]) == (FLOOD, "")

    workshop.let_go()
    until(lambda: len(on_threads(city, FLOOD, address)) == 2, within=60, every=0.2, what="the film as an answer")
    follows = on_threads(city, FLOOD, address)[1]
    assert (follows["reply_to"], bool(follows["video"])) == (words["id"], True)
    until(lambda: shows_film(city, address), what="the film on the own page")


def test_after_five_minutes_the_words_go_without_the_film(city: System, workshop: Workshop, film: Path) -> None:
    address = published(city, film, BRIDGE, "Städtische Baustellen")
    until(lambda: "1 von 2" in city.board(address), what="the own page")
    city.skip_waiting()
    until(lambda: "2 von 2" in city.board(address), what="the words on Threads")
    assert "Threads Text mit Link online" in city.board(address)
    [post] = on_threads(city, BRIDGE, address)
    assert (post["video"], f"/b/{address}" in post["text"]) == ("", True)

    workshop.let_go()
    until(lambda: shows_film(city, address), within=60, every=0.2, what="the film on the own page")
    assert len(on_threads(city, BRIDGE, address)) == 1
