"""One click: approve and release together."""

from __future__ import annotations

from django.db import transaction

from ausrufer.deliveries.models import Release
from ausrufer.deliveries.release import let_go, unreleased
from ausrufer.people.models import User
from ausrufer.posts.approval import approve
from ausrufer.posts.models import Post


def publish(post: Post, *, by: User, revision: int, arrived: float | None = None) -> Release:
    """What an editor's "Jetzt veröffentlichen" does with her own post.

    Raises NotReady, ChangedMeanwhile, AlreadyReleased or NotAllowed; then nothing is saved.
    """
    with transaction.atomic():
        locked = unreleased(post.pk)
        return let_go(locked, approve(locked, by=by, revision=revision), by=by, arrived=arrived)
