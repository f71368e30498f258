"""The worker part: `python -m ausrufer.config.worker`. Side work only; deliveries never wait for it."""

from __future__ import annotations

import os
import threading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ausrufer.config.settings")

BEAT = 2.0  # seconds
POLLING = 5.0  # seconds; a NOTIFY wakes the worker, this is for scheduled jobs only


def main() -> None:
    import django

    django.setup()
    from procrastinate import PsycopgConnector
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.utils import connector_params

    # Few jobs at a time need few connections; each idle one costs the database 4 MB.
    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=4)
    # Mailings take minutes and mostly wait: a place must be left for a crisis and for the chores beside them.
    threading.Thread(target=keep_beating, name="heart", daemon=True).start()
    with app.replace_connector(connector) as worker_app:
        worker_app.run_worker(
            fetch_job_polling_interval=POLLING, concurrency=6, delete_jobs="successful", shutdown_graceful_timeout=5
        )


def keep_beating() -> None:
    """In a thread of its own: a long job must not look like a dead worker."""
    import time

    from django.db import DatabaseError, connection

    from ausrufer.kernel.heartbeat import Heart

    heart = Heart("worker")
    while True:
        try:
            heart.beat()
        except DatabaseError:
            connection.close()
        time.sleep(BEAT)


if __name__ == "__main__":
    main()
