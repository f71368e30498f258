"""Prepaid credit: each act takes its price, and at zero nothing goes any more (platform sheet, section 1)."""

from __future__ import annotations

import time
from collections.abc import Iterable

PREPAID = 100_000.0  # US cents; nobody uses them up by chance
POST, POST_WITH_LINK, DELETE, ALT_TEXT = 1.5, 20.0, 1.0, 0.5
OWN_POST, POST_OF_OTHERS, USER = 0.1, 0.5, 1.0  # read
MOST_READ = 3_000_000  # posts in a month, whatever the credit (section 6)


class Credit:
    def __init__(self) -> None:
        self.cents = PREPAID
        self.posts_read = 0  # in this month
        self.read_on: dict[str, str] = {}  # a resource's id: the UTC day on which it was paid for last

    @property
    def is_used_up(self) -> bool:
        """What began with a little left is still carried out, whatever it costs."""
        return self.cents <= 0

    @property
    def is_capped(self) -> bool:
        return self.posts_read >= MOST_READ

    def take(self, price: float) -> None:
        self.cents = round(self.cents - price, 3)

    def take_for_reading(self, price: float, resources: Iterable[str]) -> None:
        """Each once a UTC day."""
        today = time.strftime("%F", time.gmtime())
        for each in resources:
            if self.read_on.get(each) != today:
                self.read_on[each] = today
                self.take(price)
                self.posts_read += price != USER
