"""Making a database and its demo city ready; skipped when nothing has changed since the last time."""

from __future__ import annotations

import hashlib
import os
import sys
from importlib.metadata import version
from pathlib import Path

from ausrufer.config.first_steps import mark_nobody, open_own_channel
from ausrufer.config.place import Place
from ausrufer.config.progress import complain

OURS = "ours"  # the argument for the embedded server: there we may create the database
NOT_REBUILT = 3  # exit status: all is ready but the public pages
PACKAGE = Path(__file__).parents[1]
SEEN = (
    "*/migrations/*.py",
    "concept/data/*",
    "config/demo.py",
    "config/demo_channels.py",
    "config/first_steps.py",
    "public/*.py",
    "public/assets/*",
    "public/templates/**/*",
)


def state_of(place: Place) -> str:
    """Changes with every migration, the demo's own files, the pages' look, the addresses, and the database itself."""
    database = (place.data / "postgres" / "PG_VERSION").stat()
    versions = [version(name) for name in ("Django", "procrastinate")]
    played = [each.key for each in place.standins]
    known = (place.port, place.host, place.demo, played, place.public_url, *versions)
    known = (*known, database.st_ino, database.st_mtime_ns)
    seen = hashlib.sha256(repr(known).encode())
    for file in sorted({file for pattern in SEEN for file in PACKAGE.glob(pattern) if file.is_file()}):
        seen.update(str(file.relative_to(PACKAGE)).encode() + file.read_bytes())
    return seen.hexdigest()


def is_prepared(place: Place) -> bool:
    """A database of somebody else's may have been replaced meanwhile, so it is always looked at."""
    if place.database_url or not any(place.public_folder.glob("*")):
        return False
    try:
        return (place.data / "prepared").read_text() == state_of(place)
    except OSError:
        return False


def mark_prepared(place: Place) -> None:
    if not place.database_url:
        (place.data / "prepared").write_text(state_of(place))


def main() -> int:
    """In a process of its own, so that the supervisor stays small."""
    import django

    if OURS in sys.argv[1:]:
        create_database(os.environ["DATABASE_URL"])
    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    if os.environ.get("AUSRUFER_DEMO") == "1":
        call_command("demo_city")
    else:
        open_own_channel()
        mark_nobody(Path(os.environ["AUSRUFER_DATA"]))
    from ausrufer.public.rebuild import rebuild

    try:
        rebuild()
    except OSError as trouble:  # no reason to keep the desk closed
        complain(str(trouble))
        return NOT_REBUILT
    return 0


def create_database(url: str) -> None:
    """Unless it is there: the embedded server starts with none of ours."""
    import psycopg as driver
    from psycopg.conninfo import conninfo_to_dict

    name = str(conninfo_to_dict(url)["dbname"])
    with driver.connect(url, dbname="postgres", autocommit=True) as connection:
        if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount:
            connection.execute(driver.sql.SQL("CREATE DATABASE {}").format(driver.sql.Identifier(name)))


if __name__ == "__main__":
    sys.exit(main())
