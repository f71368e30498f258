"""The database's clock: due times, leases and receipts all come from here, whatever a machine's own clock says."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, models


class Now(models.Func):
    """The moment inside a query; unlike SQL's now() it moves on during a transaction."""

    function = "ausrufer_now"
    output_field = models.DateTimeField()


def database_now() -> datetime:
    """Aware, UTC."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ausrufer_now()")
        moment: datetime = cursor.fetchone()[0]
        return moment
