"""The time it is at X, which a story may move on."""

from __future__ import annotations

import time


class Clock:
    def __init__(self) -> None:
        self.ahead = 0.0  # seconds

    def now(self) -> float:
        return time.time() + self.ahead
