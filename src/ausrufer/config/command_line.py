"""The `ausrufer` command."""

from __future__ import annotations

import argparse
import importlib
import sys
from typing import Any

from ausrufer.config.called import as_called
from ausrufer.config.german_arguments import speak_german
from ausrufer.config.progress import complain

COMMANDS = {
    "run": "alles starten und beaufsichtigen",
    "check": "Einstellungen, Datenbank, Ordner und Uhren prüfen",
    "bounce": "eine zurückgekommene Mail vom Mailserver annehmen",
    "post": "einen Beitrag schreiben und veröffentlichen",
    "user": "jemanden anlegen, ein Passwort ändern",
    "database": "die Adresse der laufenden Datenbank, zum Sichern",
    "concept": "das Kanalkonzept der Stadt laden: Name, Impressum, Themen",
}


def main(words: list[str] | None = None) -> int:
    """Exit status: 0 done, 1 failed, 2 wrong input. A command's module is read only when it is called."""
    words = sys.argv[1:] if words is None else words
    speak_german()
    parser = argparse.ArgumentParser(prog="ausrufer", description="Der Informationskanal des Rathauses.")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="BEFEHL")
    for name, help_text in COMMANDS.items():
        command = subparsers.add_parser(name, help=help_text)
        if name in words[:1]:
            module(name).add_arguments(command)
    arguments = parser.parse_args(words)
    try:
        status: int = module(arguments.command).run(arguments)
    except Exception as error:
        if not is_database_away(error):
            raise
        complain(
            f"Die Datenbank antwortet nicht. Bitte mit `{as_called()} check` nachsehen und es noch einmal versuchen."
        )
        return 1
    return status


def is_database_away(error: Exception) -> bool:
    """Asked by name: `ausrufer run` must not have to import Django for it."""
    return {"OperationalError", "InterfaceError"} & {each.__name__ for each in type(error).__mro__} != set()


def module(name: str) -> Any:
    return importlib.import_module(f"ausrufer.config.commands.{name}")


if __name__ == "__main__":
    sys.exit(main())
