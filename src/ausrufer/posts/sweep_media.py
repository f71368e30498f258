"""Files of pictures that no draft and no approved rendition shows any more."""

from __future__ import annotations

import time
from pathlib import Path

from django.conf import settings

from ausrufer.posts.models import Attachment, FrozenRendition

GRACE = 86_400.0  # seconds; a picture may be stored just before its row


def sweep_media() -> int:
    """How many files were removed."""
    shown = set(Attachment.objects.values_list("digest", flat=True))
    for body in FrozenRendition.objects.values_list("body", flat=True).iterator():
        shown |= {picture["digest"] for picture in body.get("pictures", ())}
    old = time.time() - GRACE
    unused = [
        file
        for file in Path(settings.MEDIA_FOLDER).glob("*.*")
        if file.stem not in shown and file.stat().st_mtime < old
    ]
    for file in unused:
        file.unlink(missing_ok=True)
    return len(unused)
