"""Words for whoever watches the terminal."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def complain(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201
