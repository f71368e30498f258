"""`python -m sandbox threads=8082 x=8083 --state FOLDER`: plays several platforms in one process, as the demo does."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path

from sandbox.serving import Opening, StandIn, serve


def main() -> None:
    parser = argparse.ArgumentParser(prog="sandbox", description="Plays platforms on the loopback address.")
    parser.add_argument("standins", nargs="+", metavar="NAME=PORT", help="the folder of each, and where it listens")
    parser.add_argument("--delay", choices=["real", "none"], default="real", help="how long containers take")
    parser.add_argument("--state", type=Path, help="a folder in which posts survive a restart")
    arguments = parser.parse_args()
    wanted = {int(port): name for name, _, port in (each.partition("=") for each in arguments.standins)}
    try:
        serve({port: opened(name, port, arguments.state, arguments.delay == "real") for port, name in wanted.items()})
    except OSError as error:
        sys.exit(f"Die nachgestellten Plattformen können nicht starten: {error.strerror or error}")


def opened(name: str, port: int, folder: Path | None, takes_time: bool) -> StandIn:
    """Only what is wanted is loaded."""
    opening: Opening = import_module(f"sandbox.{name}.__main__").opened
    return opening(f"http://127.0.0.1:{port}", folder / f"{name}-standin.json" if folder else None, takes_time)


if __name__ == "__main__":
    main()
