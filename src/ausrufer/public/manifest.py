"""What lies in the public folder: every file with its SHA-256 and size, so that a mirror can check its copy."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

MANIFEST = "manifest.json"

Mark = tuple[int, int, int]


class Listing:
    """Compressed forms are not listed: whoever has the file can make them."""

    def __init__(self, entries: dict[str, str]) -> None:
        self.entries = entries  # name below the folder: its entry as finished JSON

    def __contains__(self, name: str) -> bool:
        return name in self.entries

    def names(self) -> list[str]:
        return list(self.entries)

    def says(self, name: str, content: bytes) -> bool:
        return self.entries.get(name) == entry(digest_of(content), len(content))

    def add(self, name: str, digest: str, size: int) -> bool:
        """Whether that is news."""
        made = entry(digest, size)
        is_new = self.entries.get(name) != made
        self.entries[name] = made
        return is_new

    def drop(self, name: str) -> bool:
        return self.entries.pop(name, None) is not None

    def as_json(self) -> bytes:
        """One file a line, in the order of their names."""
        lines = ",\n".join(f"{json.dumps(name)}:{self.entries[name]}" for name in sorted(self.entries))
        return f'{{"files":{{\n{lines}\n}}}}\n'.encode()


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def entry(digest: str, size: int) -> str:
    return f'{{"sha256":"{digest}","size":{size}}}'


def read(root: Path) -> Listing:
    """Empty when there is none, or none that can be read: then every file is written anew."""
    try:
        seen = (root / MANIFEST).stat()
        mark = (seen.st_ino, seen.st_mtime_ns, seen.st_size)
        if root not in _last or _last[root][0] != mark:
            files = json.loads((root / MANIFEST).read_bytes())["files"]
            _last[root] = (mark, {name: entry(each["sha256"], each["size"]) for name, each in files.items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Listing({})
    return Listing(dict(_last[root][1]))


# Years of posts make a manifest that takes longer to read than a page to write; mostly it is our own last one.
_last: dict[Path, tuple[Mark, dict[str, str]]] = {}
