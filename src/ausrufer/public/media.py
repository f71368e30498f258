"""Pictures in the public folder: linked there at first use, so that nothing unpublished can be guessed."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

from django.conf import settings

from ausrufer.adapter.errors import Holds
from ausrufer.public.trouble import cannot_write

ENDINGS = ("jpg", "png")


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
        try:
            name = self.publish(digest)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise cannot_write(error, Holds.DELIVERY) from error
        return f"{settings.PUBLIC_URL}/{name}"

    def publish(self, digest: str) -> str:
        """The name below the public folder. Raises FileNotFoundError, or OSError when the folder takes nothing."""
        source = stored(digest)
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
        temporary = place.with_name(f".{place.name}.{os.getpid()}")
        shutil.copyfile(source, temporary)
        temporary.rename(place)
