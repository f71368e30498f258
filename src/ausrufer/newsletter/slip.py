"""The slip beside a running mailing: a line before each letter and one after it.

The database keeps who is in our hands, by the hundred; which of them was on its way when we were killed stands here.
What was written to a file survives the death of any process, and costs a hundredth of a commit.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

BOOT = Path("/proc/sys/kernel/random/boot_id")
Verdict = tuple[str, str, float]  # state, answer, pause


class Slip:
    """Of one mailing, on this machine. Every method raises OSError when the disk takes nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._is_torn = False  # ends with half a line, to which nothing may be added

    def start_afresh(self) -> None:
        """When everything it says stands in the database."""
        os.ftruncate(self._file, 0)
        self._is_torn = False
        self._line([boot()])

    def begin(self, recipient: int) -> None:
        """Before the first byte of the letter."""
        self._write(b"[%d]\n" % recipient)

    def end(self, recipient: int, verdict: Verdict) -> None:
        self._write(b"[%d, %b]\n" % (recipient, encoded(verdict)))

    def close(self) -> None:
        file, self._file = self._file, -1  # its number belongs to whatever is opened next
        os.close(file)

    def _line(self, words: list[Any]) -> None:
        self._write(json.dumps(words).encode() + b"\n")

    def _write(self, line: bytes) -> None:
        """All of it: a disk that is nearly full takes the first bytes and says nothing."""
        self._is_torn = self._is_torn or os.write(self._file, line) < len(line)
        if self._is_torn:
            raise OSError(errno.ENOSPC, "the slip takes no whole line", str(self.path))


@dataclass(frozen=True)
class Found:
    """What a slip says of those who were in our hands."""

    verdicts: Mapping[int, Verdict]
    on_their_way: frozenset[int]  # begun, and nobody knows how it ended
    knows_the_rest: bool  # whoever is not named was not written to

    @classmethod
    def at(cls, path: Path) -> Found:
        """After a power cut, or on another machine, lines may be missing: then silence means nothing."""
        verdicts: dict[int, Verdict] = {}
        on_their_way: set[int] = set()
        try:
            first, *lines = path.read_bytes().split(b"\n")
        except OSError:
            return cls({}, frozenset(), knows_the_rest=False)
        for line in lines:
            match parsed(line):
                case [int(recipient)]:
                    on_their_way.add(recipient)
                    verdicts.pop(recipient, None)
                case [int(recipient), [str(), str(), float() | int()] as verdict]:
                    on_their_way.discard(recipient)
                    verdicts[recipient] = (verdict[0], verdict[1], verdict[2])
        return cls(verdicts, frozenset(on_their_way), knows_the_rest=parsed(first) == [boot()])


@lru_cache(64)  # most letters end alike
def encoded(verdict: Verdict) -> bytes:
    return json.dumps(verdict).encode()


def parsed(line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None


def boot() -> str:
    """Changes with each start of the machine."""
    return BOOT.read_text().strip()
