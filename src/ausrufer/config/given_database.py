"""What keeps us from using a PostgreSQL of somebody else's: `python -m ausrufer.config.given_database`."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ausrufer.config.progress import say

if TYPE_CHECKING:
    from psycopg import Connection

OLDEST = 14  # what Django asks for
EXAMPLE = "postgresql://benutzer:passwort@rechner:5432/datenbank"
PATIENCE = 5  # seconds
# A refused connection comes with words only: of system and driver in English, of the server perhaps in German.
NOBODY_ANSWERS = ("Connection refused", "No such file", "timeout", "resolve host", "No route", "unreachable")
NO_DATABASE = ("FATAL:  database ", "FATAL:  Datenbank ")
NOT_LET_IN = (
    *("authentication failed", "no password supplied", "no pg_hba.conf entry", "FATAL:  role "),
    *("Authentifizierung", "kein pg_hba.conf-Eintrag", "FATAL:  Rolle "),
)
MAY_CREATE = "SELECT has_database_privilege(current_database(), 'CREATE') AND has_schema_privilege('public', 'CREATE')"


def shape_trouble(url: str) -> str:
    """A sentence about an address that cannot be meant, or ""."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return f"DATABASE_URL ist keine Adresse. So sieht eine aus: {EXAMPLE}"
    if parts.scheme not in ("postgresql", "postgres"):
        what = f"nennt „{parts.scheme}“; Ausrufer braucht PostgreSQL" if parts.scheme else "ist keine Adresse"
        return f"DATABASE_URL {what}. So sieht eine aus: {EXAMPLE}"
    if not parts.path.strip("/"):
        return f"DATABASE_URL nennt keine Datenbank. Ihr Name steht am Ende: {EXAMPLE}"
    return ""


def trouble(url: str) -> str:
    """A sentence, or "". Asked in a process of its own, so that the supervisor stays small."""
    module = [sys.executable, "-m", "ausrufer.config.given_database"]
    environment = {**os.environ, "DATABASE_URL": url}
    return subprocess.run(module, env=environment, stdout=subprocess.PIPE, text=True, check=False).stdout.strip()


def server_trouble(url: str) -> str:
    """Nothing is changed there."""
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=PATIENCE) as connection:
            return unsuitable(connection)
    except psycopg.ProgrammingError as error:  # the address itself
        return f"DATABASE_URL geht so nicht ({str(error).strip()}). So sieht es aus: {EXAMPLE}"
    except psycopg.OperationalError as error:
        return why_refused(url, str(error).strip())


def why_refused(url: str, said: str) -> str:
    from psycopg.conninfo import conninfo_to_dict

    facts = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    host, port, user = facts.get("host", "localhost"), facts.get("port", "5432"), facts.get("user", "")
    where = f"{host}, Port {port},"
    if any(words in said for words in NOBODY_ANSWERS):
        return f"Unter {where} antwortet kein PostgreSQL. Läuft es, und stimmen Rechner und Port in DATABASE_URL?"
    if any(words in said for words in NO_DATABASE):
        command = ["createdb", "-h", host, "-p", port, "-T", "template0", "-E", "UTF8", "-l", "C.UTF-8", "-O", user]
        return (
            f"Die Datenbank „{facts['dbname']}“ aus DATABASE_URL gibt es nicht. Stimmt der Name, kann der Verwalter "
            f"von PostgreSQL sie anlegen: {shlex.join([*command, facts['dbname']])}"
        )
    if any(words in said for words in NOT_LET_IN):
        return f"PostgreSQL lässt „{user}“ nicht ein. Stimmen Name und Passwort in DATABASE_URL?"
    return f"PostgreSQL unter {where} lässt sich nicht gebrauchen: {said.splitlines()[0]}"


def unsuitable(connection: Connection[tuple[bool]]) -> str:
    facts = connection.info
    if facts.server_version < OLDEST * 10_000:
        return (
            f"Das PostgreSQL in DATABASE_URL ist zu alt: Fassung {facts.server_version // 10_000}, nötig ist {OLDEST}."
        )
    if (encoding := facts.parameter_status("server_encoding")) != "UTF8":
        return (
            f"Die Datenbank „{facts.dbname}“ speichert {encoding}, nötig ist UTF8. Bitte eine neue anlegen: "
            "createdb -T template0 -E UTF8 -l C.UTF-8 …"
        )
    if connection.execute(MAY_CREATE).fetchone() != (True,):
        return (
            f"„{facts.user}“ darf in der Datenbank „{facts.dbname}“ nichts anlegen. Bitte als Verwalter von "
            f'PostgreSQL: ALTER DATABASE "{facts.dbname}" OWNER TO "{facts.user}"'
        )
    return ""


if __name__ == "__main__":
    if found := server_trouble(os.environ["DATABASE_URL"]):
        say(found)
