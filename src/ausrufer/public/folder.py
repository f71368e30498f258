"""The public folder: every file whole or as it was, one writer at a time, all of them in one manifest."""

from __future__ import annotations

import contextlib
import fcntl
import gzip
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

import brotli

MANIFEST = "manifest.json"
COMPRESSED = (".html", ".css", ".js", ".json", ".atom", ".txt", ".svg")
SMALL = 400  # bytes; smaller files are sent as they are
BROTLI_QUALITY = 5  # 0.4 ms a page; quality 11 takes 50 times as long for 7 % (public-performance, section 2)

Listing = dict[str, dict[str, str | int]]


class PublicFolder:
    """Raises OSError as the system gives it; what was there before is then still there, whole."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @contextlib.contextmanager
    def writing(self) -> Iterator[Writing]:
        """One writer at a time across all processes; everything is put in place at the end, or nothing is."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            writing = Writing(self.root)
            yield writing
            writing.finish()

    def manifest(self) -> Listing:
        try:
            listing: Listing = json.loads((self.root / MANIFEST).read_bytes())["files"]
        except (OSError, ValueError, KeyError):
            return {}
        return listing


class Writing:
    """Collects files, writes and syncs them all beside their places, then renames them one after the other."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.listing = PublicFolder(root).manifest()
        self.fresh: dict[str, bytes] = {}
        self.gone: list[str] = []
        self.touched: set[Path] = set()

    def put(self, name: str, content: str | bytes) -> None:
        """`name` relative to the folder. An unchanged file is left alone."""
        data = content.encode() if isinstance(content, str) else content
        entry: dict[str, str | int] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        if self.listing.get(name) == entry and (self.root / name).exists():
            return
        self.listing[name] = entry
        self.fresh[name] = data

    def list_media(self, name: str, digest: str, size: int) -> None:
        """A file that was linked into the folder already."""
        self.listing[name] = {"sha256": digest, "size": size}

    def remove(self, name: str) -> None:
        if self.listing.pop(name, None):
            self.gone.append(name)

    def place(self) -> None:
        """What was put so far can be read from now on; readers need not wait for the rest."""
        written: list[tuple[Path, Path]] = []
        try:
            for name, data in self.fresh.items():
                self.write_beside(name, data, written)
            for temporary, _ in written:
                sync(temporary)
            for temporary, place in written:
                temporary.rename(place)
        except OSError:
            for temporary, _ in written:
                with contextlib.suppress(OSError):
                    temporary.unlink(missing_ok=True)
            raise
        self.touched |= {place.parent for _, place in written}
        self.fresh.clear()

    def finish(self) -> None:
        """The manifest last: it never names what is not there."""
        for name in self.gone:
            for ending in ("", ".br", ".gz"):
                (self.root / f"{name}{ending}").unlink(missing_ok=True)
        if self.fresh or self.gone or self.touched:
            manifest = {"files": dict(sorted(self.listing.items()))}
            self.fresh[MANIFEST] = json.dumps(manifest, separators=(",", ":")).encode()
            self.place()
        for folder in self.touched:
            sync(folder)

    def write_beside(self, name: str, data: bytes, written: list[tuple[Path, Path]]) -> None:
        """Temporary files for the file and its compressed forms, which come first: they are asked for most."""
        place = self.root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        forms = {"": data}
        if name != MANIFEST and name.endswith(COMPRESSED) and len(data) > SMALL:
            forms = {
                ".br": brotli.compress(data, quality=BROTLI_QUALITY),
                ".gz": gzip.compress(data, 4, mtime=0),
                "": data,
            }
        for ending, form in forms.items():
            # The lock makes the name ours; what a crash left under it is overwritten.
            temporary = place.with_name(f".{place.name}{ending}.new")
            written.append((temporary, place.with_name(place.name + ending)))
            temporary.write_bytes(form)


def sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
