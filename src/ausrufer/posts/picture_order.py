"""Which picture comes first, and one in the place of another."""

from __future__ import annotations

from typing import BinaryIO

from django.db import transaction

from ausrufer.people.models import User
from ausrufer.posts.compose import editable
from ausrufer.posts.models import Attachment
from ausrufer.posts.pictures import attach, touch


def move_forward(attachment: Attachment, *, by: User) -> None:
    """One place towards the beginning; the first one stays. Raises NotEditable or NotAllowed."""
    with transaction.atomic():
        post = editable(attachment.post, by)
        order = list(post.attachments.all())
        place = order.index(attachment)
        if place == 0:
            return
        order[place - 1], order[place] = order[place], order[place - 1]
        number_anew(order)
        touch(post)


def replace(attachment: Attachment, *, file: BinaryIO, name: str, by: User) -> Attachment:
    """The new picture takes the place; it needs a description of its own. Raises BadPicture; then the old one stays."""
    with transaction.atomic():
        order = list(editable(attachment.post, by).attachments.all())
        place = order.index(attachment)
        attachment.delete()
        fresh = attach(attachment.post, file=file, name=name, by=by)
        order[place] = fresh
        number_anew(order)
    return fresh


def number_anew(order: list[Attachment]) -> None:
    for position, each in enumerate(order):
        each.position = position
    Attachment.objects.bulk_update(order, ["position"])
