"""Debian's postfix, started by `start.sh` for a test and ended with it. Needs root."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from tests.system import free_ports, until

SCRIPT = Path(__file__).with_name("start.sh")
NEEDS = "Dieser Test startet postfix und opendkim; er braucht root und die Pakete postfix postfix-pcre opendkim."


@dataclass(frozen=True)
class Postfix:
    port: int
    work: Path

    @property
    def address(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def mails(self) -> list[EmailMessage]:
        """What lies in the mailboxes."""
        found: list[Any] = []
        for file in sorted((self.work / "mail/new").iterdir()):
            found.append(message_from_bytes(file.read_bytes(), policy=policy.default))
        return found

    def all_mails(self) -> list[EmailMessage]:
        """Once everything it took lies in a mailbox, and none can come after."""
        until(self.is_at_rest, within=30, what="an empty queue")
        return self.mails()

    def is_at_rest(self) -> bool:
        queue = ["postqueue", "-c", str(self.work / "etc"), "-j"]
        return not subprocess.run(queue, capture_output=True, check=True).stdout

    def log(self) -> str:
        return (self.work / "maillog").read_text(errors="replace")


def is_possible() -> bool:
    return os.geteuid() == 0 and all(shutil.which(name) for name in ("postfix", "opendkim", "openssl"))


@contextmanager
def postfix(*, keys: str = "", **environment: str) -> Iterator[Postfix]:
    """A server that is ready; its folder lies where postfix's own users can reach it."""
    if not is_possible():
        raise RuntimeError(NEEDS)
    work = Path(tempfile.mkdtemp(prefix="ausrufer-postfix-", dir="/var/tmp"))
    work.chmod(0o755)
    (work / "dkim-keys").write_text(keys)
    port = free_ports()
    command = ["bash", str(SCRIPT), str(work), str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, **environment}, text=True)
    watchdog = threading.Timer(30, process.terminate)
    watchdog.start()
    try:
        assert process.stdout
        assert re.match(r"ready ", process.stdout.readline()), f"postfix did not start: {work}"
        watchdog.cancel()
        yield Postfix(port, work)
    finally:
        watchdog.cancel()
        process.terminate()
        process.wait(30)
        shutil.rmtree(work, ignore_errors=True)
