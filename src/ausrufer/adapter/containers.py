"""Meta fetches media into containers and says when they are ready: how long we wait for one, without sleeping."""

from __future__ import annotations

import time
from typing import Any

from ausrufer.adapter.errors import Rejected, Trouble, TryLater
from ausrufer.kernel.clock import utc_now
from ausrufer.kernel.sentence import Sentence

POLLS = (1.0, 1.0, 2.0, 3.0, 5.0)  # seconds between two looks at a container, then every 10; Threads sheet, section 3.3
LATER = 10.0
GIVE_UP = 300.0  # seconds of processing; then the next rendition goes
PREPARING = 4.0  # seconds after which creating containers is left for the next call, so that the claim does not run out


def processing(so_far: dict[str, Any], platform: str) -> Trouble:
    """TryLater with what was waited so far; Rejected after five minutes."""
    values, polls, waited = {"platform": platform}, so_far.get("polls", 0), so_far.get("waited", 0.0)
    # Whichever is longer: what we asked to wait, or what passed since the container was made (a broken dispatcher).
    passed = max(waited, utc_now().timestamp() - so_far.get("since", utc_now().timestamp()))
    if passed >= GIVE_UP:
        late = Sentence("{platform} wurde nicht rechtzeitig fertig.", values)
        return Rejected(late, diagnostic=f"after {passed:.0f} s", so_far={})
    seconds = POLLS[polls] if polls < len(POLLS) else LATER
    so_far |= {"polls": polls + 1, "waited": waited + seconds}
    return TryLater(Sentence("{platform} verarbeitet den Beitrag noch.", values), seconds=seconds, so_far=so_far)


def check_time(ends: float, platform: str) -> None:
    """Raises TryLater: the rest is done in the next call, before a lease runs out."""
    if time.monotonic() > ends:
        raise TryLater(Sentence("{platform} holt die Dateien.", {"platform": platform}), seconds=0.0)
