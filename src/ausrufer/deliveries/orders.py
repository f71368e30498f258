"""From a delivery's row to what a platform understands."""

from __future__ import annotations

from ausrufer.adapter import registry
from ausrufer.adapter.contract import Order, Part, Placement, Platform, Rendition
from ausrufer.adapter.errors import LockedOut
from ausrufer.channels.models import Channel
from ausrufer.channels.renewal import renew_ended
from ausrufer.channels.secrets import Unreadable
from ausrufer.deliveries.claim import Claimed
from ausrufer.deliveries.models import Delivery
from ausrufer.posts.models import FrozenRendition
from ausrufer.posts.render import from_body

UNREADABLE = "Die Zugangsdaten des Kanals sind nicht zu entschlüsseln. Bitte der IT Bescheid geben."


def load(claimed: Claimed) -> Delivery | None:
    """The delivery, unless the claim is lost already."""
    rows = Delivery.objects.select_related("channel", "release__post__topic")  # most have no `change` and `of`
    return rows.filter(pk=claimed.delivery, claim=claimed.claim).order_by("pk").first()


def platform_of(channel: Channel) -> Platform:
    """With access as fresh as can be. Raises LockedOut when the channel's secrets cannot be read."""
    if isinstance(channel.secrets, Unreadable):
        raise LockedOut(UNREADABLE, diagnostic="channels.key does not fit")
    renew_ended(channel)
    return registry.platform(channel.platform, channel.settings, channel.secrets, channel.limits, channel=channel.key)


def order_of(delivery: Delivery) -> Order:
    return Order(
        key=str(delivery.key),
        released_at=delivery.starts_at + delivery.clock_jumps,  # on the clock as it goes now
        useful_until=delivery.useful_until,
        urgent=delivery.urgent,
        reply_to=placement_of(delivery.of) if delivery.of and is_placed(delivery.of) else None,
        so_far=delivery.so_far,
        post=delivery.release.post.address,
        attempt=delivery.attempt,
        topic=topic.key if (topic := delivery.release.post.topic) else "",
    )


def rendition_of(delivery: Delivery) -> Rendition:
    frozen = FrozenRendition.objects.get(approval=delivery.approval_id, channel=delivery.channel_id, rank=delivery.rank)
    return from_body(frozen.body)


def placement_of(delivery: Delivery) -> Placement:
    stored = delivery.placement or {"parts": []}
    return Placement(tuple(Part(**part) for part in stored["parts"]), stored.get("extra", {}), stored.get("note", ""))


def is_placed(delivery: Delivery) -> bool:
    """Whether we know what it is called there; not when a person confirmed what no machine found."""
    return bool(placement_of(delivery).parts)


def has_begun(delivery: Delivery) -> bool:
    """Whether some of it is out: it goes on as it began and is corrected then, or is withdrawn as far as it went."""
    names = registry.capabilities(delivery.channel.platform).public_so_far
    return any(delivery.so_far.get(name) for name in names)
