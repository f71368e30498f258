"""What Emil types to keep a copy of the database, as docs/operations.md says."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from ausrufer.config import running
from ausrufer.config.place import Place
from ausrufer.kernel.clock import utc_now
from tests.config.test_run import ausrufer
from tests.database import SERVER

OTHER = SERVER.url.replace("/ausrufer?", "/copied?")


@pytest.fixture
def copied() -> Iterator[psycopg.Connection[tuple[str]]]:
    """A database of its own with one word in it."""
    with psycopg.connect(SERVER.url, dbname="postgres", autocommit=True) as keeper:
        keeper.execute("CREATE DATABASE copied")
        with psycopg.connect(OTHER, autocommit=True) as connection:
            connection.execute("CREATE TABLE word AS SELECT 'Sturm' AS word")
            yield connection
        keeper.execute("DROP DATABASE copied")


def test_what_was_dumped_is_back_after_a_restore(copied: psycopg.Connection[tuple[str]], tmp_path: Path) -> None:
    with running.locked(tmp_path):
        running.write(tmp_path, running.describe(Place(tmp_path), OTHER, utc_now(), {}))
        address = ausrufer("database", AUSRUFER_DATA=str(tmp_path)).stdout.strip()
    programs = Path(ausrufer("database", "--programs").stdout.strip())
    dump = ["-Fc", "-f", str(tmp_path / "ausrufer.dump"), address]
    subprocess.run([programs / "pg_dump", *dump], check=True)
    copied.execute("UPDATE word SET word = 'verloren'")
    load = ["--clean", "--if-exists", "--no-owner", "--single-transaction", "-d", address]
    subprocess.run([programs / "pg_restore", *load, str(tmp_path / "ausrufer.dump")], check=True)
    assert copied.execute("SELECT word FROM word").fetchall() == [("Sturm",)]


def test_while_nothing_runs_there_is_no_address(tmp_path: Path) -> None:
    done = ausrufer("database", AUSRUFER_DATA=str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert "läuft kein Ausrufer" in done.stderr
