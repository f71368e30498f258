"""A platform nobody knew yesterday: one file and no other change, and the desk treats it like any other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.journeys.test_main_path import HIDDEN, filled
from tests.system import System, running_system, token_of, until, words_of

TOY = '''
"""A notice board in a folder: a note is a file, and whoever passes by reads it."""

from pathlib import Path

from ausrufer.adapter.capabilities import Capabilities
from ausrufer.adapter.contract import Field, Part, Placement, Platform, Rendition, Seen
from ausrufer.kernel.shorten import shortened


class Noticeboard(Platform):
    key = "noticeboard"
    name = "Schwarzes Brett"
    capabilities = Capabilities(max_text=120, measure="Zeichen auf dem Zettel", can_find=True, can_withdraw=True)

    @classmethod
    def fields(cls):
        return (Field("folder", "Ordner der Zettel", "Liegt auf diesem Rechner."),)

    def render(self, draft):
        text = draft.text if len(draft.text) <= 120 else shortened(draft.text, draft.page, 120, len)
        wording = "whole" if text == draft.text else "shortened"
        return [Rendition(text, draft.language, page=draft.page, count=len(text), limit=120, wording=wording)]

    def send(self, order, rendition, keep):
        keep({})
        self.note(order.key).write_text(rendition.text)
        return Placement((Part(order.key, f"file://{self.note(order.key)}"),))

    def find(self, order, rendition):
        return Placement((Part(order.key),)) if self.note(order.key).exists() else None

    def is_online(self, placement):
        return Seen(self.note(placement.parts[0].id).exists())

    def withdraw(self, placement):
        self.note(placement.parts[0].id).unlink(missing_ok=True)

    def note(self, key):
        return Path(self.settings["folder"]) / f"{key}.txt"
'''
LONG = (
    "Das Hallenbad Süd bleibt wegen einer Reparatur der Lüftung bis Freitag geschlossen. "
    "Das Bad an den Kaiserthermen ist wie immer offen."
)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[System]:
    folder = tmp_path / "platforms"
    folder.mkdir()
    (folder / "noticeboard.py").write_text(TOY)
    with running_system({"AUSRUFER_PLATFORMS": str(folder)}) as system:
        yield system


def test_one_file_is_a_channel_with_form_counter_preview_and_receipt(town: System, tmp_path: Path) -> None:
    board = tmp_path / "brett"
    board.mkdir()
    with closing(town.logged_in("emil")) as emil:
        form = emil.post("/kanaele/neu", data={"platform": "noticeboard", "name": "Brett im Foyer", **token_of(emil)})
        assert "Ordner der Zettel" in words_of(form.text)
        connected = emil.post(form.url, data={"folder": str(board), **token_of(emil)})
        assert "Brett im Foyer" in words_of(connected.text)
    with closing(town.logged_in("amira")) as amira:
        address, shown = written(amira)
        assert "zählt Zeichen auf dem Zettel" in shown
        assert "von 120" in shown
        assert "gekürzt mit Link" in shown
        until(lambda: state_of(town, address) == "online", what="the note")
    [note] = board.iterdir()
    assert note.read_text().endswith(f"/b/{address}")
    assert re.search(r"Brett im Foyer gekürzt mit Link online", town.board(address))


def state_of(town: System, address: str) -> str:
    """Of the channel that is neither the website nor Threads."""
    [state] = [state for key, state in town.states(address).items() if key not in ("website", "threads")] or [""]
    return state


def written(amira: httpx.Client) -> tuple[str, str]:
    """The post's address, and what the compose page said before it was released to every channel."""
    page = amira.get("/schreiben")
    address = page.url.path.split("/")[2]
    keys = re.findall(r'name="channels"[^>]*value="([^"]+)"', page.text)
    entries = {**filled(page.text, LONG), "channels": keys, **token_of(amira)}
    seen = amira.post(page.url, data=entries)
    form = {**entries, **dict(HIDDEN.findall(seen.text)), **token_of(amira)}
    answer = amira.post(f"/beitrag/{address}/veroeffentlichen", data=form)
    assert answer.url.path == f"/beitrag/{address}/zustellung", words_of(answer.text)
    return address, words_of(seen.text)
