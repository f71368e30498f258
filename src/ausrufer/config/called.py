"""How a person at a second terminal in this folder calls `ausrufer`."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path


def as_called() -> str:
    """`.venv/bin/ausrufer`, or whatever we were called by; with the data folder in front where it is another one."""
    program = sys.argv[0] if Path(sys.argv[0]).name == "ausrufer" else ".venv/bin/ausrufer"
    data = Path(os.environ.get("AUSRUFER_DATA") or "data").absolute()
    return program if data == Path("data").absolute() else f"AUSRUFER_DATA={shlex.quote(str(data))} {program}"
