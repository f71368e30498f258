"""What a correction or a withdrawal will do on every channel: decided once, said before the button."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from ausrufer.adapter import registry
from ausrufer.adapter.capabilities import ConfirmsBy
from ausrufer.channels.models import Channel
from ausrufer.deliveries.models import Delivery, Release
from ausrufer.deliveries.orders import has_begun, is_placed
from ausrufer.deliveries.states import Act, State

OUT = (State.SENT, State.ONLINE)
MAYBE_OUT = (*OUT, State.SENDING, State.UNCLEAR)  # withdrawn as soon as it is known
CORRECTED = ("edit", "reply", "replace", "task")  # ways in which a new text reaches a channel


@dataclass(frozen=True)
class Reach:
    """What a change will do on one channel; said before the button."""

    channel: Channel
    delivery: Delivery
    way: str  # edit | reply | replace | task | withdraw | lapse | break_off | by_hand | stays
    own_words: str = ""  # an own wording of the channel, for which a correction puts the common text


def reaches(release: Release, act: Act) -> list[Reach]:
    """For every channel that has a copy, or would get one, in the order of sending.

    With a text its pictures go, and what was answered below it to correct it.
    """
    chosen = Q(act=Act.PUBLISH)
    if act == Act.WITHDRAW:
        chosen |= Q(act=Act.FOLLOW) | Q(act=Act.CORRECT, channel__platform__in=without_edit())
    rows = release.deliveries.filter(chosen).exclude(state=State.WITHDRAWN)
    rows = rows.exclude(~Q(state=State.WAITING), act=Act.CORRECT, attempt=0)  # made by hand: no post of its own
    rows = rows.select_related("channel", "release", "change").order_by("channel__position", "id")
    own = own_words(release) if act == Act.CORRECT else {}
    there = [each for each in rows if each.state not in (State.FAILED, State.LAPSED) or is_torso(each, act)]
    return [Reach(each.channel, each, way(each, act), own.get(each.channel_id, "")) for each in there]


def is_torso(delivery: Delivery, act: Act) -> bool:
    """Whether it ended half-way or unseen: whatever of it is there is to be taken down."""
    return act == Act.WITHDRAW and (has_begun(delivery) or is_placed(delivery))


def own_words(release: Release) -> dict[int, str]:
    """What a channel shows in its own words, by its id; after the first correction none does any more."""
    if release.changes.filter(act=Act.CORRECT).exists():
        return {}
    return dict(release.post.variants.exclude(text="").values_list("channel", "text"))


def without_edit() -> list[str]:
    """Platforms on which a correction is a post of its own."""
    return [each.key for each in registry.platforms() if not each.capabilities.can_edit]


def way(delivery: Delivery, act: Act) -> str:
    can = registry.capabilities(delivery.channel.platform)
    if can.confirms_by == ConfirmsBy.ACCEPTED and delivery.state in MAYBE_OUT:
        return "stays"  # letters and pushes: nobody can change them
    by_hand = "task" if registry.is_known(delivery.channel.platform) else "by_hand"
    if delivery.state in OUT and not is_placed(delivery):
        return by_hand
    if act == Act.WITHDRAW:
        if delivery.state == State.WAITING and not has_begun(delivery):
            is_mailing = can.confirms_by == ConfirmsBy.ACCEPTED and delivery.under_way
            return "break_off" if is_mailing else "lapse"
        if can.is_by_hand and delivery.state == State.UNCLEAR:
            return "by_hand"  # nobody carried it there yet, as far as we know
        return "withdraw" if can.can_withdraw else by_hand
    if not registry.is_known(delivery.channel.platform):
        return by_hand
    if delivery.state == (State.UNCLEAR if can.is_by_hand else State.WAITING) and not has_begun(delivery):
        return "replace"
    return "edit" if can.can_edit else "reply" if can.can_reply else by_hand


def was_nowhere(reached: list[Reach]) -> bool:
    """Whether a withdrawal comes before anybody could see any of it; then no page says why."""
    return all(each.way == "lapse" for each in reached)
