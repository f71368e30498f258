"""Starting processes that die with us, and finding those that somebody left behind."""

from __future__ import annotations

import contextlib
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

    parent = os.getpid()

    def prepare() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        os.setsid()
        die_with_parent(death)
        if os.getppid() != parent:  # it died before the line above, so nobody will ever send that signal
            os._exit(1)

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


def stop_all(children: Sequence[subprocess.Popen[bytes]], *, patience: float) -> None:
    """Ask all at once, then insist; returns when they are gone and collected."""
    for child in children:
        child.terminate()  # harmless for one that has ended already
    end = time.monotonic() + patience
    for child in children:
        try:
            child.wait(max(0.0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def marked(words: Sequence[str]) -> list[int]:
    """Processes of ours whose environment has all these `NAME=value`."""
    wanted, found = {word.encode() for word in words}, []
    for entry in Path("/proc").iterdir():
        try:
            there = set((entry / "environ").read_bytes().split(b"\0")) if entry.name.isdigit() else set()
        except OSError:
            continue
        if wanted <= there and int(entry.name) != os.getpid():
            found.append(int(entry.name))
    return found


def end_all(pids: Sequence[int], *, ask: int = signal.SIGTERM, patience: float = 3.0) -> None:
    """Ask, then insist; returns when they are gone."""
    for number in (ask, signal.SIGKILL):
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        end = time.monotonic() + patience
        while (pids := [pid for pid in pids if is_alive(pid)]) and time.monotonic() < end:
            time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """A process that nobody has collected yet (a zombie) is dead."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"
