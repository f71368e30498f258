"""Files of pictures, videos and captions that no draft and no approved rendition shows any more."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from ausrufer.posts import small_films
from ausrufer.posts.models import Attachment, Caption, FrozenRendition

GRACE = 86_400.0  # seconds; a picture may be stored just before its row


def sweep_media() -> int:
    """How many files were removed."""
    shown = set(Attachment.objects.values_list("digest", flat=True))
    shown |= set(Attachment.objects.values_list("poster", flat=True))
    shown |= set(Attachment.objects.exclude(framed=None).values_list("framed__digest", flat=True))
    shown |= set(Caption.objects.values_list("digest", flat=True))
    for body in FrozenRendition.objects.values_list("body", flat=True).iterator():
        shown |= digests_in(body)
    shown |= small_films.sweep(shown)
    old = time.time() - GRACE
    unused = [
        file
        for file in Path(settings.MEDIA_FOLDER).glob("*.*")
        if file.stem.partition("-")[0] not in shown and file.stat().st_mtime < old
    ]
    for file in unused:
        file.unlink(missing_ok=True)
    return len(unused)


def digests_in(body: Mapping[str, Any]) -> set[str]:
    found = {picture["digest"] for picture in body.get("pictures", ())}
    for video in body.get("videos", ()):
        found |= {video["digest"], video["poster"], *(each["digest"] for each in video["captions"])}
    return found
