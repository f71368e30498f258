"""What a platform allows a channel, in its own words: read when it is connected or checked, and every hour."""

from __future__ import annotations

import logging

from ausrufer.adapter.errors import Trouble
from ausrufer.channels.connecting import platform_of
from ausrufer.channels.models import Channel
from ausrufer.kernel.text import writable

log = logging.getLogger("ausrufer.channels")


def read_all() -> int:
    """How many channels were told. Whatever goes wrong with one, the others are asked."""
    return sum(read(each) for each in list(Channel.objects.filter(is_active=True)))


def read(channel: Channel) -> bool:
    """What cannot be read is asked for the next time; until then what was known stays."""
    try:
        platform = platform_of(channel)
        if not platform.capabilities.has_limits or not platform.has_access():
            return False
        found = dict(platform.read_limits())
    except Trouble as trouble:
        log.info("%s: limits are not read: %s", channel.key, trouble)
        return False
    except Exception:
        log.exception("%s: limits are not read", channel.key)
        return False
    return bool(found) and Channel.objects.filter(pk=channel.pk).update(limits=writable(found)) == 1
