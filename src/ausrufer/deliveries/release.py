"""Letting a post go: release, delivery rows and the audit entry together, or none of them."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from django.db import transaction

from ausrufer.deliveries.films import waits_for_film
from ausrufer.deliveries.models import Delivery, Release
from ausrufer.deliveries.states import Act
from ausrufer.deliveries.wake import wake_dispatcher
from ausrufer.kernel.database_clock import database_now
from ausrufer.people import audit
from ausrufer.people.models import User
from ausrufer.posts.models import FILM, FOLLOW_UP, Approval, FrozenRendition, Post
from ausrufer.posts.render import from_body, renditions
from ausrufer.posts.trouble import ChangedMeanwhile, NotAllowed, PostTrouble


class AlreadyReleased(PostTrouble):
    """Somebody was faster; `release` is theirs."""

    def __init__(self, release: Release) -> None:
        self.release = release
        super().__init__("Dieser Beitrag ist schon freigegeben.")


class LimitsChanged(PostTrouble):
    """A channel would show something else than what was approved."""


def release(approval: Approval, *, by: User, arrived: float | None = None) -> Release:
    """`arrived` is the request's `time.monotonic()`: the seconds on every receipt begin there.

    Raises AlreadyReleased, ChangedMeanwhile, LimitsChanged or NotAllowed; then nothing is saved.
    """
    if not by.may_release:
        raise NotAllowed("Freigeben darf nur die Pressestelle.")
    with transaction.atomic():
        post = unreleased(approval.post_id)
        if post.revision != approval.revision:
            raise ChangedMeanwhile
        refuse_changed_limits(post, approval)
        return let_go(post, approval, by=by, arrived=arrived)


def unreleased(post_id: int) -> Post:
    """The post, locked for this transaction. Raises AlreadyReleased."""
    post = Post.objects.select_for_update().get(pk=post_id)
    if hasattr(post, "release"):
        raise AlreadyReleased(post.release)
    return post


def let_go(post: Post, approval: Approval, *, by: User, arrived: float | None) -> Release:
    """Write it all down and wake the dispatcher; inside the transaction that locked the post and checked."""
    now = database_now()
    waited = 0.0 if arrived is None else max(0.0, time.monotonic() - arrived)
    clicked_at = now - timedelta(seconds=waited)
    made = Release.objects.create(
        post=post, approval=approval, by=by, clicked_at=clicked_at, released_at=now, due_at=post.due_at
    )
    wanted = list(approval.renditions.filter(rank__in=[0, FOLLOW_UP, FILM]).select_related("channel"))
    texts = Delivery.objects.bulk_create(fresh(made, each, urgent=post.urgent) for each in wanted if each.rank == 0)
    text_of = {each.channel_id: each for each in texts}
    # Not urgent: a picture on its way must not keep the next warning waiting.
    Delivery.objects.bulk_create(
        fresh(made, each, act=Act.FOLLOW, of=text_of[each.channel_id], rank=each.rank) for each in wanted if each.rank
    )
    audit.record("released", f"post {post.address}", by=by, revision=post.revision)
    wake_dispatcher(made.pk)
    return made


def fresh(release: Release, wanted: FrozenRendition, **facts: Any) -> Delivery:
    """A delivery of what was approved as wanted; one whose film is still being made begins by waiting."""
    when = {"due_at": release.due_at, "useful_until": release.post.useful_until}
    return Delivery(release=release, channel=wanted.channel, **when, **waits_for_film(release, wanted), **facts)


def refuse_changed_limits(post: Post, approval: Approval) -> None:
    """A limit that shrank between approval and release must be seen by a person, not by citizens."""
    approved = {(each.channel_id, each.rank): from_body(each.body) for each in approval.renditions.all()}
    for each in renditions(post):
        for rank, rendition in each.ranked:
            if approved.get((each.channel.pk, rank)) != rendition:
                raise LimitsChanged(
                    f"{each.channel.name} würde den Beitrag inzwischen anders zeigen. Bitte sehen Sie die Vorschau an."
                )
