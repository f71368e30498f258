"""When the database machine's clock jumps, waits and leases move with it, and receipts stay true.

Due times that a person chose are left alone: three o'clock is three o'clock.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Case, F, When
from django.db.models.functions import Coalesce

from ausrufer.channels.models import Channel
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.states import DONE
from ausrufer.kernel.database_clock import database_now
from ausrufer.kernel.models import ClockJump

log = logging.getLogger("ausrufer.dispatcher")

JUMP = timedelta(seconds=2)  # less is slewing, or a busy machine
JUMP_LOCK = 7322  # advisory lock: one dispatcher evens out, the others see that it was done


class ClockWatch:
    """Compares the database's clock with this process's steady one."""

    def __init__(self) -> None:
        self.seen: tuple[float, datetime] | None = None

    def notice(self) -> None:
        steady, now = time.monotonic(), database_now()
        if self.seen is not None:
            passed = timedelta(seconds=steady - self.seen[0])
            jumped = (now - self.seen[1]) - passed
            if abs(jumped) > JUMP:
                even_out(jumped, now, unnoticed=passed)
        self.seen = steady, now


def even_out(jumped: timedelta, now: datetime, *, unnoticed: timedelta) -> None:
    """Once per jump, however many dispatchers notice it. What began by the new clock already is left as it is."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [JUMP_LOCK])
        around = (now - timedelta(seconds=30), now + timedelta(seconds=30))
        known = ClockJump.objects.filter(noticed_at__range=around)
        if any(abs(jump.delta - jumped) < JUMP for jump in known):
            return
        log.warning("the database's clock jumped by %+.0f s", jumped.total_seconds())
        ClockJump.objects.create(noticed_at=now, delta=jumped)
        clicked = Coalesce("change__clicked_at", "release__clicked_at")
        begun_since = Delivery.objects.annotate(clicked=clicked).filter(clicked__range=(now - unnoticed, now))
        Delivery.objects.exclude(state__in=DONE).exclude(pk__in=begun_since.values("pk")).update(
            # Who waits for a film from a chosen time on has not begun to wait before it.
            not_before=Case(When(due_at__gt=now - jumped, then=F("not_before")), default=F("not_before") + jumped),
            lease_until=F("lease_until") + jumped,
            look_at=F("look_at") + jumped,
            acted_at=F("acted_at") + jumped,
            sent_at=F("sent_at") + jumped,
            clock_jumps=F("clock_jumps") + jumped,
        )
        Channel.objects.update(held_until=F("held_until") + jumped, reading_held_until=F("reading_held_until") + jumped)
