"""Short addresses and long keys."""

from __future__ import annotations

import secrets
import uuid

# No vowels and nothing that looks like another sign: an address read aloud on the telephone stays one.
ALPHABET = "23456789bcdfghjkmnpqrstvwxz"


def short_address(length: int = 6) -> str:
    """For a post's page: 27^6 is 387 million, and the database refuses a second one."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_key() -> uuid.UUID:
    return uuid.uuid4()
