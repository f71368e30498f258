"""Waking the dispatcher: a NOTIFY that carries a number, never content, and arrives with the commit."""

from __future__ import annotations

from django.db import connection

WAKE_UP = "ausrufer_deliveries"


def wake_dispatcher(number: int = 0) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [WAKE_UP, str(number)])
