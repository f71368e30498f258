"""Pictures and videos in the public folder: linked there at first use, so that nothing unpublished can be guessed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from ausrufer.adapter.contract import Picture, Rendition, Video
from ausrufer.adapter.errors import Holds
from ausrufer.posts import small_films
from ausrufer.public.models import PublicEntry
from ausrufer.public.trouble import cannot_write

ENDINGS = ("jpg", "png", "mp4", "vtt")
SMALL = "-720"  # the smaller size of a JPEG; `ausrufer.media` makes it soon after the picture came


def public_name(picture: Picture) -> str:
    """Below the public folder."""
    return f"media/{picture.digest}.{'png' if picture.mime == 'image/png' else 'jpg'}"


def stored(digest: str) -> Path:
    """Raises FileNotFoundError."""
    for ending in ENDINGS:
        path = Path(settings.MEDIA_FOLDER) / f"{digest}.{ending}"
        if path.exists():
            return path
    raise FileNotFoundError(f"nothing stored as {digest}")


class PublicMedia:
    """`adapter.supplies.Media`."""

    def size(self, digest: str) -> int:
        return stored(digest).stat().st_size

    def read(self, digest: str, start: int = 0, length: int = -1) -> bytes:
        with stored(digest).open("rb") as file:
            file.seek(start)
            return file.read(length)

    def public_url(self, digest: str) -> str:
        """Raises FileNotFoundError, or TryLater when the folder takes nothing."""
        source = stored(digest)
        try:
            return f"{settings.PUBLIC_URL}/{link(source)}"
        except OSError as error:
            raise cannot_write(error, Holds.DELIVERY) from error

    def smaller(self, digest: str, sides: tuple[int, int]) -> str | None:
        """Raises Rejected."""
        return small_films.smaller(digest, sides)


@dataclass(frozen=True)
class Linked:
    """A file that a page needs, where readers find it."""

    name: str  # below the public folder
    digest: str
    size: int  # bytes


def publish(rendition: Rendition) -> list[Linked]:
    """Everything the rendition shows. Raises FileNotFoundError, or OSError when the folder takes nothing."""
    return [linked(name, digest, size) for name, digest, size in files(rendition)]


def files(rendition: Rendition) -> Iterator[tuple[str, str, int | None]]:
    """(name below the public folder, digest, bytes); no size for what has none in the rendition."""
    for picture in rendition.pictures:
        yield public_name(picture), picture.digest, picture.size
        if small := small_name(picture):
            yield small, "", None
    for video in there(rendition):
        yield f"media/{video.digest}.mp4", video.digest, video.size
        if video.poster:
            yield f"media/{video.poster}.jpg", video.poster, None
        for each in video.captions:
            yield f"media/{each.digest}.vtt", each.digest, each.size


def there(rendition: Rendition) -> list[Video]:
    """Its films that are finished; of one that is still being made there is no file."""
    return [each for each in rendition.videos if not each.awaited]


def small_name(picture: Picture) -> str:
    """Of the smaller size; "" while there is none."""
    name = f"{picture.digest}{SMALL}.jpg"
    return f"media/{name}" if (Path(settings.MEDIA_FOLDER) / name).exists() else ""


def linked(name: str, digest: str, size: int | None) -> Linked:
    place = Path(settings.PUBLIC_FOLDER) / name
    if not place.exists():
        source = Path(settings.MEDIA_FOLDER) / place.name
        if not source.exists():
            raise FileNotFoundError(f"no file {source.name}")
        link(source)
    if not digest:
        digest = hashlib.sha256(place.read_bytes()).hexdigest()
    return Linked(name, digest, place.stat().st_size if size is None else size)


def link(source: Path) -> str:
    name = f"media/{source.name}"
    place = Path(settings.PUBLIC_FOLDER) / name
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            link_or_copy(source, place)
    return name


def link_or_copy(source: Path, place: Path) -> None:
    """A hard link costs nothing; on another file system it is a copy, whole when it appears."""
    try:
        os.link(source, place)
    except FileExistsError:
        raise
    except OSError:
        temporary = place.with_name(f".{place.name}.{os.getpid()}.new")
        try:
            shutil.copyfile(source, temporary)
            temporary.rename(place)
        finally:
            temporary.unlink(missing_ok=True)


def unused(rendition: Rendition) -> list[str]:
    """Names of its files that no post in the lists shows."""
    names = [name for name, _, _ in files(rendition)]
    names += [f"media/{each.framed.digest}.jpg" for each in rendition.pictures if each.framed]
    return [each for each in names if not PublicEntry.objects.filter(fragment__contains=each).exists()]
