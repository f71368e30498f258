"""The channels of the demo city: who plays each, where, and which are chosen for a new post. Needs no Django."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

TOKEN = {"access_token": "demo-token"}
BUDGET = 200  # US cents a month for X: some ninety posts, or nine with a link


@dataclass(frozen=True)
class DemoChannel:
    key: str  # the channel's, its platform's, and the stand-in's
    name: str
    settings: Mapping[str, str | int] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    addresses: tuple[str, ...] = ()  # the settings that name its stand-in; none: nobody plays it
    page: str = ""  # where a citizen reads it there
    is_chosen: bool = True  # the quick ones, which need neither picture nor money nor a person


# In the order of sending; the ports of their stand-ins follow it.
DEMO_CHANNELS = (
    DemoChannel("threads", "Threads", {"handle": "stadt_trier"}, TOKEN, ("api",), "/@stadt_trier"),
    DemoChannel(
        "bluesky",
        "Bluesky",
        {"handle": "stadt-trier.test"},
        {"app_password": "demo-demo-demo-demo"},
        ("service", "appview", "video", "web"),
        "/profile/stadt-trier.test",
    ),
    DemoChannel(
        "telegram",
        "Telegram",
        {"channel": "@stadt_trier"},
        {"bot_token": "4711:demo-token"},
        ("api", "web"),
        "/s/stadt_trier",
    ),
    DemoChannel(
        "facebook",
        "Facebook",
        {"page": "100200300", "handle": "Stadt Trier"},
        {"access_token": "demo-page-token"},
        ("api", "web"),
        "/",
    ),
    DemoChannel("instagram", "Instagram", {"handle": "stadt_trier"}, TOKEN, ("api",), "/stadt_trier/", is_chosen=False),
    DemoChannel(
        "x",
        "X",
        {"handle": "@stadt_trier", "user_id": "4711", "monthly_budget_cents": BUDGET},
        TOKEN,
        ("api", "web"),
        "/stadt_trier",
        is_chosen=False,
    ),
    DemoChannel("byhand", "WhatsApp-Kanal", is_chosen=False),
)


def wanted() -> tuple[DemoChannel, ...]:
    """AUSRUFER_DEMO_CHANNELS names them (tests and benches need one); without it all. Raises ValueError."""
    names = os.environ.get("AUSRUFER_DEMO_CHANNELS", "").split()
    known = [each.key for each in DEMO_CHANNELS]
    if strange := [name for name in names if name not in known]:
        raise ValueError(f"Den Kanal „{strange[0]}“ hat die Demostadt nicht. Es gibt: {', '.join(known)}.")
    return tuple(each for each in DEMO_CHANNELS if not names or each.key in names)


def standin_port(channel: DemoChannel, port: int) -> int:
    """Beside public pages and desk, which have `port` and the next one."""
    return port + 2 + DEMO_CHANNELS.index(channel)


def standin_address(channel: DemoChannel, port: int) -> str:
    """ "" where nobody plays it."""
    return f"http://127.0.0.1:{standin_port(channel, port)}" if channel.addresses else ""
