"""The public folder: every file whole or as it was, one writer at a time, all of them in one manifest."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import gzip
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

import brotli

from ausrufer.public import manifest
from ausrufer.public.manifest import MANIFEST

COMPRESSED = (".html", ".css", ".js", ".json", ".atom", ".txt", ".svg")
FEEDS = ("feed.json", "feed.atom")
SMALL = 400  # bytes; smaller files are sent as they are
BROTLI_QUALITY = 5  # 0.4 ms a page; quality 11 takes 50 times as long for 7 % (public-performance, section 2)
FORMS = ("", ".gz", ".br")  # a file has the first one, two or three
SHARED = "media"  # linked into without the lock, so it stays even when it is empty
NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
AT_ONCE = 8  # files synced side by side share commits of the file system's journal


class PublicFolder:
    """Raises OSError as the system gives it; what was there before is then still there, whole."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @contextlib.contextmanager
    def writing(self) -> Iterator[Writing]:
        """One writer at a time across all processes; what was not placed before is placed at the end, or never."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            writing = Writing(self.root)
            try:
                yield writing
                writing.finish()
            finally:
                writing.leave_nothing()


@dataclass(frozen=True)
class Fresh:
    """A file that was put and not renamed yet."""

    place: Path
    size: int
    digest: str
    beside: list[Future[tuple[str, str]]]  # where each form lies, and where it belongs


class Writing:
    """Writes files beside their places, in threads from when they are put, and renames them when all are synced."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.listing = manifest.read(root)
        self.has_news = False  # for the manifest
        self.fresh: dict[str, Fresh] = {}
        self.gone: list[str] = []
        self.touched: set[Path] = set()  # folders whose entries changed

    def put(self, name: str, content: str | bytes) -> None:
        """`name` relative to the folder. A file that is listed and lies there with this content is left alone."""
        data = content.encode() if isinstance(content, str) else content
        digest = manifest.digest_of(data)
        if not (self.listing.says(name, digest, len(data)) and self.lies_there(name, data)):
            self.begin(name, data, digest)

    def lies_there(self, name: str, data: bytes) -> bool:
        """The manifest alone may be wrong: a crash before its renaming leaves newer files than it lists.

        A link in the place of a file is none of ours: it is not served, and renaming puts the file there instead.
        """
        place = self.root / name
        try:
            return not place.is_symlink() and place.read_bytes() == data
        except OSError:
            return False

    def list_media(self, name: str, digest: str, size: int) -> None:
        """A file that was linked into the folder already."""
        self.has_news |= self.listing.add(name, digest, size)

    def remove(self, name: str) -> None:
        """At the end, when no list names it any more. Harmless when it is gone already."""
        self.has_news |= self.listing.drop(name)
        self.gone.append(name)

    def place(self) -> None:
        """What was put so far can be read from now on. The manifest comes last: what it names lies there."""
        self.list_fresh()
        if self.has_news:
            self.begin(MANIFEST, self.listing.as_json(), digest="")  # it cannot hold its own
        self.rename_fresh()
        if self.has_news:
            manifest.remember(self.root, self.listing)
            self.has_news = False

    def finish(self) -> None:
        """What is left to place or to take away, and the folders' entries on the disk."""
        self.place()
        for name in self.gone:
            self.take_away(name)
        sync_all(self.touched)

    def begin(self, name: str, data: bytes, digest: str) -> None:
        """While the disk is at it, the next page is rendered."""
        if earlier := self.fresh.pop(name, None):
            wait(earlier.beside)
        place = self.root / name
        if place.parent not in self.touched:
            self.touched |= make_folder(place.parent) | {place.parent}
        beside = [_threads.submit(write_beside, str(place), ending, data) for ending in forms(name, data)]
        self.fresh[name] = Fresh(place, len(data), digest, beside)

    def list_fresh(self) -> None:
        for name, each in self.fresh.items():
            self.has_news |= self.listing.add(name, each.digest, each.size)

    def rename_fresh(self) -> None:
        """In the order in which they were put, when all are on the disk. Raises OSError; then none was renamed."""
        written = [form.result() for each in self.fresh.values() for form in each.beside]
        for temporary, place in written:
            os.rename(temporary, place)  # noqa: PTH104  # a path object for each would take as long as the renaming
        for each in self.fresh.values():
            self.take_outdated(each)
        self.fresh.clear()

    def take_outdated(self, fresh: Fresh) -> None:
        """Forms of an earlier content which the new one does not have: readers would still be sent them."""
        for ending in FORMS[len(fresh.beside) :]:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(f"{fresh.place}{ending}")  # noqa: PTH108  # as above

    def leave_nothing(self) -> None:
        """Beside the places, of files that were not renamed."""
        wait([form for each in self.fresh.values() for form in each.beside])
        for each in self.fresh.values():
            for ending in FORMS:
                with contextlib.suppress(OSError):
                    Path(temporary_name(str(each.place), ending)).unlink(missing_ok=True)

    def take_away(self, name: str) -> None:
        place = self.root / name
        for ending in FORMS:
            place.with_name(place.name + ending).unlink(missing_ok=True)
        folder = place.parent
        if folder not in (self.root, self.root / SHARED):
            with contextlib.suppress(OSError):  # something else lies there, or it is gone already
                folder.rmdir()
        while not folder.exists():
            self.touched.discard(folder)
            folder = folder.parent
        self.touched.add(folder)

    def sweep(self) -> None:
        """What writers that were killed left beside the files."""
        for leftover in self.root.rglob(".*.new"):
            leftover.unlink(missing_ok=True)


def write_beside(place: str, ending: str, data: bytes) -> tuple[str, str]:
    """One form of the file, on the disk: where it lies, and where it belongs."""
    temporary = temporary_name(place, ending)
    write_new(temporary, MAKE[ending](data))
    return temporary, place + ending


def temporary_name(place: str, ending: str) -> str:
    """The lock makes the name ours; what a crash left under it is overwritten."""
    folder, name = os.path.split(place)
    return f"{folder}/.{name}{ending}.new"


def forms(name: str, data: bytes) -> Sequence[str]:
    """The file itself comes first: when it is the one the manifest lists, its compressed forms are, too.

    Programs that read feeds ask for gzip, and a new post waits for every file.
    """
    if not name.endswith(COMPRESSED) or name == MANIFEST or len(data) <= SMALL:
        return FORMS[:1]
    return FORMS[:2] if name.endswith(FEEDS) else FORMS


MAKE: dict[str, Callable[[bytes], bytes]] = {
    "": lambda data: data,
    ".gz": lambda data: gzip.compress(data, 4, mtime=0),
    ".br": lambda data: brotli.compress(data, quality=BROTLI_QUALITY),
}


def write_new(place: str, data: bytes) -> None:
    """On the disk when it returns; never through a link that somebody laid there."""
    try:
        file = os.open(place, NEW, 0o666)
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        Path(place).unlink()
        file = os.open(place, NEW, 0o666)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]
        os.fsync(file)
    finally:
        os.close(file)


def make_folder(folder: Path) -> set[Path]:
    """The folders whose entries changed: without syncing them, a new page would be lost with the power."""
    above: set[Path] = set()
    missing = folder
    while not missing.exists():
        missing = missing.parent
        above.add(missing)
    folder.mkdir(parents=True, exist_ok=True)
    return above


def sync_all(paths: Iterable[Path]) -> None:
    for _ in _threads.map(sync, paths):
        pass  # only to hear of trouble


# They wait for the disk, and compress without Python's lock; they begin with the first file.
_threads = ThreadPoolExecutor(AT_ONCE, "folder")


def sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
