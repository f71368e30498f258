"""Secrets of channels: encrypted at rest with a key that is not in the database."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


def lock(value: dict[str, str]) -> str:
    return Fernet(settings.CHANNELS_KEY).encrypt(json.dumps(value).encode()).decode()


def unlock(stored: str) -> dict[str, str]:
    """Raises ImproperlyConfigured when the key is not the one it was locked with."""
    if not stored:
        return {}
    try:
        found: dict[str, str] = json.loads(Fernet(settings.CHANNELS_KEY).decrypt(stored.encode()))
    except InvalidToken as error:
        raise ImproperlyConfigured(
            "Die Zugangsdaten der Kanäle sind nicht zu entschlüsseln: channels.key gehört zu einer anderen Datenbank."
        ) from error
    return found


class Unreadable(dict[str, str]):
    """Locked with another key: nothing in it, and stored again as it was."""

    def __init__(self, stored: str) -> None:
        super().__init__()
        self.stored = stored


if TYPE_CHECKING:
    StoredText = models.TextField[dict[str, str], dict[str, str]]
else:
    StoredText = models.TextField  # generic for the type checker only


class EncryptedField(StoredText):
    """A dict of strings in Python, one encrypted text in the database."""

    def from_db_value(self, value: str | None, expression: object, connection: object) -> dict[str, str]:
        """The board must be readable when the secrets are not."""
        try:
            return unlock(value or "")
        except ImproperlyConfigured:
            return Unreadable(value or "")

    def get_prep_value(self, value: Any) -> str:
        return value.stored if isinstance(value, Unreadable) else lock(value or {})

    def to_python(self, value: Any) -> dict[str, str]:
        return value if isinstance(value, dict) else unlock(value or "")
