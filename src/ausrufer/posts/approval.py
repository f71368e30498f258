"""Approval freezes the renditions: what was read is what will be sent."""

from __future__ import annotations

from django.db import transaction

from ausrufer.kernel.database_clock import database_now
from ausrufer.people import audit
from ausrufer.people.models import User
from ausrufer.posts.models import Approval, FrozenRendition, Post
from ausrufer.posts.readiness import problems
from ausrufer.posts.render import renditions
from ausrufer.posts.trouble import ChangedMeanwhile, NotAllowed, NotReady


def approve(post: Post, *, by: User, revision: int) -> Approval:
    """Freeze revision `revision` of the post. Raises NotAllowed, ChangedMeanwhile or NotReady."""
    if not by.may_release:
        raise NotAllowed("Zustimmen darf nur die Pressestelle.")
    with transaction.atomic():
        post = Post.objects.select_for_update().get(pk=post.pk)
        if post.revision != revision:
            raise ChangedMeanwhile
        rendered = renditions(post)
        if lacking := problems(post, rendered):
            raise NotReady(lacking)
        approval = Approval.objects.create(post=post, revision=revision, by=by, at=database_now())
        FrozenRendition.objects.bulk_create(frozen for each in rendered for frozen in each.frozen(approval))
        audit.record("approved", f"post {post.address}", by=by, revision=revision)
    return approval
