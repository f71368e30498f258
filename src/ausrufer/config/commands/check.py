"""`ausrufer check`: settings, ports, database, parts, alarms, public folder, clocks and disk, in plain words."""

from __future__ import annotations

import argparse
import os
import shutil
import socket
from collections.abc import Callable, Iterator

from ausrufer.config.place import Place, place_from_environment, port_trouble
from ausrufer.config.progress import say

MIN_FREE = 1_000_000_000  # bytes
MAX_CLOCK_GAP = 2.0  # seconds between this machine's clock and the database's

Finding = tuple[bool, str]
Check = Callable[[Place], Iterator[Finding]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = "Prüft Einstellungen, Ports, Datenbank, Teile, Alarme, öffentlichen Ordner, Uhren und Platz."


def run(arguments: argparse.Namespace) -> int:
    from ausrufer.config.connect import NotRunning, WrongSetting, connect

    try:
        connect()
    except WrongSetting as trouble:
        say(f"✗ {trouble}")
        return 1
    except NotRunning as trouble:
        say(f"✗ {trouble}")
        report(place_from_environment(), (free_ports, disk))
        return 1
    is_well = report(
        place_from_environment(), (settings, keys, answers, database, engine, public_folder, outside, disk)
    )
    return 0 if is_well else 1


def report(place: Place, checks: tuple[Check, ...]) -> bool:
    """Whether all is well; every finding is a line."""
    findings = [finding for check in checks for finding in check(place)]
    for is_good, text in findings:
        say(f"{'✓' if is_good else '✗'} {text}")
    return all(is_good for is_good, _ in findings)


def settings(place: Place) -> Iterator[Finding]:
    from django.core import checks

    errors = [each for each in checks.run_checks() if each.level >= checks.ERROR]
    yield not errors, "Einstellungen sind in Ordnung." if not errors else f"Einstellungen: {errors[0].msg}"
    local = place.public_url.startswith(("http://127.", "http://localhost"))
    hint = " (nur von diesem Rechner; Plattformen können dort keine Bilder holen)" if local else ""
    yield True, f"Öffentliche Adresse: {place.public_url}{hint}"


def keys(place: Place) -> Iterator[Finding]:
    for name in ("secret.key", "channels.key", "vapid.key", "running.json"):
        file = place.data / name
        if not file.exists():
            continue
        is_safe = file.stat().st_mode & 0o077 == 0
        yield is_safe, f"{name} liest nur der Besitzer." if is_safe else f"{file} lesen auch andere: chmod 600 {file}"


def answers(place: Place) -> Iterator[Finding]:
    names = ("Öffentliche Seiten", "Redaktion", "Nachgestellte Plattformen")
    for name, (host, port) in zip(names, place.addresses, strict=False):
        log = place.data / "logs"
        try:
            socket.create_connection((host, port), timeout=2).close()
        except OSError:
            yield False, f"{name}: Auf Port {port} antwortet niemand. Warum, steht in {log}; dann neu starten."
        else:
            yield True, f"{name}: Port {port} antwortet."


def free_ports(place: Place) -> Iterator[Finding]:
    trouble = port_trouble(place)
    yield not trouble, trouble or f"Die Ports {', '.join(str(port) for _, port in place.addresses)} sind frei."


def database(place: Place) -> Iterator[Finding]:
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    from ausrufer.kernel.clock import utc_now
    from ausrufer.kernel.database_clock import database_now

    try:
        gap = abs((database_now() - utc_now()).total_seconds())
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        why = str(error).strip().splitlines()[0]
        yield False, f"Datenbank antwortet nicht ({why}). Bitte DATABASE_URL prüfen oder neu starten."
        return
    yield True, "Datenbank antwortet."
    yield (
        not missing,
        "Datenbank ist auf dem neuesten Stand." if not missing else "Datenbank ist veraltet: neu starten.",
    )
    said = f"Uhren von Datenbank und Rechner unterscheiden sich um {gap:.1f} s.".replace(".", ",", 1)
    yield gap < MAX_CLOCK_GAP, said if gap < MAX_CLOCK_GAP else f"{said} Bitte beide mit einem Zeitserver stellen."


def engine(place: Place) -> Iterator[Finding]:
    """What /healthz says too: the parts by their heartbeats, and the alarms."""
    from ausrufer.deliveries.health import PARTS, health

    found = health()
    if not found.parts["database"]:
        return
    for part in PARTS:
        lives = found.parts[part]
        yield (
            lives,
            f"{part} arbeitet." if lives else f"{part} meldet sich nicht. Warum, steht in {place.data / 'logs'}.",
        )
    if not found.alarms:
        yield True, "Nichts ist überfällig, hängt oder ist unklar."
    yield from ((False, alarm) for alarm in found.alarms)


def outside(place: Place) -> Iterator[Finding]:
    """What of others the newsletter and push need, where they are used."""
    from django.db import DatabaseError

    from ausrufer.config import mail_check

    try:
        yield from mail_check.mail()
        yield from mail_check.push_contact()
    except DatabaseError:
        return  # said already


def public_folder(place: Place) -> Iterator[Finding]:
    """Writes, flushes, renames and removes, as publishing does: no permission bit tells root of a full disk."""
    folder = place.public_folder
    probe, renamed = folder / f".probe-{os.getpid()}", folder / f".probe-{os.getpid()}-renamed"
    try:
        with probe.open("wb") as out:
            out.write(b"x" * 4096)
            out.flush()
            os.fsync(out.fileno())
        probe.rename(renamed)
        renamed.unlink()
    except OSError as trouble:
        probe.unlink(missing_ok=True)
        yield False, f"{folder} ist nicht beschreibbar ({trouble.strerror}). Bitte Rechte und Platz prüfen."
        return
    yield True, f"{folder} ist beschreibbar."


def disk(place: Place) -> Iterator[Finding]:
    there = next(folder for folder in (place.data, *place.data.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    text = f"{free / 1e9:.1f} GB sind frei.".replace(".", ",", 1)
    yield free > MIN_FREE, text if free > MIN_FREE else f"{text} Bitte bei {there} Platz schaffen."
