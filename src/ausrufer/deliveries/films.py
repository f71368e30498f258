"""Films that are still being made when their post is released: who waits for them, and how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ausrufer.adapter import registry
from ausrufer.adapter.contract import Rendition
from ausrufer.adapter.errors import Rejected
from ausrufer.deliveries.models import Delivery, Release
from ausrufer.deliveries.orders import rendition_of
from ausrufer.deliveries.states import Act, State
from ausrufer.deliveries.wake import wake_dispatcher
from ausrufer.kernel.sentence import Sentence
from ausrufer.posts.films import LOST, is_being_made, why_missing
from ausrufer.posts.models import FILM, FOLLOW_UP, Attachment, FrozenRendition, Post
from ausrufer.posts.render import are_carried, from_body

PATIENCE = timedelta(minutes=5)  # of an ordinary post, from its release or its due time
SLOW = timedelta(hours=1)  # in a crisis nobody waits for it, but this is no conversion that goes on well
# In a crisis, and where nothing goes without it; `media.child` computes for two hours at most, with others before it.
FOLLOWS_WITHIN = timedelta(hours=3)
AWAITED = Sentence("Das Video wird noch umgewandelt. Ist es bis dahin nicht fertig, geht der Text mit Link.")
PICTURES = Sentence("Das Video wird noch umgewandelt. Ist es bis dahin nicht fertig, gehen die Bilder ohne es.")
NEEDED = Sentence("Das Video wird noch umgewandelt. Ohne Bild oder Video nimmt der Kanal keinen Beitrag an.")
FOLLOWS = Sentence("folgt, sobald das Video umgewandelt ist")


def waits_for_film(release: Release, wanted: FrozenRendition) -> dict[str, Any]:
    """What stands in a fresh delivery that has to wait; {} for all others. Its row rests: nobody claims it."""
    platform = wanted.channel.platform
    if not has_gap(platform, from_body(wanted.body)):
        return {}
    if wanted.rank >= FILM:
        patience, said = FOLLOWS_WITHIN, FOLLOWS
    elif goes_without(wanted):
        has_pictures = registry.capabilities(platform).needs_picture
        patience, said = patience_of(release), PICTURES if has_pictures else AWAITED
    else:
        patience, said = FOLLOWS_WITHIN, NEEDED
    return {"not_before": release.starts_at + patience, "under_way": True, "sentence": said.as_json()}


def goes_without(wanted: FrozenRendition) -> bool:
    """Whether one of its fallbacks lacks no film."""
    approved = FrozenRendition.objects.filter(approval=wanted.approval_id, channel=wanted.channel, rank__lt=FOLLOW_UP)
    return any(not from_body(each.body).awaits for each in approved)


def patience_of(release: Release) -> timedelta:
    """Half of what it is useful for at most: the words alone should still be of use."""
    end = release.post.useful_until
    return min(PATIENCE, (end - release.starts_at) / 2) if end else PATIENCE


def has_gap(platform: str, rendition: Rendition) -> bool:
    """Whether a film it would carry is missing."""
    return bool(rendition.awaits) and are_carried(registry.capabilities(platform))


def whole_rendition(delivery: Delivery) -> Rendition:
    """What goes out now. Raises Rejected for one whose film is not there: the next one is without."""
    rendition = rendition_of(delivery)
    if has_gap(delivery.channel.platform, rendition):
        raise Rejected(why_missing(rendition, delivery.channel))
    return rendition


@dataclass(frozen=True)
class Unshown:
    """A released film that a person has to know of; `why` is None while it may still come."""

    release: Release
    why: Sentence | None


def unshown_films(now: datetime, *, since: timedelta) -> list[Unshown]:
    """Of posts let go no longer ago than `since`: films that could not be made, and those nobody waits for any more."""
    films = Attachment.objects.filter(kind=Attachment.Kind.VIDEO, digest="", post__release__released_at__gt=now - since)
    films = films.exclude(post__release__changes__act=Act.WITHDRAW).select_related("upload", "post__release")
    found = []
    for film in films.order_by("-post__release__id", "id"):
        release: Release = film.post.release
        if not film.is_awaited:
            said = film.upload.sentence if film.upload else None
            found.append(Unshown(release, Sentence.from_json(said) if said else LOST))
        elif now >= release.starts_at + (SLOW if film.post.urgent else patience_of(release)):
            found.append(Unshown(release, None))
    return found


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
