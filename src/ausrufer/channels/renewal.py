"""Access that ends: renewed by itself long before, and spoken of in time where it cannot be."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction

from ausrufer.adapter.errors import LockedOut, Trouble
from ausrufer.channels import hold
from ausrufer.channels.connecting import platform_of
from ausrufer.channels.models import Channel
from ausrufer.kernel.clock import utc_now
from ausrufer.kernel.database_clock import database_now

log = logging.getLogger("ausrufer.channels")

RENEWED_BEFORE = timedelta(days=50)  # Threads: 60 days, to be refreshed when older than a week (sheet, section 2)
TOLD_AT = (20, 10, 5)  # days before the end


def renew_due() -> int:
    """How many were renewed. What fails is tried again the next time; a lost access holds the channel."""
    soon = database_now() + RENEWED_BEFORE
    due = Channel.objects.filter(is_active=True, expires_at__lt=soon).values_list("pk", flat=True)
    return sum(tried(each, soon) for each in list(due))


def tried(channel_id: int, soon: datetime) -> bool:
    """Whatever goes wrong with one channel, the others' access must not end for it."""
    try:
        return renewed(channel_id, soon)
    except Exception:
        log.exception("channel %s: access is not renewed", channel_id)
        return False


def renew_ended(channel: Channel) -> None:
    """What ended while nobody renewed it, e.g. in a night without power; before it is used."""
    now = utc_now()
    if channel.expires_at and channel.expires_at <= now and tried(channel.pk, now):
        channel.refresh_from_db(fields=["secrets", "expires_at"])


def renewed(channel_id: int, soon: datetime) -> bool:
    with transaction.atomic():
        channel = Channel.objects.select_for_update().get(pk=channel_id)
        platform = platform_of(channel)
        if not platform.capabilities.renews or channel.expires_at is None or channel.expires_at >= soon:
            return False
        try:
            fresh = platform.renew()
        except LockedOut as trouble:
            hold.lock(channel.pk, trouble)
            return False
        except Trouble as trouble:
            log.warning("%s: access is not renewed: %s", channel.key, trouble)
            return False
        channel.secrets = {**channel.secrets, **fresh.secrets}
        channel.expires_at = fresh.expires_at
        channel.save(update_fields=["secrets", "expires_at"])
    return True


def days_left(channel: Channel, now: datetime) -> int | None:
    """Whole days until the access ends; None when it does not."""
    ends = hold.ends_at(channel)
    return None if ends is None else max(0, (ends - now).days)


def is_ending(channel: Channel, now: datetime) -> bool:
    left = days_left(channel, now)
    return left is not None and left <= TOLD_AT[0]
