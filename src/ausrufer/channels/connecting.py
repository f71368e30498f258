"""Connecting a channel: what a person entered or agreed to becomes settings and locked secrets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ausrufer.adapter import registry
from ausrufer.adapter.contract import Connection, Field, Platform
from ausrufer.adapter.errors import Banned, LockedOut, Trouble, TryLater
from ausrufer.channels.models import Channel, HeldFor
from ausrufer.kernel.sentence import Sentence

NOT_CHECKED = Sentence("Der Zugang ist noch nicht geprüft.")


@dataclass(frozen=True)
class FieldTrouble:
    """`name` is the field's; the sentence names the remedy."""

    name: str
    sentence: Sentence


def platform_of(channel: Channel) -> Platform:
    return registry.platform(channel.platform, channel.settings, channel.secrets, channel.limits, channel=channel.key)


def troubles(fields: tuple[Field, ...], entered: Mapping[str, str], stored: Mapping[str, str]) -> list[FieldTrouble]:
    """A secret that is stored may be left empty: it stays."""
    found = []
    for field in fields:
        value = entered.get(field.name, "").strip()
        if not value and field.is_required and not (field.is_secret and stored.get(field.name)):
            found.append(FieldTrouble(field.name, Sentence("Bitte „{label}“ eintragen.", {"label": field.label})))
        elif value and field.kind == "url" and not is_web_address(value):
            found.append(FieldTrouble(field.name, Sentence("Bitte die ganze Adresse, sie beginnt mit https://.")))
        elif value and field.kind == "number" and not value.isdigit():
            found.append(FieldTrouble(field.name, Sentence("Bitte eine ganze Zahl.")))
    return found


def is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:  # e.g. half an IPv6 address
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def enter(channel: Channel, fields: tuple[Field, ...], entered: Mapping[str, str]) -> Channel:
    """Store what was typed; an empty secret keeps the stored one."""
    settings, secrets = dict(channel.settings), dict(channel.secrets)
    for field in fields:
        value = entered.get(field.name, "").strip()
        if not field.is_secret:
            settings[field.name] = int(value) if field.kind == "number" and value else value
        elif value:
            secrets[field.name] = value
    return store(channel, Connection(settings, secrets, channel.expires_at))


def store(channel: Channel, connection: Connection) -> Channel:
    channel.settings = {**channel.settings, **connection.settings}
    channel.secrets = {**channel.secrets, **connection.secrets}
    channel.expires_at = connection.expires_at
    channel.doubt = first_doubt(registry.platform_class(channel.platform))
    channel.save(update_fields=["settings", "secrets", "expires_at", "doubt"])
    return channel


def first_doubt(platform: type[Platform]) -> dict[str, Any] | None:
    """New access is in doubt, where it can be checked."""
    return NOT_CHECKED.as_json() if platform.capabilities.has_profile else None


def prove(channel_id: int) -> None:
    """A check or a delivery went through."""
    Channel.objects.filter(pk=channel_id, doubt__isnull=False).update(doubt=None)


def doubt(channel: Channel, trouble: Trouble) -> None:
    """A check failed: a platform that refuses us says what a person has to mend (`hold.locked_for`). One that is merely
    away says nothing against an access that was proven before.
    """
    known = Channel.objects.filter(pk=channel.pk)
    if isinstance(trouble, TryLater):
        known = known.filter(doubt__isnull=False)
    is_refused = isinstance(trouble, LockedOut) and asks_for_access(registry.platform_class(channel.platform))
    refused = {"refused": refusal(trouble)} if is_refused else {}
    known.update(doubt=trouble.sentence.as_json() | refused)


def asks_for_access(platform: Platform | type[Platform]) -> bool:
    """By hand, for example, there is nobody who would give us any."""
    return platform.capabilities.connects_by_redirect or any(each.is_secret for each in platform.fields())


def refusal(trouble: Trouble) -> HeldFor:
    return HeldFor.BANNED if isinstance(trouble, Banned) else HeldFor.ACCESS


def free_key(platform: str) -> str:
    """ "mastodon", then "mastodon-2"."""
    taken = set(Channel.objects.filter(platform=platform).values_list("key", flat=True))
    keys: list[str] = [platform, *(f"{platform}-{number}" for number in range(2, 100))]
    return next(key for key in keys if key not in taken)


def free_name(platform: type[Platform]) -> str:
    """ "Mastodon", then "Mastodon 2"."""
    taken = set(Channel.objects.values_list("name", flat=True))
    names: list[str] = [platform.name, *(f"{platform.name} {number}" for number in range(2, 100))]
    return next(name for name in names if name not in taken)


def add(platform: type[Platform], name: str) -> Channel:
    """A channel without access yet; nobody's posts go there before it is chosen. Without a name it gets one."""
    last = Channel.objects.order_by("-position").values_list("position", flat=True).first() or 0
    return Channel.objects.create(
        key=free_key(platform.key),
        platform=platform.key,
        name=name or free_name(platform),
        position=min(last + 10, 30_000),
        chosen_by_default=False,
        doubt=first_doubt(platform),
    )
