"""A guest author has finished and asks the press office to read and approve."""

from __future__ import annotations

from django.db import transaction

from ausrufer.kernel.database_clock import database_now
from ausrufer.people import audit
from ausrufer.people.models import User
from ausrufer.posts.compose import editable
from ausrufer.posts.models import Post
from ausrufer.posts.readiness import problems
from ausrufer.posts.trouble import ChangedMeanwhile, NotReady


def ask_for_approval(post: Post, *, by: User, revision: int) -> Post:
    """The draft stays open for changes; an approval covers what is read then. Raises NotReady or ChangedMeanwhile."""
    with transaction.atomic():
        locked = editable(post, by)
        if locked.revision != revision:
            raise ChangedMeanwhile
        if lacking := problems(locked):
            raise NotReady(lacking)
        locked.asked_at = database_now()
        locked.save(update_fields=["asked_at"])
        audit.record("asked for approval", f"post {locked.address}", by=by, revision=revision)
    return locked
