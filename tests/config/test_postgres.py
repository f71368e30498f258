"""The embedded database survives what happens to machines."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from ausrufer.config.place import Place
from ausrufer.config.postgres import Postgres
from ausrufer.config.postgres_binaries import NoPostgres
from ausrufer.config.processes import end_all, working_in
from tests.config.small_system import small_system
from tests.system import until


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Below a folder that only we may enter, like a private home."""
    home = tmp_path_factory.mktemp("home")
    home.chmod(0o700)
    data = home / "data"
    data.mkdir()
    server = database(data)
    server.start()
    with connected(server) as connection:
        connection.execute("CREATE TABLE word (word text)")
    server.stop()
    yield data
    end_all(working_in(data / "postgres"))


def database(data: Path) -> Postgres:
    return Postgres(data, Place(data).fingerprint)


@pytest.fixture
def server(folder: Path) -> Iterator[Postgres]:
    found = database(folder)
    found.start()
    yield found
    found.stop()


def connected(server: Postgres, **more: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(server.url, **{"dbname": "postgres", **more}, autocommit=True)  # type: ignore[arg-type]


def test_everything_killed_at_once_starts_again_with_what_was_said(server: Postgres, folder: Path) -> None:
    with connected(server) as connection:
        connection.execute("INSERT INTO word VALUES ('Sturm')")
        for pid in working_in(folder / "postgres"):
            os.kill(pid, signal.SIGKILL)
    assert (folder / "postgres" / "postmaster.pid").exists()
    again = database(folder)
    began = time.monotonic()
    again.start()
    assert time.monotonic() - began < 10  # measured: 0.3
    with connected(again) as connection:
        assert connection.execute("SELECT count(*) FROM word WHERE word = 'Sturm'").fetchone() == (1,)
    again.stop()


def test_a_backend_that_computes_on_does_not_hold_up_the_restart(server: Postgres) -> None:
    busy = connected(server)
    busy.pgconn.send_query(b"DO $$ BEGIN LOOP END LOOP; END $$")
    assert server.process
    server.process.kill()
    server.process.wait(10)
    began = time.monotonic()
    server.start()
    assert time.monotonic() - began < 10  # without ending it: 16
    busy.close()


def test_only_our_own_user_is_let_in_and_nobody_by_password(server: Postgres) -> None:
    with connected(server) as connection:
        connection.execute("DROP ROLE IF EXISTS stranger")
        connection.execute("CREATE ROLE stranger LOGIN PASSWORD 'known'")
    with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
        connected(server, user="stranger", password="known")
    assert server.sockets.stat().st_mode & 0o077 == 0


def test_umlauts_are_letters_and_damage_would_be_noticed(server: Postgres) -> None:
    with connected(server) as connection:
        assert connection.execute("SELECT lower('ÄÖÜ'), current_setting('data_checksums')").fetchone() == ("äöü", "on")
        assert connection.execute("SHOW fsync").fetchone() == ("on",)


def test_a_first_start_that_was_interrupted_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "postgres.new").mkdir()
    (tmp_path / "postgres.new" / "PG_VERSION").write_text("18")
    server = Postgres(tmp_path, Place(tmp_path).fingerprint, durable=False)
    server.start()
    server.stop()
    assert not (tmp_path / "postgres.new").exists()


def test_the_data_of_another_version_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(NoPostgres, match=r"Die Daten gehören zu PostgreSQL 16, installiert ist 18.*pg_dump"):
        database(tmp_path).start()


def test_a_folder_full_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "brief.txt").write_text("Liebe Dora")
    with pytest.raises(NoPostgres, match="ist nicht leer"):
        database(tmp_path).start()
    assert (tmp_path / "postgres" / "brief.txt").exists()


def test_a_killed_postmaster_is_back_before_anybody_complains(folder: Path) -> None:
    with small_system(folder, "with-database") as system:
        old = system.kill("postgres")
        began = time.monotonic()
        until(lambda: system.parts().get("postgres", old) != old, what="another postmaster")
        with connected(database(folder)) as connection:
            connection.execute("SELECT 1")
        assert time.monotonic() - began < 5  # measured: 0.3, waiting for a shared machine costs more
        assert system.stop() == 0
        assert system.everybody() == []
