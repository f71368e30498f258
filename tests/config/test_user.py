"""The first person of an empty system, and what it says until there is one."""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from ausrufer.config import first_steps
from ausrufer.config.commands import user
from ausrufer.config.greeting import greeting
from ausrufer.config.place import Place
from ausrufer.people.models import AuditEntry, User
from tests import town

GOOD = "ein langes Passwort"


@pytest.fixture(autouse=True)
def data(db: None, settings: Settings, tmp_path: Path) -> Path:
    settings.DATA = tmp_path
    return tmp_path


def typed(*words: str, password: str = GOOD, monkeypatch: pytest.MonkeyPatch) -> None:
    parser = argparse.ArgumentParser()
    user.add_arguments(parser)
    arguments = parser.parse_args(words)
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))
    user.added(arguments) if arguments.act == "add" else user.changed(arguments.name)


def test_an_empty_system_says_what_comes_first(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place(data, demo=False)
    first_steps.mark_nobody(data)
    assert ".venv/bin/ausrufer user add NAME --office press" in greeting(place)
    typed("add", "amira", "--office", "press", monkeypatch=monkeypatch)
    assert "ausrufer user add" not in greeting(place)


def test_what_is_to_be_typed_names_a_data_folder_elsewhere(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first_steps.mark_nobody(data)
    monkeypatch.setenv("AUSRUFER_DATA", "/srv/stadt trier")
    assert "  AUSRUFER_DATA='/srv/stadt trier' .venv/bin/ausrufer user add NAME" in greeting(Place(data, demo=False))
    monkeypatch.delenv("AUSRUFER_DATA")
    assert "  .venv/bin/ausrufer user add NAME" in greeting(Place(data, demo=False))


def test_people_who_come_with_a_backup_end_the_question_for_the_first_one(data: Path) -> None:
    first_steps.mark_nobody(data)
    town.amira()
    first_steps.mark_nobody(data)
    assert "Noch kann sich niemand anmelden" not in greeting(Place(data, demo=False))


@pytest.mark.parametrize(("office", "role"), [("press", "editor"), ("it", "admin"), ("roads", "guest")])
def test_the_office_says_what_somebody_may(office: str, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    typed("add", "neu", "--office", office, "--office-name", "Amt", monkeypatch=monkeypatch)
    assert User.objects.get().role == role
    assert AuditEntry.objects.get().about == "user neu"
    assert Client().login(username="neu", password=GOOD)


def test_a_password_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    typed("add", "amira", "--office", "press", monkeypatch=monkeypatch)
    typed("password", "amira", password="ein ganz anderes", monkeypatch=monkeypatch)
    assert Client().login(username="amira", password="ein ganz anderes")


@pytest.mark.parametrize(
    ("words", "password", "remedy"),
    [
        (("add", "amira", "--office", "roads"), GOOD, "--office-name"),
        (("add", "a m", "--office", "press"), GOOD, "geht nicht"),
        (("add", "amira", "--office", "press"), "kurz", "mindestens 10 Zeichen"),
        (("password", "niemand"), GOOD, "niemand gibt es nicht."),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_added(
    words: tuple[str, ...], password: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(user.WrongInput, match=remedy):
        typed(*words, password=password, monkeypatch=monkeypatch)
    assert not User.objects.exists()
