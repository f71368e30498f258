"""Whom a mailing did not reach, or may not have reached: the list behind the board's number."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from ausrufer.newsletter.models import Fate, Mailing, Recipient


def unreached(key: UUID) -> QuerySet[Recipient]:
    """Of the order with this key; the unclear first, since only of them nobody knows."""
    left = Recipient.objects.filter(mailing__key=key, state__in=[Fate.UNCLEAR, Fate.FAILED])
    return left.order_by("-state", "id")  # "unclear" before "failed"


def listed(keys: Iterable[UUID]) -> set[UUID]:
    """Those orders whose list is still there (`subscribers.LISTS`)."""
    return set(Mailing.objects.filter(key__in=list(keys)).values_list("key", flat=True))
