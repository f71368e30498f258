"""Pictures of a post: made anew by `media`; nothing is kept as it was uploaded."""

from __future__ import annotations

import contextlib
import errno
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max

from ausrufer.kernel.database_clock import Now
from ausrufer.kernel.sentence import Sentence
from ausrufer.media import workshop
from ausrufer.media.sniff import sniff
from ausrufer.media.store import SMALL_WIDTH
from ausrufer.media.trouble import NO_ROOM, BadMedia
from ausrufer.media.uploads import drop
from ausrufer.people.models import User
from ausrufer.posts.compose import editable
from ausrufer.posts.models import Attachment, Post
from ausrufer.posts.page import sign
from ausrufer.posts.trouble import BadPicture

MAX_PICTURES = 20  # Threads: carousel 2-20; platform sheet, section 3
MAX_UPLOAD = 30_000_000  # bytes of one that comes in one piece
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "video/mp4": "mp4"}


def attach(post: Post, *, file: BinaryIO, name: str, by: User, alt: str = "", decorative: bool = False) -> Attachment:
    """Take a picture into a draft. Raises BadPicture or NotEditable; then nothing is kept."""
    with on_disk(file, name) as path:
        return attach_file(post, path=path, name=name, by=by, alt=alt, decorative=decorative)


def attach_file(post: Post, *, path: Path, name: str, by: User, alt: str = "", decorative: bool = False) -> Attachment:
    shown = shown_name(name, "Bild")
    try:
        sniff(path, shown, pictures_only=True)
        made = workshop.make("picture", path, Path(settings.MEDIA_FOLDER), shown)
    except BadMedia as trouble:
        raise BadPicture(trouble.sentence) from trouble
    with transaction.atomic():
        post = editable(post, by)  # as it is by now: others may have written it meanwhile
        attachment = Attachment.objects.create(
            post=post,
            position=free_place(post),
            digest=made["digest"],
            mime=made["mime"],
            width=made["width"],
            height=made["height"],
            size=made["size"],
            framed=made["framed"],
            name=Path(name).name[:200],
            alt=alt.strip(),
            decorative=decorative,
        )
        touch(post)
        if made["mime"] == "image/jpeg" and made["width"] > SMALL_WIDTH:
            transaction.on_commit(lambda: make_smaller_soon(attachment))
    return attachment


def make_smaller_soon(attachment: Attachment) -> None:
    from ausrufer.posts.tasks import make_smaller

    make_smaller.defer(digest=attachment.digest)


def make_smaller(digest: str) -> None:
    """Harmless when it comes twice, or when the picture is gone."""
    source = Path(settings.MEDIA_FOLDER) / f"{digest}.jpg"
    if source.exists():
        workshop.make("smaller", source, source.parent, digest)


def free_place(post: Post) -> int:
    """Behind the last one; the post is locked. Raises BadPicture."""
    if post.attachments.count() >= MAX_PICTURES:
        raise BadPicture(f"Ein Beitrag hat höchstens {MAX_PICTURES} Bilder.")
    last = post.attachments.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def describe(attachment: Attachment, *, by: User, alt: str, decorative: bool) -> None:
    with transaction.atomic():
        post = editable(attachment.post, by)
        if (attachment.alt, attachment.decorative) != (alt.strip(), decorative):
            Attachment.objects.filter(pk=attachment.pk).update(alt=alt.strip(), decorative=decorative)
            touch(post)


def remove(attachment: Attachment, *, by: User) -> None:
    """Off the draft; the file stays until the chore that sweeps unused ones, since another post may show it."""
    with transaction.atomic():
        post = editable(attachment.post, by)
        attachment.delete()
        touch(post)
        if attachment.upload and not attachment.upload.attachments.exists():  # a copy of a released post shares it
            drop(attachment.upload)


def touch(post: Post) -> None:
    """A new revision of the locked post."""
    sign(post)
    signed = {"written_on": post.written_on, "written_since": post.written_since}
    Post.objects.filter(pk=post.pk).update(revision=F("revision") + 1, changed_at=Now(), **signed)


def picture_path(digest: str, mime: str) -> Path:
    return Path(settings.MEDIA_FOLDER) / f"{digest}.{ENDINGS[mime]}"


@contextlib.contextmanager
def on_disk(file: BinaryIO, name: str) -> Iterator[Path]:
    """The uploaded bytes where the child process can read them. Raises BadPicture."""
    with told_of_a_full_disk(), tempfile.NamedTemporaryFile(prefix="ausrufer-") as copy:
        shutil.copyfileobj(file, copy, 262_144)
        copy.flush()
        if copy.tell() > MAX_UPLOAD:
            raise BadPicture(Sentence("„{name}“ ist größer als 30 MB.", {"name": shown_name(name, "Bild")}))
        yield Path(copy.name)


@contextlib.contextmanager
def told_of_a_full_disk() -> Iterator[None]:
    """Raises BadPicture."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        raise BadPicture(NO_ROOM) from error


def shown_name(name: str, otherwise: str) -> str:
    return Path(name).name[:80] or otherwise
