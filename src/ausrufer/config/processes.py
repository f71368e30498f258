"""Starting processes that die with us, and finding those that somebody left behind."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1  # Linux: prctl(2)
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(number: int = signal.SIGTERM) -> None:
    """This process gets the signal when the thread that started it ends; so start children from the main thread."""
    _libc.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)


def start(
    command: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str],
    death: int = signal.SIGTERM,
    user: int | None = None,
    group: int | None = None,
    keep_open: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """A child in a session of its own (Ctrl-C reaches the supervisor only), its words in `log`."""

    def prepare() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        os.setsid()
        die_with_parent(death)

    with log.open("ab") as out:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env=dict(environment),
            user=user,
            group=group,
            extra_groups=[] if user is not None else None,
            pass_fds=tuple(keep_open),
            preexec_fn=prepare,  # the supervisor has one thread
        )


def working_in(folder: Path) -> list[int]:
    """Processes whose working folder this is: a server that was left behind, and its children."""
    wanted, found = folder.stat(), []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            here = (entry / "cwd").stat()
        except OSError:
            continue
        if (here.st_dev, here.st_ino) == (wanted.st_dev, wanted.st_ino):
            found.append(int(entry.name))
    return found


def end_all(pids: Sequence[int], *, patience: float = 3.0) -> None:
    """Ask, then insist; returns when they are gone."""
    for number in (signal.SIGQUIT, signal.SIGKILL):
        for pid in pids:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue
        end = time.monotonic() + patience
        while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < end:
            time.sleep(0.02)
