"""Films that are still being made when their post is released: who waits for them, and how long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ausrufer.adapter import registry
from ausrufer.adapter.contract import Rendition
from ausrufer.adapter.errors import Rejected
from ausrufer.deliveries.models import Delivery, Release
from ausrufer.deliveries.orders import rendition_of
from ausrufer.deliveries.states import Act, State
from ausrufer.deliveries.wake import wake_dispatcher
from ausrufer.kernel.sentence import Sentence
from ausrufer.posts.films import is_being_made, why_missing
from ausrufer.posts.models import FILM, FrozenRendition, Post
from ausrufer.posts.render import are_carried, from_body

PATIENCE = timedelta(minutes=5)  # of an ordinary post, from its release or its due time
FOLLOWS_WITHIN = timedelta(hours=3)  # in a crisis; `media.child` computes for two hours at most, with others before it
AWAITED = Sentence("Das Video wird noch umgewandelt. Ist es bis dahin nicht fertig, geht der Text mit Link.")
FOLLOWS = Sentence("folgt, sobald das Video umgewandelt ist")


def waits_for_film(release: Release, wanted: FrozenRendition) -> dict[str, Any]:
    """What stands in a fresh delivery that has to wait; {} for all others. Its row rests: nobody claims it."""
    if not has_gap(wanted.channel.platform, from_body(wanted.body)):
        return {}
    patience, said = (FOLLOWS_WITHIN, FOLLOWS) if wanted.rank >= FILM else (PATIENCE, AWAITED)
    return {"not_before": release.starts_at + patience, "under_way": True, "sentence": said.as_json()}


def has_gap(platform: str, rendition: Rendition) -> bool:
    """Whether a film it would carry is missing."""
    return bool(rendition.awaits) and are_carried(registry.capabilities(platform))


def whole_rendition(delivery: Delivery) -> Rendition:
    """What goes out now. Raises Rejected for one whose film is not there: the next one is without."""
    rendition = rendition_of(delivery)
    if has_gap(delivery.channel.platform, rendition):
        raise Rejected(why_missing(rendition, delivery.channel))
    return rendition


def go_on(post: Post) -> None:
    """A film of the post is there, or given up (`posts.films.when_settled`): who waited for it waits no longer."""
    waiting = Delivery.objects.filter(release__post=post, state=State.WAITING, under_way=True)
    carrying = [platform.key for platform in registry.platforms() if are_carried(platform.capabilities)]  # no mailings
    for delivery in waiting.filter(channel__platform__in=carrying).select_related("channel", "release", "change"):
        rendition = rendition_of(delivery)
        if is_being_made(rendition):
            continue
        goes: dict[str, Any] = {"not_before": None, "under_way": False, "sentence": None}
        if rendition.awaits and delivery.act == Act.FOLLOW:  # it was to bring the film, and nothing else
            goes |= {"state": State.LAPSED, "sentence": why_missing(rendition, delivery.channel).as_json()}
        Delivery.objects.filter(pk=delivery.pk, claim=delivery.claim, state=State.WAITING).update(**goes)
    wake_dispatcher()
