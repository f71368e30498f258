"""What posts cost (Ausgaben), counted before each act against the channel's monthly budget.

`Channel.settings`: `monthly_budget_cents` (0 or missing: the channel is off, since nobody agreed to any costs) and
`urgent_may_exceed` (urgent posts may go 20 % over).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from ausrufer.adapter.errors import Holds, LockedOut, TryLater
from ausrufer.channels.models import Channel, Spending
from ausrufer.kernel.clock import local
from ausrufer.kernel.database_clock import database_now
from ausrufer.kernel.sentence import Sentence

OVER = Decimal("1.2")  # of the budget, for urgent posts


class ChannelLedger:
    """What `Supplies.ledger` is."""

    def spend(self, channel: str, cents: float, what: str, *, key: str, urgent: bool, always: bool = False) -> None:
        """Raises LockedOut without a budget, TryLater when it does not cover this: only this delivery waits."""
        now = database_now()
        with transaction.atomic():
            found = Channel.objects.select_for_update().filter(key=channel).first()
            month, price = month_of(now), Decimal(str(cents))
            # Of an earlier month: it waited until now, and is paid now.
            if found is None or Spending.objects.filter(key=key, month__gte=month).exists():
                return
            budget = budget_of(found)
            most = budget * OVER if urgent and found.settings.get("urgent_may_exceed") else budget
            if not budget and not always:
                off = "{channel} ist aus, solange kein Budget im Monat eingetragen ist."
                raise LockedOut(Sentence(off, {"channel": found.name}), diagnostic="no budget")
            if spent(found, month) + price > most and not always:
                raise over_budget(found, now)
            facts = {"channel": found, "month": month, "cents": price, "what": what, "at": now}
            Spending.objects.update_or_create(key=key, defaults=facts)

    def give_back(self, *, key: str) -> None:
        Spending.objects.filter(key=key).delete()


def budget_of(channel: Channel) -> Decimal:
    """In cents; 0 when none is stated."""
    return Decimal(str(channel.settings.get("monthly_budget_cents") or 0))


def spent(channel: Channel, month: date) -> Decimal:
    return channel.spendings.filter(month=month).aggregate(sum=Sum("cents"))["sum"] or Decimal(0)


def used(channel: Channel, now: datetime) -> int:
    """Percent of this month's budget; 0 without one."""
    budget = budget_of(channel)
    return int(spent(channel, month_of(now)) * 100 / budget) if budget else 0


def month_of(now: datetime) -> date:
    return local(now).date().replace(day=1)


def over_budget(channel: Channel, now: datetime) -> TryLater:
    here = local(now)
    following = (here.replace(day=1) + timedelta(days=32)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    sentence = Sentence("{channel}: Das Budget dieses Monats reicht nicht mehr.", {"channel": channel.name})
    return TryLater(sentence, seconds=(following - here).total_seconds(), holds=Holds.DELIVERY, diagnostic="budget")
