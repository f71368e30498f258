"""When the public folder cannot be written: a sentence for the board, and another try soon."""

from __future__ import annotations

import errno

from django.conf import settings

from ausrufer.adapter.errors import Holds, TryLater
from ausrufer.kernel.sentence import Sentence

AGAIN = 5.0  # seconds; a folder is mended by a person, who should see the effect soon


def cannot_write(error: OSError, holds: Holds = Holds.WRITING) -> TryLater:
    reasons = {
        errno.ENOSPC: "Die Platte mit dem öffentlichen Ordner {folder} ist voll. Bitte Platz schaffen.",
        errno.EDQUOT: "Die Platte mit dem öffentlichen Ordner {folder} ist voll. Bitte Platz schaffen.",
        errno.EFBIG: "Die Platte mit dem öffentlichen Ordner {folder} ist voll. Bitte Platz schaffen.",
    }
    text = reasons.get(
        error.errno or 0, "Der öffentliche Ordner {folder} ist nicht beschreibbar. Bitte die Rechte prüfen."
    )
    sentence = Sentence(text, {"folder": str(settings.PUBLIC_FOLDER)})
    return TryLater(sentence, seconds=AGAIN, holds=holds, diagnostic=repr(error))
