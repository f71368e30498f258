"""One click: approve and release together."""

from __future__ import annotations

from django.db import transaction

from ausrufer.deliveries.models import Release
from ausrufer.deliveries.release import AlreadyReleased, release
from ausrufer.people.models import User
from ausrufer.posts.approval import approve
from ausrufer.posts.models import Post


def publish(post: Post, *, by: User, revision: int, arrived: float | None = None) -> Release:
    """What an editor's "Jetzt veröffentlichen" does with her own post.

    Raises NotReady, ChangedMeanwhile, AlreadyReleased or NotAllowed; then nothing is saved.
    """
    with transaction.atomic():
        locked = Post.objects.select_for_update().get(pk=post.pk)
        if hasattr(locked, "release"):
            raise AlreadyReleased(locked.release)
        return release(approve(locked, by=by, revision=revision), by=by, arrived=arrived)
