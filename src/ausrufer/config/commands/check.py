"""`ausrufer check`: settings, database, public folder and clocks, in plain words."""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Callable, Iterator

from ausrufer.config.progress import say

MIN_FREE = 1_000_000_000  # bytes
MAX_CLOCK_GAP = 2.0  # seconds between this machine's clock and the database's

Finding = tuple[bool, str]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = "Prüft Einstellungen, Datenbank, öffentlichen Ordner und Uhren."


def run(arguments: argparse.Namespace) -> int:
    from ausrufer.config.connect import NotRunning, connect

    try:
        connect()
    except NotRunning as trouble:
        say(f"✗ {trouble}")
        return 1
    checks: list[Callable[[], Iterator[Finding]]] = [settings, database, public_folder, disk]
    findings = [finding for check in checks for finding in check()]
    for is_good, text in findings:
        say(f"{'✓' if is_good else '✗'} {text}")
    return 0 if all(is_good for is_good, _ in findings) else 1


def settings() -> Iterator[Finding]:
    from django.conf import settings
    from django.core import checks

    errors = [each for each in checks.run_checks() if each.level >= checks.ERROR]
    yield not errors, "Einstellungen sind in Ordnung." if not errors else f"Einstellungen: {errors[0].msg}"
    for name in ("secret.key", "channels.key"):
        file = settings.DATA / name
        safe = not file.exists() or file.stat().st_mode & 0o077 == 0
        yield safe, f"{name} liest nur der Besitzer." if safe else f"{file} lesen auch andere: chmod 600 {file}"
    local = settings.PUBLIC_URL.startswith(("http://127.", "http://localhost"))
    yield (
        True,
        f"Öffentliche Adresse: {settings.PUBLIC_URL}"
        + (" (nur von diesem Rechner; Plattformen können dort keine Bilder holen)" if local else ""),
    )


def database() -> Iterator[Finding]:
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    from ausrufer.kernel.clock import utc_now
    from ausrufer.kernel.database_clock import database_now

    try:
        gap = (database_now() - utc_now()).total_seconds()
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        yield False, f"Datenbank antwortet nicht: {str(error).strip().splitlines()[0]}"
        return
    yield True, "Datenbank antwortet."
    yield (
        not missing,
        "Datenbank ist auf dem neuesten Stand." if not missing else "Datenbank ist veraltet: neu starten.",
    )
    yield (
        abs(gap) < MAX_CLOCK_GAP,
        f"Uhren von Datenbank und Rechner unterscheiden sich um {abs(gap):.1f} s.".replace(".", ",", 1),
    )


def public_folder() -> Iterator[Finding]:
    from django.conf import settings

    from ausrufer.deliveries.health import folder_is_writable

    trouble: list[str] = []
    good = folder_is_writable(trouble)
    folder = settings.PUBLIC_FOLDER
    yield good, f"{folder} ist beschreibbar." if good else f"{folder} ist nicht beschreibbar ({trouble[0]})."


def disk() -> Iterator[Finding]:
    from django.conf import settings

    free = shutil.disk_usage(os.fspath(settings.DATA)).free
    yield free > MIN_FREE, f"{free / 1e9:.1f} GB sind frei.".replace(".", ",", 1)
