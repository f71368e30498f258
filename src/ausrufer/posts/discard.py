"""A draft that nobody needs any more is thrown away."""

from __future__ import annotations

from django.db import transaction

from ausrufer.media.models import Upload
from ausrufer.media.uploads import drop
from ausrufer.people import audit
from ausrufer.people.models import User
from ausrufer.posts.compose import editable
from ausrufer.posts.models import Post


def discard(post: Post, *, by: User) -> None:
    """With its pictures and variants; files go with the next sweep, what came and was not made yet goes at once.

    Raises NotEditable or NotAllowed.
    """
    with transaction.atomic():
        draft = editable(post, by)
        audit.record("discarded", f"post {draft.address}", by=by, author=draft.author.username)
        draft.delete()
        for upload in Upload.objects.filter(post=draft.address, attachments=None):  # a copy may share it
            drop(upload)
