"""`ausrufer database`: the running database's address, for `pg_dump` and its like."""

from __future__ import annotations

import argparse

from ausrufer.config.called import as_called
from ausrufer.config.connect import NotRunning, reach
from ausrufer.config.postgres_binaries import NoPostgres, binaries
from ausrufer.config.progress import complain, say

FAILED = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Gibt die Adresse der Datenbank aus, die gerade läuft, z. B. zum Sichern: "
        f'$({as_called()} database --programs)/pg_dump -Fc -f ausrufer.dump "$({as_called()} database)"'
    )
    parser.add_argument(
        "--programs", action="store_true", help="statt der Adresse den Ordner mit pg_dump, pg_restore und psql"
    )


def run(arguments: argparse.Namespace) -> int:
    try:
        say(str(binaries(reachable=False)) if arguments.programs else reach()["DATABASE_URL"])
    except (NoPostgres, NotRunning) as trouble:
        complain(str(trouble))
        return FAILED
    return 0
