"""The public folder over HTTP: compressed where the reader takes it, unchanged ones not sent again, videos in parts."""

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

CACHED_SIZE = 262_144  # bytes; larger files are sent from the disk, as fast as the reader takes them
CACHE_ROOM = 32_000_000  # bytes
TYPES = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".mp4": "video/mp4",
    ".svg": "image/svg+xml",
    ".vtt": "text/vtt; charset=utf-8",
}
COMPRESSED = (".html", ".css", ".js", ".json", ".atom", ".txt", ".svg")
REFUSED = re.compile(rb"q\s*=\s*0(\.0*)?")
ENCODINGS = ((".br", b"br"), (".gz", b"gzip"))
SAFETY = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self'; "
    "script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
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
    source: Span | None = None  # in place of a body: a large file's part

    @property
    def length(self) -> int:
        return self.source.length if self.source else len(self.body)


@dataclass(frozen=True)
class Span:
    path: Path
    start: int  # bytes
    length: int  # bytes


@dataclass(frozen=True)
class StoredFile:
    content: bytes
    tag: str
    mark: tuple[int, int, int]  # inode, change time, size: another one means another file
    path: Path | None = None  # of a large one, whose content stays on the disk

    @property
    def size(self) -> int:
        return self.mark[2]

    def part(self, status: int, sent: dict[str, str], start: int, length: int) -> Response:
        if self.path:
            return Response(status, sent, source=Span(self.path, start, length))
        return Response(status, sent, self.content[start : start + length])


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
            return ranged(found, headers[b"range"], sent)
        return found.part(200, {**sent, "Accept-Ranges": "bytes"}, 0, found.size)

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
        if seen.st_size > CACHED_SIZE:
            return StoredFile(b"", f'"{seen.st_ino:x}-{seen.st_mtime_ns:x}-{seen.st_size:x}"', mark, path)
        try:
            content = path.read_bytes()
        except OSError:
            return None
        made = StoredFile(content, f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"', mark)
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


def ranged(found: StoredFile, wanted: bytes, sent: dict[str, str]) -> Response:
    """One range (RFC 9110, 14.2), as players of videos and platforms that fetch media ask for; else the whole."""
    unit, _, span = wanted.decode("latin-1").partition("=")
    first, dash, last = span.partition("-")
    if unit != "bytes" or not dash or "," in span or not (first or last) or not (first + last).isdigit():
        return found.part(200, sent, 0, found.size)
    start = int(first) if first else max(0, found.size - int(last))
    end = min(int(last), found.size - 1) if first and last else found.size - 1
    if start > end:
        return Response(416, {**sent, "Content-Range": f"bytes */{found.size}"})
    named = {**sent, "Content-Range": f"bytes {start}-{end}/{found.size}"}
    return found.part(206, named, start, end - start + 1)
