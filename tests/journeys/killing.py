"""What the stories of kills share: a dispatcher is killed at a call to Threads, and one copy is to be online."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from PIL import Image

from tests.system import System, until

CLEARED_UP = 60.0  # seconds for an interrupted delivery
EVERY_WAY = pytest.mark.parametrize("fault", ["hang", "slow", "hang_after"])  # it never happens, later, has happened


def calls(city: System, name: str) -> int:
    """How often the stand-in was called so."""
    found: int = httpx.get(f"{city.standin}/_sim/state").json()["calls"].get(name, 0)
    return found


def once(city: System, text: str, told: dict[str, object]) -> bool:
    return city.timeline().count(text) == 1 and set(city.states(str(told["id"])).values()) == {"online"}


def one_copy_is_online(city: System, text: str, told: dict[str, object]) -> None:
    until(lambda: once(city, text, told), within=CLEARED_UP, every=0.5, what="one copy online")


def kill_the_dispatcher(city: System, folder: Path, fault: str, moment: str, match: str, call: str) -> None:
    """At this call, which meets the fault: it hangs, or is slow, or hangs when it is done."""
    text = f"Gesperrt ist die Brücke. Gestorben wurde beim Schritt {moment} ({fault})."
    Image.new("RGB", (800, 600), "teal").save(folder / "plan.jpg")
    picture = ["--image", str(folder / "plan.jpg"), "--alt", "Plan der Umleitung"] if "container" in moment else []
    city.fault(fault, match=match, milliseconds=3000)
    before = calls(city, call)
    told = city.post(text, *picture)
    until(lambda: calls(city, call) > before, what="the call")
    city.kill("dispatcher")
    one_copy_is_online(city, text, told)
