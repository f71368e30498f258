"""When the public folder cannot be written: a sentence for the board, and another try soon."""

from __future__ import annotations

import errno

from django.conf import settings

from ausrufer.adapter.errors import Holds, TryLater
from ausrufer.kernel.sentence import Sentence

AGAIN = 5.0  # seconds; a folder is mended by a person, who should see the effect soon
FULL = "Die Platte mit dem öffentlichen Ordner {folder} ist voll. Bitte Platz schaffen."
NO_FOLDER = "{folder} soll der öffentliche Ordner sein, ist aber keiner. Bitte die Datei dort entfernen."
READ_ONLY = "Der öffentliche Ordner {folder} ist nur zum Lesen eingehängt. Bitte beschreibbar einhängen."
NO_RIGHTS = "Der öffentliche Ordner {folder} ist nicht beschreibbar. Bitte die Rechte prüfen."
BROKEN = "Der öffentliche Ordner {folder} lässt sich nicht schreiben. Bitte Platte und Rechte prüfen."
REASONS = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: FULL,
    errno.ENOTDIR: NO_FOLDER,
    errno.EEXIST: NO_FOLDER,
    errno.EROFS: READ_ONLY,
    errno.EACCES: NO_RIGHTS,
    errno.EPERM: NO_RIGHTS,
}


def cannot_write(error: OSError, holds: Holds = Holds.WRITING) -> TryLater:
    text = REASONS.get(error.errno or 0, BROKEN)
    sentence = Sentence(text, {"folder": str(settings.PUBLIC_FOLDER)})
    return TryLater(sentence, seconds=AGAIN, holds=holds, diagnostic=repr(error))


def picture_missing(error: FileNotFoundError) -> TryLater:
    """Only this post waits; others have their pictures."""
    sentence = Sentence(
        "Ein Bild des Beitrags fehlt in {folder}. Bitte aus der Sicherung zurückholen.",
        {"folder": str(settings.MEDIA_FOLDER)},
    )
    return TryLater(sentence, seconds=AGAIN, diagnostic=repr(error))
