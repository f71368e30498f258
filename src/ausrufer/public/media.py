"""Pictures in the public folder: linked there at first use, so that nothing unpublished can be guessed."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from ausrufer.adapter.contract import Picture
from ausrufer.adapter.errors import Holds
from ausrufer.public.models import PublicEntry
from ausrufer.public.trouble import cannot_write

ENDINGS = ("jpg", "png")


def public_name(picture: Picture) -> str:
    """Below the public folder."""
    return f"media/{picture.digest}.{'png' if picture.mime == 'image/png' else 'jpg'}"


def stored(digest: str) -> Path:
    """Raises FileNotFoundError."""
    for ending in ENDINGS:
        path = Path(settings.MEDIA_FOLDER) / f"{digest}.{ending}"
        if path.exists():
            return path
    raise FileNotFoundError(f"no picture {digest}")


class PublicMedia:
    """`adapter.supplies.Media`."""

    def read(self, digest: str) -> bytes:
        return stored(digest).read_bytes()

    def public_url(self, digest: str) -> str:
        """Raises FileNotFoundError, or TryLater when the folder takes nothing."""
        source = stored(digest)
        try:
            return f"{settings.PUBLIC_URL}/{link(source)}"
        except OSError as error:
            raise cannot_write(error, Holds.DELIVERY) from error


def publish(picture: Picture) -> str:
    """Its name below the public folder. Raises FileNotFoundError, or OSError when the folder takes nothing."""
    name = public_name(picture)
    return name if (Path(settings.PUBLIC_FOLDER) / name).exists() else link(stored(picture.digest))


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


def unused(pictures: Iterable[Picture]) -> list[str]:
    """Names of those that no post in the lists shows."""
    names = [public_name(each) for each in pictures]
    return [each for each in names if not PublicEntry.objects.filter(fragment__contains=each).exists()]
