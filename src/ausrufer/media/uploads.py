"""Taking a file in piece by piece: what broke off goes on where it stopped."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from ausrufer.kernel.database_clock import database_now
from ausrufer.kernel.sentence import Sentence
from ausrufer.media.models import UNDER_WORK, Upload, UploadState
from ausrufer.media.trouble import NO_ROOM, BadMedia

MAX_SIZE = 500_000_000  # bytes
MAX_OPEN = 20  # files of one person that are still arriving
PIECE = 262_144  # bytes written at a time
GRACE = 86_400.0  # seconds an upload may rest before its bytes are swept
ROOM = 3  # an upload needs its own size, that of what is made of it, and some air


class Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


class WrongOffset(Exception):
    """The sender is somewhere else in the file; it asks where we are and goes on from there."""


class Busy(Exception):
    """Another request writes to this upload."""


def start(*, by: Any, post: str, name: str, size: int) -> Upload:
    """An empty upload. Raises BadMedia for one that could never become anything."""
    shown = Path(name).name[:80] or "Datei"
    if size <= 0:
        raise BadMedia(Sentence("„{name}“ ist leer.", {"name": shown}))
    if size > MAX_SIZE:
        raise BadMedia(Sentence("„{name}“ ist größer als 500 MB.", {"name": shown}))
    if Upload.objects.filter(by=by, state=UploadState.ARRIVING).count() >= MAX_OPEN:
        raise BadMedia("Es kommen schon zu viele Dateien zugleich an. Bitte warten Sie, bis einige fertig sind.")
    folder = Path(settings.UPLOADS_FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < size * ROOM:
        raise BadMedia(NO_ROOM)
    upload = Upload.objects.create(by=by, post=post, name=shown, size=size, created_at=database_now())
    path_of(upload).touch(mode=0o600)
    return upload


def append(upload: Upload, *, offset: int, body: Readable) -> Upload:
    """Writes what comes until it ends or breaks off; what is on the disk counts. Raises WrongOffset or Busy."""
    with path_of(upload).open("r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy from error
        here = file.seek(0, os.SEEK_END)
        if offset != here or upload.state != UploadState.ARRIVING:
            raise WrongOffset
        try:
            while here < upload.size and (piece := body.read(min(PIECE, upload.size - here))):
                here += file.write(piece)
        except OSError:
            pass  # the connection broke; what arrived stays
        file.flush()
        upload.received = here
        upload.state = UploadState.WAITING if here == upload.size else UploadState.ARRIVING
        # Only while it still arrives: of two senders one ends it.
        rows = Upload.objects.filter(pk=upload.pk, state=UploadState.ARRIVING)
        rows.update(received=upload.received, state=upload.state)
    return upload


def offset_of(upload: Upload) -> int:
    """How many bytes are on the disk; all of them once the file is gone to become something else."""
    try:
        return path_of(upload).stat().st_size
    except FileNotFoundError:
        return upload.received


def note_progress(upload: Upload, percent: int) -> None:
    Upload.objects.filter(pk=upload.pk).update(progress=percent)


def working(upload: Upload) -> None:
    Upload.objects.filter(pk=upload.pk).update(state=UploadState.WORKING, progress=0)


def done(upload: Upload) -> None:
    Upload.objects.filter(pk=upload.pk).update(state=UploadState.DONE, progress=100)
    path_of(upload).unlink(missing_ok=True)


def refuse(upload: Upload, sentence: Sentence) -> None:
    Upload.objects.filter(pk=upload.pk).update(state=UploadState.REFUSED, sentence=sentence.as_json())
    path_of(upload).unlink(missing_ok=True)


def drop(upload: Upload) -> None:
    """Nobody wants it any more."""
    upload.delete()
    path_of(upload).unlink(missing_ok=True)


def path_of(upload: Upload) -> Path:
    return Path(settings.UPLOADS_FOLDER) / str(upload.key)


def sweep_uploads() -> int:
    """Bytes nobody went on sending for a day, and finished rows; how many files were removed."""
    old = time.time() - GRACE
    needed = {str(key) for key in Upload.objects.filter(state__in=UNDER_WORK).values_list("key", flat=True)}
    gone = [
        file
        for file in Path(settings.UPLOADS_FOLDER).glob("*")
        if file.name not in needed and file.stat().st_mtime < old
    ]
    for file in gone:
        file.unlink(missing_ok=True)
    names = [each.name for each in gone]
    Upload.objects.filter(state=UploadState.ARRIVING, key__in=names).delete()
    return len(gone)
