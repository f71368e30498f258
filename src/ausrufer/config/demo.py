"""The demo city: Trier's published concept, its people, the own pages and the Threads stand-in."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from django.conf import settings
from django.db import transaction

from ausrufer.channels.models import Channel
from ausrufer.concept import load
from ausrufer.config.first_steps import open_own_channel
from ausrufer.config.logins import logins, logins_file
from ausrufer.people.models import Office, Role, User

OFFICES = {"press": "Amt für Presse und Kommunikation", "roads": "Tiefbauamt", "it": "IT"}
PEOPLE = [
    ("amira", "Amira", "press", Role.EDITOR),
    ("clara", "Clara", "press", Role.EDITOR),
    ("bernd", "Bernd", "roads", Role.GUEST),
    ("emil", "Emil", "it", Role.ADMIN),
]


def load_city() -> None:
    """What is there already stays as people changed it."""
    passwords = made_passwords(logins_file(Path(settings.DATA)))
    with transaction.atomic():
        load.load(load.read(load.DEMO))
        offices = {
            key: Office.objects.get_or_create(key=key, defaults={"name": name})[0] for key, name in OFFICES.items()
        }
        for username, name, office, role in PEOPLE:
            person, is_new = User.objects.get_or_create(
                username=username, defaults={"first_name": name, "office": offices[office], "role": role}
            )
            if is_new:
                person.set_password(passwords[username])
                person.save()
        open_own_channel()
        connect_threads()


def connect_threads() -> None:
    """The port may have changed since the last start, so the stand-in's address is written anew."""
    address = f"http://127.0.0.1:{settings.PORT + 2}"
    channel, _ = Channel.objects.get_or_create(
        key="threads",
        defaults={
            "platform": "threads",
            "name": "Threads",
            "position": 10,
            "settings": {"handle": "stadt_trier"},
            "secrets": {"access_token": "demo-token"},
        },
    )
    if channel.settings.get("api") != address:
        channel.settings = {**channel.settings, "api": address}
        channel.save(update_fields=["settings"])


def made_passwords(file: Path) -> dict[str, str]:
    """A password for each, made at the first start; the file is readable by its owner only."""
    known = logins(file.parent)
    missing = {username: secrets.token_urlsafe(6) for username, *_ in PEOPLE if username not in known}
    if missing:
        fresh = file.with_name(f"{file.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(known | missing, indent=1))
        fresh.rename(file)
    return known | missing
