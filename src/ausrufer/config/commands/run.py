"""`ausrufer run`: everything in one terminal."""

from __future__ import annotations

import argparse
import os
import signal
import time
import urllib.error
import urllib.request

from ausrufer.config import running
from ausrufer.config.logins import logins
from ausrufer.config.parts import parts
from ausrufer.config.place import Place, busy_ports, place_from_environment
from ausrufer.config.postgres import Postgres
from ausrufer.config.postgres_binaries import NoPostgres
from ausrufer.config.processes import die_with_parent
from ausrufer.config.progress import complain, say
from ausrufer.config.supervisor import NotPrepared, Supervisor

FAILED = 1
PATIENCE = 60.0  # seconds until the desk must have answered


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", help="Datenordner (sonst AUSRUFER_DATA oder ./data)")
    parser.add_argument("--port", type=int, help="öffentliche Seiten; die Redaktion liegt auf dem nächsten Port")
    parser.add_argument("--no-demo", action="store_true", help="ohne Demostadt und ohne nachgestellte Plattformen")


def run(arguments: argparse.Namespace) -> int:
    for name, value in (
        ("DATA", arguments.data),
        ("PORT", arguments.port),
        ("DEMO", "0" if arguments.no_demo else None),
    ):
        if value is not None:
            os.environ[f"AUSRUFER_{name}"] = str(value)
    try:
        place = place_from_environment()
        place.data.mkdir(parents=True, exist_ok=True)
        with running.locked(place.data):
            return supervise(place)
    except running.RunsAlready:
        return complain_of_other(running.read(place.data))
    except (NoPostgres, NotPrepared, ValueError) as trouble:
        complain(str(trouble))
    except OSError as trouble:
        complain(f"Der Datenordner ist nicht zu gebrauchen: {trouble}")
    return FAILED


def supervise(place: Place) -> int:
    if busy := busy_ports(place):
        complain(
            f"Port {', '.join(map(str, busy))} ist schon belegt. Bitte einen anderen wählen, z. B. make run PORT=8200."
        )
        return FAILED
    postgres = None if place.database_url else Postgres(place.data, place.fingerprint)
    url = postgres.url if postgres else place.database_url
    say("Ausrufer startet …")
    if (greeter := os.fork()) == 0:
        greet(place)
    try:
        Supervisor(place, parts(place, url), postgres, url).run()
    finally:
        end_greeter(greeter)
    say("Ausrufer ist beendet.")
    return 0


def complain_of_other(other: running.Running | None) -> int:
    where = f": {other.public_url} und {other.desk_url}" if other else ""
    complain(f"Ausrufer läuft mit diesem Datenordner schon{where}.")
    return FAILED


def greet(place: Place) -> None:
    """In a short-lived process of its own: says the addresses once they answer."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    die_with_parent()
    end = time.monotonic() + PATIENCE
    for address in (f"{place.public_url}/", f"{place.desk_url}/healthz"):
        while not answers(address) and time.monotonic() < end:
            time.sleep(0.05)
    say(greeting(place) if time.monotonic() < end else f"Noch antwortet nicht alles. Protokolle: {place.data / 'logs'}")
    os._exit(0)


def end_greeter(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    except (ProcessLookupError, ChildProcessError):
        pass


def answers(address: str) -> bool:
    """Any answer is one: the health page says by its status what is missing."""
    try:
        urllib.request.urlopen(address, timeout=2).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def greeting(place: Place) -> str:
    lines = ["", f"  Öffentliche Seiten   {place.public_url}", f"  Redaktion            {place.desk_url}"]
    if place.demo:
        lines.append(f"  Threads (gespielt)   http://127.0.0.1:{place.standin_port}/@stadt_trier")
        lines += ["", "  Anmelden als         Passwort"]
        lines += [f"  {name:<20} {password}" for name, password in logins(place.data).items()]
    return "\n".join([*lines, "", "  Beenden mit Strg-C.", ""])
