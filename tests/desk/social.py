"""A platform of its own for the stories about channels: its access is right when its secret is "richtig"."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.test import Client

from ausrufer.adapter.contract import Connection, Field, Profile
from ausrufer.adapter.errors import LockedOut, TryLater
from ausrufer.adapter.testing import FakePlatform
from ausrufer.channels.models import Channel
from ausrufer.deliveries.publish import publish
from ausrufer.kernel.database_clock import database_now
from ausrufer.people.models import User
from tests import town
from tests.deliveries.conftest import work
from tests.system import words_of

Desk = Callable[[User], Client]
FIELDS = (
    Field("instance", "Adresse der Instanz", "z. B. https://social.example", kind="url"),
    Field("token", "Zugangswort", is_secret=True),
)


def social_platform() -> FakePlatform:
    fake = FakePlatform("social-fake", name="Social")
    facts = dataclasses.replace(fake.facts, has_profile=True, connects_by_redirect=True, renews=True)
    platform = fake.platform

    def profile(self: Any) -> Profile:
        if "weg" in self.settings.get("instance", ""):
            raise TryLater("Social ist nicht erreichbar.", seconds=15)
        if self.secrets.get("token") != "richtig":
            raise LockedOut("Social lässt uns nicht hinein.")
        return Profile("Stadt Trier", "@stadt")

    def connected(self: Any, answer: Mapping[str, str], redirect: str) -> Connection:
        if answer.get("code") != "abc":
            raise LockedOut("Social hat die Zustimmung nicht bestätigt.")
        return Connection({}, {"token": "richtig"}, database_now() + timedelta(days=60))

    def renew(self: Any) -> Connection:
        return Connection({}, {"token": "erneuert"}, database_now() + timedelta(days=60))

    platform.capabilities = facts
    platform.fields = classmethod(lambda cls: FIELDS)  # type: ignore[assignment]
    platform.profile = profile  # type: ignore[method-assign]
    platform.connected = connected  # type: ignore[method-assign]
    platform.renew = renew  # type: ignore[method-assign]
    platform.connect_url = lambda self, redirect, state: f"https://social.example/agree?state={state}"  # type: ignore[method-assign]
    return fake


def the_channel() -> Channel:
    return Channel.objects.get(platform="social-fake")


def said(client: Client) -> str:
    return words_of(client.get("/kanaele").content.decode())


def state_of(client: Client) -> str:
    """What the page says of the channel, up to the links."""
    return re.split(r" (?:Verbinden|Neu verbinden|Zugang ändern) :", said(client).split("Social ", 1)[1])[0]


def give_access(**more: Any) -> None:
    facts = {"settings": {"instance": "https://social.example"}, "secrets": {"token": "richtig"}} | more
    channel = the_channel()
    for name, value in facts.items():
        setattr(channel, name, value)
    channel.save()


def released() -> None:
    post = town.written(town.ROADWORKS, by=town.amira())
    publish(post, by=town.amira(), revision=post.revision)
    work()
