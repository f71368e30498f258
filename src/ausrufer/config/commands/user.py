"""`ausrufer user`: the first person, and the next ones; and a new password for who has forgotten it."""

from __future__ import annotations

import argparse
import getpass
import sys

from ausrufer.config.called import as_called
from ausrufer.config.connect import NotRunning, connect
from ausrufer.config.progress import complain, say

FAILED, WRONG_INPUT = 1, 2
SHORTEST = 10  # characters of a password
OFFICES = {"press": "Pressestelle", "it": "IT"}  # by key; others are named with --office-name
ROLES = {"press": "editor", "it": "admin"}  # by office; everybody else is a guest author


class WrongInput(Exception):
    """Names the remedy."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="WAS")
    add = acts.add_parser("add", help="jemanden anlegen; fragt nach dem Passwort (oder liest es von der Eingabe)")
    add.add_argument("name", metavar="NAME", help="Anmeldename, z. B. amira")
    add.add_argument("--office", required=True, metavar="AMT", help="Schlüssel des Amtes: press, it oder ein anderes")
    add.add_argument("--office-name", metavar="TEXT", help="wie das Amt heißt, wenn es neu ist")
    add.add_argument(
        "--role",
        choices=["editor", "guest", "admin"],
        help="sonst nach dem Amt: press gibt frei, it betreut, alle anderen schreiben",
    )
    add.add_argument("--shown", default="", metavar="TEXT", help="Name am Bildschirm")
    change = acts.add_parser("password", help="ein neues Passwort geben")
    change.add_argument("name", metavar="NAME")


def run(arguments: argparse.Namespace) -> int:
    try:
        connect()
        added(arguments) if arguments.act == "add" else changed(arguments.name)
    except NotRunning as trouble:
        complain(str(trouble))
        return FAILED
    except WrongInput as trouble:
        complain(str(trouble))
        return WRONG_INPUT
    return 0


def added(arguments: argparse.Namespace) -> None:
    """Raises WrongInput; then nobody was added."""
    from django.conf import settings
    from django.core.exceptions import ValidationError
    from django.db import transaction

    from ausrufer.config.first_steps import somebody_is_there
    from ausrufer.people import audit
    from ausrufer.people.models import Office, User

    key = arguments.office
    name = arguments.office_name or OFFICES.get(key, "")
    role = arguments.role or ROLES.get(key, "guest")
    if not (name or Office.objects.filter(key=key).exists()):
        raise WrongInput(f"Das Amt {key} gibt es noch nicht. Bitte mit --office-name sagen, wie es heißt.")
    person = User(username=arguments.name, first_name=arguments.shown, role=role)
    try:
        person.clean_fields(exclude=["password"])
    except ValidationError as trouble:
        raise WrongInput(
            f"Der Anmeldename {arguments.name} geht nicht: nur Buchstaben, Ziffern und @ . + - _"
        ) from trouble
    if User.objects.filter(username=arguments.name).exists():
        raise WrongInput(
            f"{arguments.name} gibt es schon. Ein neues Passwort: {as_called()} user password {arguments.name}"
        )
    person.set_password(asked_password())
    with transaction.atomic():
        person.office, _ = Office.objects.get_or_create(key=key, defaults={"name": name})
        person.save()
        audit.record("added", f"user {person.username}", by=None, role=role, office=key)
    somebody_is_there(settings.DATA)
    who = f"{person.shown_name} ({person.get_role_display()}, {person.office.name})"
    say(f"{who} ist angelegt. Anmelden: {settings.DESK_URL}")


def changed(name: str) -> None:
    from ausrufer.people import audit
    from ausrufer.people.models import User

    person = User.objects.filter(username=name).first()
    if person is None:
        raise WrongInput(f"{name} gibt es nicht.")
    person.set_password(asked_password())
    person.save(update_fields=["password"])
    audit.record("new password", f"user {name}", by=None)
    say(f"{name} hat ein neues Passwort.")


def asked_password() -> str:
    """Twice from a terminal, where it is not shown; else the first line of the input. Raises WrongInput."""
    if sys.stdin.isatty():
        password = getpass.getpass("Passwort: ")
        if password != getpass.getpass("Noch einmal: "):
            raise WrongInput("Die beiden Passwörter sind verschieden. Bitte noch einmal.")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if len(password) < SHORTEST:
        raise WrongInput(f"Ein Passwort hat mindestens {SHORTEST} Zeichen.")
    return password
