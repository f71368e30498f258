"""Pictures of a post: decoded, turned upright, re-encoded and stripped; nothing is kept as it was uploaded."""

from __future__ import annotations

import hashlib
import io
import os
import uuid
import warnings
from pathlib import Path
from typing import BinaryIO

import pillow_heif
from django.conf import settings
from django.db import transaction
from django.db.models import F, Max
from PIL import Image, ImageOps, UnidentifiedImageError

from ausrufer.kernel.database_clock import Now
from ausrufer.kernel.sentence import Sentence
from ausrufer.people.models import User
from ausrufer.posts.compose import editable
from ausrufer.posts.models import Attachment, Post
from ausrufer.posts.trouble import BadPicture

MAX_PICTURES = 20  # Threads: carousel 2-20; platform sheet, section 3
MAX_UPLOAD = 30_000_000  # bytes
MAX_PIXELS = 50_000_000  # a decoded picture needs 3 bytes a pixel
MAX_WIDTH = 1440  # pixels; Threads: 320-1440 wide; platform sheet, section 5.1
MAX_RATIO = 10.0  # Threads: up to 10:1
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "HEIF")
ENDINGS = {"image/jpeg": "jpg", "image/png": "png"}

pillow_heif.register_heif_opener()


def attach(post: Post, *, file: BinaryIO, name: str, by: User, alt: str = "", decorative: bool = False) -> Attachment:
    """Take a picture into a draft. Raises BadPicture or NotEditable; then nothing is kept."""
    content, mime, size = clean(file, name)
    digest = hashlib.sha256(content).hexdigest()
    keep_file(content, picture_path(digest, mime))
    with transaction.atomic():
        post = editable(post, by)
        if post.attachments.count() >= MAX_PICTURES:
            raise BadPicture(f"Ein Beitrag hat höchstens {MAX_PICTURES} Bilder.")
        last = post.attachments.aggregate(last=Max("position"))["last"]
        attachment = Attachment.objects.create(
            post=post,
            position=0 if last is None else last + 1,
            digest=digest,
            mime=mime,
            width=size[0],
            height=size[1],
            size=len(content),
            name=Path(name).name[:200],
            alt=alt.strip(),
            decorative=decorative,
        )
        touch(post)
    return attachment


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


def touch(post: Post) -> None:
    Post.objects.filter(pk=post.pk).update(revision=F("revision") + 1, changed_at=Now())


def picture_path(digest: str, mime: str) -> Path:
    return Path(settings.MEDIA_FOLDER) / f"{digest}.{ENDINGS[mime]}"


def clean(file: BinaryIO, name: str) -> tuple[bytes, str, tuple[int, int]]:
    """(bytes, media type, (width, height)) of a fresh file with the picture's pixels and nothing else.

    JPEG in sRGB; PNG only where there is transparency. Raises BadPicture.
    """
    content = file.read(MAX_UPLOAD + 1)
    values = {"name": Path(name).name[:80] or "Bild"}
    if len(content) > MAX_UPLOAD:
        raise BadPicture(Sentence("„{name}“ ist größer als 30 MB.", values))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    raise BadPicture(Sentence("„{name}“ hat mehr als 50 Millionen Bildpunkte.", values))
                upright = ImageOps.exif_transpose(opened)
                picture = fitted(upright)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPicture(Sentence("„{name}“ hat mehr als 50 Millionen Bildpunkte.", values)) from error
    except UnidentifiedImageError as error:
        raise BadPicture(
            Sentence("„{name}“ ist kein Bild, das wir lesen können (JPEG, PNG, WebP, HEIC oder GIF).", values)
        ) from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise BadPicture(Sentence("„{name}“ ist beschädigt oder unvollständig.", values)) from error
    if max(picture.size) / max(1, min(picture.size)) > MAX_RATIO:
        raise BadPicture(Sentence("„{name}“ ist zu schmal: höchstens zehnmal so lang wie breit.", values))
    return encoded(picture)


def fitted(picture: Image.Image) -> Image.Image:
    """In sRGB, at most 1440 px wide, with pixels loaded."""
    see_through = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    picture = picture.convert("RGBA" if see_through else "RGB")
    if see_through and picture.getchannel("A").getextrema() == (255, 255):
        picture = picture.convert("RGB")
    if picture.width > MAX_WIDTH:
        height = max(1, round(picture.height * MAX_WIDTH / picture.width))
        picture = picture.resize((MAX_WIDTH, height), Image.Resampling.LANCZOS)
    return picture


def encoded(picture: Image.Image) -> tuple[bytes, str, tuple[int, int]]:
    out = io.BytesIO()
    bare = Image.new(picture.mode, picture.size)  # carries no EXIF, GPS, profile or comment over
    bare.paste(picture)
    if picture.mode == "RGBA":
        bare.save(out, "PNG", optimize=True)
        return out.getvalue(), "image/png", picture.size
    bare.save(out, "JPEG", quality=86, optimize=True, progressive=True)
    return out.getvalue(), "image/jpeg", picture.size


def keep_file(content: bytes, path: Path) -> None:
    """Whole or not at all; the name is the digest, so a file that is there already is the same."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{uuid.uuid4().hex}")
    with fresh.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    fresh.rename(path)
