"""What Emil and Amira read at the terminal is German, and says what to do."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from ausrufer.config.command_line import COMMANDS
from ausrufer.config.commands.post import WrongInput, due_time, in_words
from ausrufer.kernel.clock import local
from ausrufer.kernel.database_clock import database_now
from tests.config.test_run import ausrufer

ENGLISH = re.compile(r"\b(usage|options|show|arguments?|required|error|invalid|choose|unrecognized|expected|waiting)\b")


@pytest.mark.parametrize("words", [(), *((name,) for name in COMMANDS), ("user", "add"), ("user", "password")])
def test_every_help_is_german(words: tuple[str, ...]) -> None:
    done = ausrufer(*words, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith("Aufruf: ausrufer") and "diese Hilfe zeigen" in done.stdout
    assert not ENGLISH.search(done.stdout)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Es fehlt: BEFEHL"),
        (("psot",), "'psot' gibt es nicht; es gibt: 'run', 'check'"),
        (("post", "Hallo."), "Es fehlt: --topic"),
        (("post", "Hallo.", "--topic"), "--topic: Dahinter fehlt der Wert"),
        *(
            (("post", "Hallo.", "--topic", "roadworks", f"--timeout={wrong}"), f"--timeout: '{wrong}' ist keine Zahl")
            for wrong in ("bald", "nan", "-1", "")
        ),
        (("check", "--all"), "Das gibt es nicht: --all"),
        (("concept",), "Es fehlt eines von: DATEI --example"),
        (("concept", "a.yaml", "--example"), "--example: geht nicht zusammen mit DATEI"),
        (("run", "--no-demo=1"), "--no-demo: nimmt keinen Wert, auch nicht '1'"),
    ],
)
def test_every_slip_is_said_in_german(words: tuple[str, ...], said: str) -> None:
    done = ausrufer(*words)
    assert done.returncode == 2
    assert said in done.stderr
    assert not ENGLISH.search(done.stderr)


def test_a_state_is_a_word_for_people() -> None:
    delivery = {"channel": "website", "state": "waiting", "seconds": None, "url": None}
    assert in_words({"url": "http://stadt.example/b/dd542x", "deliveries": [delivery]}).endswith("website: wartet")


@pytest.mark.django_db
def test_a_time_that_has_passed_is_compared_with_the_clock_of_the_city() -> None:
    past = local(database_now()) - timedelta(hours=1)
    with pytest.raises(WrongInput, match=r"ist schon vorbei; in der Stadt ist es \d\d\.\d\d\.\d{4}, \d\d:\d\d Uhr"):
        due_time(f"{past:%Y-%m-%dT%H:%M}")
