"""Whether a data folder holds the demo city: settled at its first start, so that real data stays free of it."""

from __future__ import annotations

import os
from pathlib import Path

DEMO, PRODUCTION = "demo", "production"


def wants_demo(data: Path) -> bool:
    """AUSRUFER_DEMO (1 or 0), else what the folder was made for; a fresh one gets the demo. Raises ValueError."""
    settled, asked = settled_mode(data), os.environ.get("AUSRUFER_DEMO", "")
    if asked not in ("", "0", "1"):
        raise ValueError(f"AUSRUFER_DEMO ist 1 (mit Demostadt) oder 0 (ohne), nicht „{asked}“.")
    if settled == PRODUCTION and asked == "1":
        raise ValueError(f"{data} ist ohne Demostadt angelegt. Bitte für die Demo einen anderen Datenordner wählen.")
    return asked == "1" if asked else settled != PRODUCTION


def settled_mode(data: Path) -> str:
    """The empty string for a folder that was never used."""
    try:
        return (data / "mode").read_text().strip()
    except OSError:
        return ""


def settle(data: Path, *, demo: bool) -> None:
    """At the first start; the later ones change nothing."""
    if not settled_mode(data):
        (data / "mode").write_text(f"{DEMO if demo else PRODUCTION}\n")
