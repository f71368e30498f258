"""What platforms of mass delivery share: the receipt names how many."""

from __future__ import annotations

from ausrufer.adapter.contract import Order, Part, Placement
from ausrufer.adapter.supplies import Mailing


def placed(order: Order, mailing: Mailing) -> Placement:
    """Of a mailing that is final."""
    counts = {name: getattr(mailing, name) for name in ("total", "sent", "failed", "unclear")}
    return Placement((Part(order.key, mailing.address),), counts)
