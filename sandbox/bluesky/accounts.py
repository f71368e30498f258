"""Who may post: accounts, their sessions, and the points they used up (sheet, sections 2 and 4)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from sandbox.bluesky.errors import DEACTIVATED, TAKEN_DOWN, Refused, limited

HOUR = 3_600.0  # seconds
DAY = 86_400.0
ACCESS_LIVES = 7_200.0
REFRESH_LIVES = 90 * DAY
GRACE = 7_200.0  # seconds in which a refresh token that was used may be used again
LOGINS = ((30, 300.0), (300, DAY))  # how many in which time
POINTS = ((5_000, HOUR), (35_000, DAY))
COSTS = {"create": 3, "put": 2, "delete": 1}


@dataclass
class Limits:
    """What tests may turn."""

    points: int = 5_000  # in an hour
    shown_after: float = 0.0  # seconds until readers see a post
    video_looks: int = 3  # until a video is ready
    video_fails: bool = False


@dataclass
class Account:
    did: str
    handle: str
    password: str
    name: str
    status: str = "active"  # or takendown, deactivated
    logins: list[float] = field(default_factory=list)
    spent: list[tuple[float, int]] = field(default_factory=list)  # when, points


@dataclass
class Token:
    did: str
    kind: str  # access, refresh, service
    expires: float


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


def check_in_use(account: Account) -> None:
    """Raises Refused."""
    if account.status == "takendown":
        raise Refused(*TAKEN_DOWN)
    if account.status == "deactivated":
        raise Refused(*DEACTIVATED)
