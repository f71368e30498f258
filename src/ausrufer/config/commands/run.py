"""`ausrufer run`: everything in one terminal."""

from __future__ import annotations

import argparse
import os

from ausrufer.config import given_database, processes, running
from ausrufer.config.greeting import greeter
from ausrufer.config.mode import settle
from ausrufer.config.parts import parts
from ausrufer.config.place import Place, place_from_environment, port_trouble
from ausrufer.config.postgres import Postgres
from ausrufer.config.postgres_binaries import NoPostgres
from ausrufer.config.progress import complain, say
from ausrufer.config.supervisor import NotPrepared, Supervisor

FAILED = 1
LEFTOVER_PATIENCE = 8.0  # seconds for parts of a killed supervisor to end by themselves


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", help="Datenordner (sonst AUSRUFER_DATA oder ./data)")
    parser.add_argument("--port", help="öffentliche Seiten; die Redaktion liegt auf dem nächsten Port")
    parser.add_argument("--no-demo", action="store_true", help="ohne Demostadt und ohne nachgestellte Plattformen")


def run(arguments: argparse.Namespace) -> int:
    demo = "0" if arguments.no_demo else None
    for name, value in (("DATA", arguments.data), ("PORT", arguments.port), ("DEMO", demo)):
        if value is not None:
            os.environ[f"AUSRUFER_{name}"] = value
    try:
        place = place_from_environment()
        refuse_taken_ports(place)
        make_writable(place)
        with running.locked(place.data):
            supervise(place)
    except running.RunsAlready:
        complain(f"Ausrufer läuft mit diesem Datenordner schon{addresses(running.read(place.data))}.")
        return FAILED
    except (NoPostgres, NotPrepared, ValueError) as trouble:
        complain(str(trouble))
        return FAILED
    say("Ausrufer ist beendet.")
    return 0


def refuse_taken_ports(place: Place) -> None:
    """A refused start leaves no trace. In a folder that was used before, the port may be held by our own leftovers."""
    if not (place.data / running.LOCK).exists() and (trouble := port_trouble(place)):
        raise ValueError(trouble)


def make_writable(place: Place) -> None:
    """Raises ValueError with a sentence."""
    try:
        place.data.mkdir(parents=True, exist_ok=True)
        (place.data / running.LOCK).touch(mode=0o600)
    except OSError as trouble:
        raise ValueError(f"Der Datenordner {place.data} ist nicht zu gebrauchen: {trouble.strerror}.") from trouble


def supervise(place: Place) -> None:
    """Whoever calls it holds the folder's lock."""
    running.file_in(place.data).unlink(missing_ok=True)
    left = processes.marked([f"{name}={value}" for name, value in place.marks().items()])
    processes.end_all(left, patience=LEFTOVER_PATIENCE)
    if trouble := port_trouble(place):
        raise ValueError(trouble)
    if place.database_url and (trouble := given_database.trouble(place.database_url)):
        raise ValueError(trouble)
    settle(place.data, demo=place.demo)
    postgres = None if place.database_url else Postgres(place.data, place.fingerprint)
    url = postgres.url if postgres else place.database_url
    say("Ausrufer startet …")
    with greeter(place) as greeting:
        Supervisor(place, parts(place), postgres, url, collect=greeting.collect).run()


def addresses(other: running.Running | None) -> str:
    return f": {other.public_url} und {other.desk_url}" if other else ""
