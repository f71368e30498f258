"""The command line finds the running system of AUSRUFER_DATA and becomes a Django process on its database."""

from __future__ import annotations

import os

from ausrufer.config import running
from ausrufer.config.place import place_from_environment


class NotRunning(Exception):
    """Nothing runs there; the message says where it looked and what to do."""


class WrongSetting(NotRunning):
    """An environment variable says something that cannot be meant."""


def connect() -> None:
    """Set Django up against the system that runs. Raises NotRunning."""
    os.environ.update(reach())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ausrufer.config.settings")
    import django

    django.setup()


def reach() -> dict[str, str]:
    """What the environment has to say to reach the system that runs. Raises NotRunning."""
    try:
        place = place_from_environment()
    except ValueError as trouble:
        raise WrongSetting(str(trouble)) from trouble
    found = running.read(place.data) if place.data.is_dir() else None
    if found is not None:
        return found.environment()
    if place.database_url:
        return {"DATABASE_URL": place.database_url, "AUSRUFER_DEMO": "1" if place.demo else "0"}
    raise NotRunning(
        f"In {place.data} läuft kein Ausrufer. Bitte mit `make run` starten oder AUSRUFER_DATA richtig setzen."
    )
