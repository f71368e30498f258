"""How often one may call (platform sheet, section 6).

One account and one app are played, so each call counts for both.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from sandbox.http import Reply
from sandbox.x.clock import Clock
from sandbox.x.problems import Refused, problem

QUARTER, DAY = 900.0, 86_400.0  # seconds
POST = "POST /2/tweets"
# Calls, and in how many seconds: of the account and, after it, of the app. What the sheet does not limit is not here.
LIMITS = {
    POST: ((100, QUARTER), (10_000, DAY)),
    "GET /2/tweets": ((5_000, QUARTER), (3_500, QUARTER)),
    "GET /2/users/:id/tweets": ((900, QUARTER), (10_000, QUARTER)),
    "GET /2/users/me": ((75, QUARTER),),
}


@dataclass
class Window:
    """It begins with its first call and ends at once for all of them."""

    most: int
    seconds: float
    ends: float = 0.0
    used: int = 0

    def begin(self, now: float) -> None:
        if now >= self.ends:
            self.used, self.ends = 0, now + self.seconds

    @property
    def left(self) -> int:
        return self.most - self.used


class Rates:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.forget()

    def forget(self) -> None:
        """As if nobody had called yet."""
        self.windows = {call: [Window(*each) for each in limits] for call, limits in LIMITS.items()}

    def count(self, call: str) -> dict[str, str]:
        """What is left, as the answer's headers say it. Raises Refused."""
        if not (windows := self.windows.get(call)):
            return {}
        for each in windows:
            each.begin(self.clock.now())
        full = [each for each in windows if not each.left]
        if full:
            raise Refused(429, "rate-limit-exceeded", "Too Many Requests", **self.headers(*full))
        for each in windows:
            each.used += 1
        return self.headers(*windows)

    def headers(self, *windows: Window) -> dict[str, str]:
        """Of the one with least left; of several that are full, the one that ends last."""
        window = min(windows, key=lambda each: (each.left, -each.ends))
        return said(window.most, window.left, window.ends - self.clock.ahead)


def said(most: int, left: int, ends: float) -> dict[str, str]:
    """`ends`: in seconds since 1970, as the caller counts them."""
    return {
        "x-rate-limit-limit": str(most),
        "x-rate-limit-remaining": str(left),
        "x-rate-limit-reset": str(math.ceil(ends)),
    }


def limited(seconds: float) -> Reply:
    """For a story that asks for it."""
    most = LIMITS[POST][0][0]
    return problem(429, "rate-limit-exceeded", "Too Many Requests", **said(most, 0, time.time() + seconds))
