"""What an empty system has, and what it asks for at its first start."""

from __future__ import annotations

from pathlib import Path

from ausrufer.config.called import as_called

MARK = "nobody-yet"  # in the data folder, as long as nobody can log in
STEPS = {
    "wer veröffentlicht (fragt nach dem Passwort)": "user add NAME --office press",
    "wer Kanäle verbindet": "user add NAME --office it",
    "ein Beispiel für Name der Stadt, Impressum und Themen, zum Ausfüllen": "concept --example > konzept.yaml",
    "ausgefüllt laden": "concept konzept.yaml",
}


def steps() -> list[str]:
    """As they are typed."""
    lines = [f"  {as_called()} {words}  # {what}" for what, words in STEPS.items()]
    return ["Noch kann sich niemand anmelden. In einem zweiten Terminal, im selben Ordner:", *lines]


def open_own_channel() -> None:
    """The city's own pages are always there."""
    from ausrufer.channels.models import Channel

    Channel.objects.get_or_create(key="website", defaults={"platform": "website", "name": "Website", "position": 0})


def mark_nobody(data: Path) -> None:
    from ausrufer.people.models import User

    if User.objects.exists():
        somebody_is_there(data)  # also when they came with a backup
    else:
        (data / MARK).touch()


def somebody_is_there(data: Path) -> None:
    (data / MARK).unlink(missing_ok=True)


def is_nobody_there(data: Path) -> bool:
    return (data / MARK).exists()
