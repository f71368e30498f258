"""What is used up: logins, points, calls from one address, and the day's films (sheet, sections 2, 3.3 and 4)."""

from __future__ import annotations

import math

from sandbox.bluesky.accounts import DAY, Account, Limits
from sandbox.bluesky.errors import DAILY_LIMIT, Refused, limited

HOUR = 3_600.0  # seconds
FIVE_MINUTES = 300.0
LOGINS = ((30, FIVE_MINUTES), (300, DAY))  # how many in which time
POINTS = ((5_000, HOUR), (35_000, DAY))
COSTS = {"create": 3, "put": 2, "delete": 1}


def log_in(account: Account, now: float) -> None:
    """Raises Refused."""
    account.logins = [moment for moment in account.logins if moment > now - DAY]
    for most, window in LOGINS:
        recent = [moment for moment in account.logins if moment > now - window]
        if len(recent) >= most:
            raise limited(math.ceil(recent[0] + window), most, int(window))
    account.logins.append(now)


def spend(account: Account, points: int, limits: Limits, now: float) -> None:
    """Raises Refused."""
    account.spent = [(moment, cost) for moment, cost in account.spent if moment > now - DAY]
    for usual, window in POINTS:
        most = min(usual, limits.points) if window == HOUR else usual
        recent = [(moment, cost) for moment, cost in account.spent if moment > now - window]
        if sum(cost for _, cost in recent) + points > most:
            oldest = recent[0][0] if recent else now
            raise limited(math.ceil(oldest + window), most, int(window))
    account.spent.append((now, points))


def knock(arrivals: list[float], limits: Limits, now: float) -> None:
    """Whatever is asked; we are one address. Raises Refused."""
    arrivals[:] = [moment for moment in arrivals if moment > now - FIVE_MINUTES]
    if len(arrivals) >= limits.calls:
        raise limited(math.ceil(arrivals[0] + FIVE_MINUTES), limits.calls, int(FIVE_MINUTES))
    arrivals.append(now)


def films_left(account: Account, limits: Limits, now: float) -> tuple[int, int]:
    """(how many, bytes) of today."""
    account.films = [(moment, size) for moment, size in account.films if moment > now - DAY]
    used = sum(size for _, size in account.films)
    return max(0, limits.daily_videos - len(account.films)), max(0, limits.daily_video_bytes - used)


def bring_film(account: Account, size: int, limits: Limits, now: float) -> None:
    """Raises Refused."""
    videos, room = films_left(account, limits, now)
    if not videos or size > room:
        raise Refused(*DAILY_LIMIT)
    account.films.append((now, size))
