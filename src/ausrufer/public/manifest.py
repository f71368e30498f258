"""What lies in the public folder: every file with its SHA-256 and size, so that a mirror can check its copy."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

MANIFEST = "manifest.json"

Mark = tuple[int, int, int]


class Listing:
    """Compressed forms are not listed: whoever has the file can make them."""

    def __init__(self, lines: dict[str, str]) -> None:
        self.lines = lines  # name below the folder: its finished line

    def says(self, name: str, digest: str, size: int) -> bool:
        return self.lines.get(name) == line(name, digest, size)

    def add(self, name: str, digest: str, size: int) -> bool:
        """Whether that is news."""
        made = line(name, digest, size)
        is_new = self.lines.get(name) != made
        self.lines[name] = made
        return is_new

    def drop(self, name: str) -> bool:
        return self.lines.pop(name, None) is not None

    def as_json(self) -> bytes:
        """One file a line, in the order of their names."""
        lines = ",\n".join(sorted(self.lines.values()))
        return f'{{"files":{{\n{lines}\n}}}}\n'.encode()


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def line(name: str, digest: str, size: int) -> str:
    return f'{json.dumps(name)}:{{"sha256":"{digest}","size":{size}}}'


def read(root: Path) -> Listing:
    """Empty when there is none, or none that can be read: then every file is written anew."""
    try:
        found = mark(root)
        if root not in _last or _last[root][0] != found:
            files = json.loads((root / MANIFEST).read_bytes())["files"]
            _last[root] = (found, {name: line(name, each["sha256"], each["size"]) for name, each in files.items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Listing({})
    return Listing(dict(_last[root][1]))


def remember(root: Path, listing: Listing) -> None:
    """What was just written need not be read again."""
    _last[root] = (mark(root), dict(listing.lines))


def mark(root: Path) -> Mark:
    seen = (root / MANIFEST).stat()
    return (seen.st_ino, seen.st_mtime_ns, seen.st_size)


# Years of posts make a manifest that takes longer to read than a page to write; mostly it is our own last one.
_last: dict[Path, tuple[Mark, dict[str, str]]] = {}
