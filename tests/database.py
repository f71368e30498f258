"""One embedded PostgreSQL for the whole run, in a folder of its own, stopped by whoever started it."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from ausrufer.config.postgres import Postgres

FOLDER = Path(tempfile.mkdtemp(prefix="ausrufer-tests-"))
(FOLDER / "static").mkdir()  # WhiteNoise warns of every request without it
os.environ["AUSRUFER_DATA"] = str(FOLDER)
os.environ["AUSRUFER_PORT"] = "8080"
# At import: pytest loads this with `-p` (pyproject.toml), before pytest-django reads the settings.
SERVER = Postgres(FOLDER, FOLDER.name[-8:], durable=False)
SERVER.start()
os.environ["DATABASE_URL"] = SERVER.url


def pytest_unconfigure() -> None:
    SERVER.stop()
    shutil.rmtree(FOLDER, ignore_errors=True)
