"""The sign of life a part gives."""

from __future__ import annotations

import os
import uuid
from datetime import timedelta

from ausrufer.kernel.database_clock import Now, database_now
from ausrufer.kernel.models import Heartbeat

FORGOTTEN = timedelta(minutes=5)  # rows of parts that ended long ago
FRESH = timedelta(seconds=5)  # an older beat is no sign of life


class Heart:
    def __init__(self, part: str) -> None:
        self.part = part
        self.instance = uuid.uuid4()

    def beat(self) -> None:
        """Once a second is right; the first beat also removes the rows of the dead."""
        if not Heartbeat.objects.filter(pk=self.instance).update(beat_at=Now()):
            now = database_now()
            Heartbeat.objects.filter(part=self.part, beat_at__lt=now - FORGOTTEN).delete()
            Heartbeat.objects.create(
                instance=self.instance, part=self.part, pid=os.getpid(), started_at=now, beat_at=now
            )


def alive(part: str) -> bool:
    """Whether some process of this part gave a sign of life just now."""
    now = database_now()
    return Heartbeat.objects.filter(part=part, beat_at__range=(now - FRESH, now + FRESH)).exists()
