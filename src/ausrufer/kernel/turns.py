"""One job at a time for one thing: an advisory lock that ends with the database session of whoever holds it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def is_free(kind: int, number: int) -> bool:
    """Whether nobody has this turn; asked within a transaction."""
    return taken("SELECT pg_try_advisory_xact_lock(%s, %s)", kind, number)


@contextmanager
def turn(kind: int, number: int) -> Iterator[bool]:
    """False when another job has it."""
    is_ours = taken("SELECT pg_try_advisory_lock(%s, %s)", kind, number)
    try:
        yield is_ours
    finally:
        if is_ours:
            taken("SELECT pg_advisory_unlock(%s, %s)", kind, number)


def taken(sql: str, kind: int, number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, [kind, number])
        return bool(cursor.fetchone()[0])
