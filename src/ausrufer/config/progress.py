"""Words for whoever watches the terminal."""

from __future__ import annotations

import contextlib
import sys


def say(text: str) -> None:
    # A closed terminal must not end what runs.
    with contextlib.suppress(OSError):
        print(text, flush=True)  # noqa: T201


def complain(text: str) -> None:
    with contextlib.suppress(OSError):
        print(text, file=sys.stderr, flush=True)  # noqa: T201
