"""The demo people's passwords, in a file only its owner reads. Needs no Django."""

from __future__ import annotations

import json
from pathlib import Path


def logins_file(data: Path) -> Path:
    return data / "demo-logins.json"


def logins(data: Path) -> dict[str, str]:
    """{user name: password} of the demo people; {} outside the demo."""
    try:
        found: dict[str, str] = json.loads(logins_file(data).read_text())
    except FileNotFoundError:
        return {}
    return found
