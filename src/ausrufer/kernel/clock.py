"""Time: aware, UTC inside, Europe/Berlin on screen.

Due times and receipts come from the database's clock (`kernel.database_clock`); this one is for everything else.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/Berlin")


def utc_now() -> datetime:
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    return moment.astimezone(LOCAL)
