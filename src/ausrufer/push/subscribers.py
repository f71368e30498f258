"""A browser asks for pushes, and stops asking."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from ausrufer.kernel.database_clock import database_now
from ausrufer.push.encryption import BadKeys, keys_of
from ausrufer.push.models import Subscription


class BadSubscription(ValueError):
    """What was sent is no subscription; the message is for the log."""


def subscribe(endpoint: str, p256dh: str, auth: str, topics: Iterable[str] = ()) -> Subscription:
    """The same browser twice is one subscription. Raises BadSubscription."""
    if urlsplit(endpoint).scheme not in ("https", "http") or len(endpoint) > 600:
        raise BadSubscription("the endpoint is no web address")
    try:
        keys_of(p256dh, auth)
    except BadKeys as error:
        raise BadSubscription(str(error)) from error
    facts = {"p256dh": p256dh, "auth": auth, "topics": sorted(set(topics))}
    found, _ = Subscription.objects.update_or_create(
        endpoint=endpoint, defaults=facts, create_defaults={**facts, "created_at": database_now()}
    )
    return found


def unsubscribe(endpoint: str) -> None:
    """Nothing of the browser is kept. Harmless when it is gone already."""
    Subscription.objects.filter(endpoint=endpoint).delete()
