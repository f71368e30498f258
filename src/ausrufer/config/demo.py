"""The demo city: Trier's published concept, its people, the own pages, and a channel for everything that is played."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from django.conf import settings
from django.db import transaction

from ausrufer.channels.models import Channel
from ausrufer.concept import load
from ausrufer.config.demo_channels import DEMO_CHANNELS, DemoChannel, standin_address, wanted
from ausrufer.config.first_steps import open_own_channel
from ausrufer.config.logins import logins, logins_file
from ausrufer.people.models import Office, Role, User

GIVEN = "demo_channels"  # setting of the own channel: {key: address of its stand-in} of those that were given
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
        open_channels(settings.PORT)


def open_channels(port: int) -> None:
    """Each is given once: what people changed, stopped or removed since then stays so.

    Ports may have changed since the last start, so addresses are written anew, where they are still the stand-ins'.
    """
    own = Channel.objects.get(key="website")  # nobody can remove it, so it remembers for the city
    given: dict[str, str] = own.settings.get(GIVEN) or given_before()
    for each in wanted():
        address = standin_address(each, port)
        if each.key in given:
            move(each, given[each.key], address)
        elif not Channel.objects.filter(platform=each.key).exists():  # else somebody was faster
            Channel.objects.create(
                key=each.key,
                platform=each.key,
                name=each.name,
                position=10 + 10 * DEMO_CHANNELS.index(each),
                settings={**each.settings, **dict.fromkeys(each.addresses, address)},
                secrets=dict(each.secrets),
                chosen_by_default=each.is_chosen,
            )
        given = {**given, each.key: address}
    own.settings = {**own.settings, GIVEN: given}
    own.save(update_fields=["settings"])


def given_before() -> dict[str, str]:
    """{key: address}: cities from before there were more had Threads."""
    return {each.key: each.settings.get("api", "") for each in Channel.objects.filter(key="threads")}


def move(known: DemoChannel, before: str, address: str) -> None:
    for channel in Channel.objects.filter(platform=known.key):
        if moved := [name for name in known.addresses if channel.settings.get(name) == before]:
            channel.settings = {**channel.settings, **dict.fromkeys(moved, address)}
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
