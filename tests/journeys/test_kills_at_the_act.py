"""kill -9 at the very act that makes a post public: before, during and after it, one copy is online."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.killing import EVERY_WAY, calls, kill_the_dispatcher, one_copy_is_online
from tests.system import System, until


@EVERY_WAY
@pytest.mark.parametrize(
    ("moment", "match", "call"),
    [
        ("publishing the container", "publish", "POST /me/threads_publish"),
        ("publishing the text", "any_act", "POST /me/threads"),
    ],
)
def test_a_dispatcher_killed_at_the_act_leaves_one_copy(
    city: System, tmp_path: Path, fault: str, moment: str, match: str, call: str
) -> None:
    kill_the_dispatcher(city, tmp_path, fault, moment, match, call)


def test_a_database_killed_during_an_act_leaves_one_copy(city: System) -> None:
    text = "Während des Sendens fiel die Datenbank aus."
    city.fault("slow", match="any_act", milliseconds=1500)
    before = calls(city, "POST /me/threads")
    told = city.post(text)
    until(lambda: calls(city, "POST /me/threads") > before, what="the call")
    city.kill("postgres")
    until(city.is_well, within=30, what="a healthy system")
    one_copy_is_online(city, text, told)
