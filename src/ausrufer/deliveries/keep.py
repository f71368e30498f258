"""The gate before every act: progress committed, lease renewed, claim still ours."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, connection

from ausrufer.adapter.errors import LostClaim
from ausrufer.deliveries.claim import lease_of
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.states import State
from ausrufer.kernel.database_clock import Now
from ausrufer.kernel.text import writable

Result = TypeVar("Result")
DATABASE_AWAY = (OperationalError, InterfaceError)


class KeepProgress:
    """`adapter.contract.Keep` for one delivery and claim; `acted` tells whether the gate was ever passed."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery
        self.acted = False

    def __call__(self, so_far: Mapping[str, Any]) -> None:
        """Raises LostClaim, also when the database stays away: without its word nothing may go out."""
        self.acted = True  # before the row says so: when in doubt we look
        try:
            ours = surely(lambda: self.write(so_far), patience=5.0)
        except DATABASE_AWAY as error:
            raise LostClaim from error
        if not ours:
            raise LostClaim

    def write(self, so_far: Mapping[str, Any]) -> bool:
        rows = Delivery.objects.filter(pk=self.delivery.pk, claim=self.delivery.claim, state=State.SENDING)
        lease = lease_of(self.delivery.channel.platform)
        return rows.update(so_far=writable(dict(so_far)), acted_at=Now(), lease_until=Now() + lease) == 1


def surely(change: Callable[[], Result], *, patience: float = 60.0) -> Result:
    """Do it as soon as the database is back, within `patience` seconds; `change` must bear to be done twice."""
    end = time.monotonic() + patience
    while True:
        try:
            return change()
        except DATABASE_AWAY:
            connection.close()
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
