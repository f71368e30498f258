"""What an empty system has, and what it asks for at its first start."""

from __future__ import annotations

from pathlib import Path

MARK = "nobody-yet"  # in the data folder, as long as nobody can log in
STEPS = (
    "Noch kann sich niemand anmelden. In einem zweiten Terminal, mit demselben Datenordner:",
    "  ausrufer user add NAME --office press      jemand, der veröffentlicht; fragt nach dem Passwort",
    "  ausrufer user add NAME --office it         jemand, der Kanäle verbindet",
    "  ausrufer concept konzept.yaml              Name der Stadt, Impressum und Themen",
)


def open_own_channel() -> None:
    """The city's own pages are always there."""
    from ausrufer.channels.models import Channel

    Channel.objects.get_or_create(key="website", defaults={"platform": "website", "name": "Website", "position": 0})


def mark_nobody(data: Path) -> None:
    from ausrufer.people.models import User

    if not User.objects.exists():
        (data / MARK).touch()


def somebody_is_there(data: Path) -> None:
    (data / MARK).unlink(missing_ok=True)


def is_nobody_there(data: Path) -> bool:
    return (data / MARK).exists()
