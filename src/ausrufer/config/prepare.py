"""Making a database and its demo city ready; skipped when nothing has changed since the last time."""

from __future__ import annotations

import hashlib
import os
import sys
from importlib.metadata import version
from pathlib import Path

from ausrufer.config.place import Place

PACKAGE = Path(__file__).parents[1]


def state_of(place: Place) -> str:
    """Changes with every migration, the demo's own files and its ports."""
    seen = hashlib.sha256(repr((place.port, place.demo, place.database_url, version("procrastinate"))).encode())
    for file in sorted(
        [*PACKAGE.glob("*/migrations/*.py"), PACKAGE / "concept/data/trier.yaml", PACKAGE / "config/demo.py"]
    ):
        seen.update(file.read_bytes())
    if not place.database_url:
        seen.update((place.data / "postgres" / "PG_VERSION").read_bytes())
        seen.update(str((place.data / "postgres" / "PG_VERSION").stat().st_ino).encode())
    return seen.hexdigest()


def is_prepared(place: Place) -> bool:
    try:
        return (place.data / "prepared").read_text() == state_of(place)
    except OSError:
        return False


def mark_prepared(place: Place) -> None:
    (place.data / "prepared").write_text(state_of(place))


def main() -> int:
    """In a process of its own, so that the supervisor stays small."""
    import django

    url = os.environ["DATABASE_URL"]
    create_database(url)
    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    if os.environ.get("AUSRUFER_DEMO") == "1":
        call_command("demo_city")
    from ausrufer.public.rebuild import rebuild

    rebuild()
    return 0


def create_database(url: str) -> None:
    """The embedded server starts with none of ours; a given one has it already."""
    import psycopg as driver
    from psycopg.conninfo import conninfo_to_dict

    try:
        driver.connect(url).close()
    except driver.OperationalError as error:
        if "does not exist" not in str(error):
            raise
        name = str(conninfo_to_dict(url)["dbname"])
        with driver.connect(url, dbname="postgres", autocommit=True) as connection:
            connection.execute(driver.sql.SQL("CREATE DATABASE {}").format(driver.sql.Identifier(name)))


if __name__ == "__main__":
    sys.exit(main())
