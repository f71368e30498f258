"""A PostgreSQL that the city runs itself: what the start says when it cannot be used, and that it leaves it alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from ausrufer.config import given_database
from ausrufer.config.given_database import server_trouble, shape_trouble, why_refused
from tests.config.test_run import ausrufer
from tests.database import SERVER
from tests.system import free_ports

GIVEN = "postgresql://ausrufer:geheim@db.stadt.example/ausrufer"


def url_of(name: str, **more: str) -> str:
    options = "".join(f"&{key}={value}" for key, value in more.items())
    return f"postgresql://ausrufer@/{name}?host={SERVER.sockets}{options}"


def ask(statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(SERVER.url, dbname="postgres", autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def old_letters() -> Iterator[str]:
    ask("CREATE DATABASE old_letters TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'")
    yield url_of("old_letters")
    ask("DROP DATABASE old_letters")


@pytest.fixture
def guest() -> Iterator[str]:
    """Who may look at everything and make nothing."""
    ask("CREATE ROLE guest")
    yield url_of("postgres", options="-c%20role%3Dguest")
    ask("DROP ROLE guest")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("quatsch", "ist keine Adresse"),
        ("postgresql://rechner:viele/name", "ist keine Adresse"),
        ("mysql://ausrufer@rechner/name", "nennt „mysql“; Ausrufer braucht PostgreSQL"),
        ("postgresql://ausrufer@rechner", "nennt keine Datenbank"),
    ],
)
def test_an_address_of_something_else_is_said(url: str, said: str) -> None:
    assert said in shape_trouble(url) and "postgresql://benutzer:passwort@rechner" in shape_trouble(url)


def test_a_good_database_is_taken_without_a_word() -> None:
    assert server_trouble(url_of("postgres")) == ""


def test_a_misspelt_name_makes_no_database(tmp_path: Path) -> None:
    url, port = url_of("ausrufre"), str(free_ports())
    done = ausrufer("run", "--no-demo", AUSRUFER_DATA=str(tmp_path), AUSRUFER_PORT=port, DATABASE_URL=url)
    assert done.returncode == 1
    assert "Die Datenbank „ausrufre“ aus DATABASE_URL gibt es nicht." in done.stderr
    assert f"createdb -h {SERVER.sockets} -p 5432 -T template0 -E UTF8 -l C.UTF-8 -O ausrufer ausrufre" in done.stderr
    assert ask("SELECT FROM pg_database WHERE datname = 'ausrufre'") == []


def test_a_database_that_cannot_hold_every_letter_is_refused(old_letters: str) -> None:
    assert "„old_letters“ speichert SQL_ASCII, nötig ist UTF8" in server_trouble(old_letters)


def test_who_may_make_no_tables_is_told_what_to_ask_for(guest: str) -> None:
    assert 'ALTER DATABASE "postgres" OWNER TO' in server_trouble(guest)


def test_a_stranger_is_told_that_the_name_or_the_password_is_wrong() -> None:
    url = url_of("postgres").replace("ausrufer@", "fremde@")
    assert "lässt „fremde“ nicht ein. Stimmen Name und Passwort" in server_trouble(url)


def test_a_server_that_is_not_there_is_said_with_its_port() -> None:
    port = free_ports()
    said = server_trouble(f"postgresql://ausrufer@127.0.0.1:{port}/ausrufer")
    assert f"Unter 127.0.0.1, Port {port}, antwortet kein PostgreSQL." in said


def test_an_old_server_is_said_to_be_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(given_database, "OLDEST", 99)
    assert "ist zu alt: Fassung 18, nötig ist 99." in server_trouble(url_of("postgres"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('FATAL:  password authentication failed for user "ausrufer"', "lässt „ausrufer“ nicht ein"),
        ("FATAL:  Passwort-Authentifizierung für Benutzer »ausrufer« fehlgeschlagen", "lässt „ausrufer“ nicht ein"),
        ("FATAL:  Rolle »ausrufer« existiert nicht", "lässt „ausrufer“ nicht ein"),
        ("FATAL:  Datenbank »ausrufer« existiert nicht", "„ausrufer“ aus DATABASE_URL gibt es nicht"),
        ("connection timeout expired", "Unter db.stadt.example, Port 5432, antwortet kein PostgreSQL."),
        ("FATAL:  sorry, too many clients already", "lässt sich nicht gebrauchen: FATAL:  sorry, too many clients"),
    ],
)
def test_servers_are_understood_in_english_and_german(words: str, said: str) -> None:
    assert said in why_refused(GIVEN, words)


def test_every_command_says_what_is_wrong_with_the_address(tmp_path: Path) -> None:
    for words in (("run",), ("user", "password", "amira"), ("concept", "konzept.yaml")):
        done = ausrufer(*words, AUSRUFER_DATA=str(tmp_path), DATABASE_URL="quatsch")
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert "DATABASE_URL ist keine Adresse." in done.stderr
