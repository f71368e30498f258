"""Says the addresses and the demo's logins once everything answers."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator

from ausrufer.config.demo_channels import standin_address
from ausrufer.config.first_steps import is_nobody_there, steps
from ausrufer.config.logins import logins
from ausrufer.config.place import Place, shown
from ausrufer.config.processes import die_with_parent
from ausrufer.config.progress import say

PATIENCE = 60.0  # seconds until everything must have answered


class Greeter:
    """The process that waits until everything answers; it ends long before the system does."""

    def __init__(self, pid: int) -> None:
        self.pid = pid  # 0: it ended and was collected

    def collect(self) -> None:
        if self.pid and os.waitpid(self.pid, os.WNOHANG)[0]:
            self.pid = 0

    def end(self) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.pid = 0


@contextlib.contextmanager
def greeter(place: Place) -> Iterator[Greeter]:
    """In a short-lived process of its own, since the supervisor only waits for signals."""
    if (pid := os.fork()) == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        die_with_parent(signal.SIGKILL)
        try:
            greet(place)
        finally:
            os._exit(0)
    started = Greeter(pid)
    try:
        yield started
    finally:
        started.end()


def greet(place: Place) -> None:
    end = time.monotonic() + PATIENCE
    here = shown(place.host)  # not the public address, which may be a proxy's on another machine
    for address in (f"http://{here}:{place.port}/", f"http://{here}:{place.desk_port}/healthz"):
        while not answers(address):
            if time.monotonic() > end:
                say(f"Noch antwortet nicht alles. Protokolle: {place.data / 'logs'}")
                return
            time.sleep(0.05)
    say(greeting(place))


def answers(address: str) -> bool:
    """Any answer is one: the health page says by its status what is missing."""
    import http.client
    import urllib.error
    import urllib.request

    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        opener.open(address, timeout=2).close()
    except urllib.error.HTTPError:
        return True
    except (OSError, http.client.HTTPException):
        return False
    return True


def greeting(place: Place) -> str:
    lines = ["", f"  Öffentliche Seiten   {place.public_url}", f"  Redaktion            {place.desk_url}"]
    if place.demo:
        for each in place.standins:
            lines.append(f"  {f'{each.name} (gespielt)':<20} {standin_address(each, place.port)}{each.page}")
        lines += ["", "  Anmelden als         Passwort"]
        lines += [f"  {name:<20} {password}" for name, password in logins(place.data).items()]
    elif is_nobody_there(place.data):
        lines += ["", *(f"  {each}" for each in steps())]
    return "\n".join([*lines, "", "  Beenden mit Strg-C.", ""])
