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


def clock_words(moment: datetime, now: datetime, clock: str = "%H:%M") -> str:
    """ "14:31", and on another day "1.12. 14:31"."""
    here = local(moment)
    day = "" if here.date() == local(now).date() else f"{here.day}.{here.month}. "
    return f"{day}{here:{clock}}"
