"""Record keys and addresses that follow from an order alone, so that a repeated post is the same post."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

POST = "app.bsky.feed.post"
LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
CLOCKS = 1024  # clock numbers of a TID
LENGTH = 13


def tid(microseconds: int, clock: int) -> str:
    """A timestamp identifier: 53 bits of time and 10 of a clock's number, sortable."""
    number, letters = microseconds * CLOCKS + clock, ""
    for _ in range(LENGTH):
        number, rest = divmod(number, len(LETTERS))
        letters = LETTERS[rest] + letters
    return letters


def record_key(key: str, moment: datetime, part: int) -> str:
    """The second is the moment's, the rest the order's: 30 bits keep two orders of one second apart."""
    drawn = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8])
    second = int(moment.timestamp()) * 1_000_000
    return tid(second + drawn % 1_000_000, (drawn // 1_000_000 + part) % CLOCKS)


def created_at(moment: datetime, part: int) -> str:
    """A thread's parts are a millisecond apart: some apps sort by it."""
    moment = (moment + timedelta(milliseconds=part)).astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


def record_uri(did: str, key: str) -> str:
    return f"at://{did}/{POST}/{key}"


def key_of(uri: str) -> str:
    return uri.rsplit("/", 1)[-1]
