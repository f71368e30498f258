"""How fast a bot may write (sheet, section 3, "Flood")."""

from __future__ import annotations

import math

from sandbox.telegram.errors import limited

PAUSE = 1.0  # seconds to a message in one chat


class Flood:
    """Each message takes its second, also those of an album. The short bursts Telegram may allow nobody can count on.

    A bot's 30 messages a second and a group's 20 a minute are out of reach for one channel.
    """

    def __init__(self) -> None:
        self.free_at = 0.0

    def take(self, messages: int, now: float) -> None:
        """Raises Refused."""
        if now < self.free_at:
            raise limited(math.ceil(self.free_at - now))
        self.free_at = now + messages * PAUSE

    def calm(self) -> None:
        self.free_at = 0.0
