"""Starts a program for a test, waits until it answers, and ends exactly that program again."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
READY_WITHIN = 30.0  # seconds, on a busy machine


@contextmanager
def running(command: Sequence[str | Path], folder: Path, log: str) -> Iterator[subprocess.Popen[bytes]]:
    with (
        (folder / log).open("wb") as output,
        subprocess.Popen([str(word) for word in command], cwd=folder, stdout=output, stderr=output) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def wait_until_it_answers(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    ends = time.monotonic() + READY_WITHIN
    while time.monotonic() < ends:
        if process.poll() is not None:
            break
        try:
            httpx.get(url, timeout=2, trust_env=False)
            return
        except httpx.TransportError:
            time.sleep(0.05)
    raise RuntimeError(f"{url} does not answer:\n{log.read_text(errors='replace')[-2000:]}")


@dataclass(frozen=True)
class Unruly:
    """A proxy that misbehaves as it is told; see sandbox/unruly.py."""

    origin: str

    def plan(self, fault: dict[str, Any]) -> None:
        httpx.post(f"{self.origin}/_faults", json=fault, trust_env=False).raise_for_status()

    def has_struck(self) -> bool:
        """Whether every fault was met as often as it was asked for."""
        return not httpx.get(f"{self.origin}/_faults", trust_env=False).json()

    def calm(self) -> None:
        """No faults any more; what was held goes on."""
        httpx.delete(f"{self.origin}/_faults", trust_env=False).raise_for_status()


class FaultProxy(Unruly):
    def will(self, effect: str, *, path: str, method: str = "POST", **details: Any) -> None:
        """The next matching request meets `effect`; see sandbox/fault_proxy.py."""
        self.plan({"effect": effect, "method": method, "path": path, **details})


@dataclass(frozen=True)
class MailFaultProxy(Unruly):
    smtp: str

    def will(self, effect: str, command: str, **details: Any) -> None:
        """The next such command meets `effect`; see sandbox/smtp_fault_proxy.py."""
        self.plan({"effect": effect, "command": command, **details})


@contextmanager
def fault_proxy(upstream: str) -> Iterator[FaultProxy]:
    with telling("sandbox.fault_proxy", "--upstream", upstream) as told:
        yield FaultProxy(**told)


@contextmanager
def mail_fault_proxy(upstream: str) -> Iterator[MailFaultProxy]:
    with telling("sandbox.smtp_fault_proxy", "--upstream", upstream) as told:
        yield MailFaultProxy(**told)


@contextmanager
def telling(module: str, *words: str) -> Iterator[dict[str, str]]:
    """What a program says in its first line: where it listens."""
    with subprocess.Popen([sys.executable, "-m", module, *words], cwd=ROOT, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()
