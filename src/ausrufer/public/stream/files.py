"""The public folder over HTTP: whole files, compressed where the reader takes it, unchanged ones not sent again."""

from __future__ import annotations

import hashlib
import mimetypes
import os
import re
import stat
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

CACHED_SIZE = 262_144  # bytes; larger files are read each time
CACHE_ROOM = 32_000_000  # bytes
TYPES = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".svg": "image/svg+xml",
}
COMPRESSED = (".html", ".css", ".js", ".json", ".atom", ".txt", ".svg")
REFUSED = re.compile(rb"q\s*=\s*0(\.0*)?")
ENCODINGS = ((".br", b"br"), (".gz", b"gzip"))
SAFETY = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
FOR_EVER = "public, max-age=31536000, immutable"  # pictures are named by their digest
ASK_AGAIN = "no-cache"


@dataclass(frozen=True)
class Response:
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class StoredFile:
    content: bytes
    tag: str
    mark: tuple[int, int, int]  # inode, change time, size: another one means another file


class PublicFiles:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.cache: OrderedDict[Path, StoredFile] = OrderedDict()
        self.room = CACHE_ROOM

    def answer(self, target: str, headers: dict[bytes, bytes]) -> Response:
        path = self.place(target)
        if path is None:
            return self.missing()
        found, encoding = self.best(path, headers.get(b"accept-encoding", b""))
        if found is None:
            return self.missing()
        sent = {
            "Content-Type": content_type(path),
            "ETag": found.tag,
            "Cache-Control": FOR_EVER if target.startswith("/media/") else ASK_AGAIN,
            "Vary": "Accept-Encoding",
            **SAFETY,
            **({"Content-Encoding": encoding} if encoding else {}),
        }
        if found.tag.encode() in headers.get(b"if-none-match", b""):
            return Response(304, sent)
        if b"range" in headers and not encoding and still_the_same(headers, found.tag):
            return ranged(found.content, headers[b"range"], sent)
        return Response(200, {**sent, "Accept-Ranges": "bytes"}, found.content)

    def place(self, target: str) -> Path | None:
        """The file an address means; None for whatever leads out of the folder or is hidden."""
        parts = unquote(target.split("?", 1)[0]).split("/")
        names = [part for part in parts if part]
        if any(name.startswith(".") or "\0" in name or "\\" in name for name in names):
            return None
        path = self.root.joinpath(*names)
        return path / "index.html" if not names or "." not in names[-1] else path

    def best(self, path: Path, accepted: bytes) -> tuple[StoredFile | None, str]:
        names = codings(accepted) if path.suffix in COMPRESSED else frozenset()
        for ending, name in ENCODINGS:
            if name in names and (found := self.stored(path.with_name(path.name + ending))):
                return found, name.decode()
        return self.stored(path), ""

    def stored(self, path: Path) -> StoredFile | None:
        try:
            seen = os.stat(path, follow_symlinks=False)  # noqa: PTH116  # a link in the folder is none of ours
        except OSError:
            return None
        if not stat.S_ISREG(seen.st_mode):
            return None
        mark = (seen.st_ino, seen.st_mtime_ns, seen.st_size)
        known = self.cache.get(path)
        if known and known.mark == mark:
            self.cache.move_to_end(path)
            return known
        try:
            content = path.read_bytes()
        except OSError:
            return None
        made = StoredFile(content, f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"', mark)
        if len(content) <= CACHED_SIZE:
            self.keep(path, made)
        return made

    def keep(self, path: Path, made: StoredFile) -> None:
        if old := self.cache.pop(path, None):
            self.room += len(old.content)
        self.cache[path] = made
        self.room -= len(made.content)
        while self.room < 0:
            _, oldest = self.cache.popitem(last=False)
            self.room += len(oldest.content)

    def missing(self) -> Response:
        page = self.stored(self.root / "404.html")
        body = page.content if page else b"Diese Seite gibt es nicht."
        return Response(404, {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", **SAFETY}, body)


def codings(accepted: bytes) -> frozenset[bytes]:
    """What Accept-Encoding takes by name; a weight of nought refuses (RFC 9110, 12.5.3)."""
    found = set()
    for each in accepted.lower().split(b","):
        name, _, weight = each.partition(b";")
        if not REFUSED.fullmatch(weight.strip()):
            found.add(name.strip())
    return frozenset(found)


def still_the_same(headers: dict[bytes, bytes], tag: str) -> bool:
    """A range only helps a reader whose first part is of this version (RFC 9110, 13.1.5)."""
    return headers.get(b"if-range", tag.encode()) == tag.encode()


def content_type(path: Path) -> str:
    known = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"{known}; charset=utf-8" if known.startswith("text/") and "charset" not in known else known


def ranged(content: bytes, wanted: bytes, sent: dict[str, str]) -> Response:
    """One range (RFC 9110, 14.2), as players of videos and platforms that fetch media ask for; else the whole."""
    unit, _, span = wanted.decode("latin-1").partition("=")
    first, dash, last = span.partition("-")
    if unit != "bytes" or not dash or "," in span or not (first or last) or not (first + last).isdigit():
        return Response(200, sent, content)
    start = int(first) if first else max(0, len(content) - int(last))
    end = min(int(last), len(content) - 1) if first and last else len(content) - 1
    if start > end:
        return Response(416, {**sent, "Content-Range": f"bytes */{len(content)}"})
    return Response(206, {**sent, "Content-Range": f"bytes {start}-{end}/{len(content)}"}, content[start : end + 1])
