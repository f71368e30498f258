"""Videos of a post: taken in at once, made anew in the queue, described meanwhile; with captions."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction

from ausrufer.kernel.sentence import Sentence
from ausrufer.media import uploads, workshop
from ausrufer.media.captions import MAX_SIZE, store_captions
from ausrufer.media.models import Upload
from ausrufer.media.sniff import VIDEO, sniff
from ausrufer.media.trouble import BadMedia
from ausrufer.people.models import User
from ausrufer.posts import films
from ausrufer.posts.compose import editable
from ausrufer.posts.models import Attachment, Caption, Post
from ausrufer.posts.pictures import attach_file, free_place, touch
from ausrufer.posts.trouble import BadPicture, PostTrouble

log = logging.getLogger("ausrufer.media")


def expect(upload: Upload) -> None:
    """It begins to arrive: what will make it anew gets ready meanwhile, where that will be."""
    from ausrufer.posts.tasks import get_ready

    if Path(upload.name).suffix.lower().removeprefix(".") in VIDEO.endings:
        get_ready.defer()
    else:
        workshop.get_ready("picture")


def take(upload: Upload, *, by: User) -> Attachment:
    """What a whole upload is becomes part of its post. Raises BadPicture or NotEditable; then it is gone."""
    post = Post.objects.get(address=upload.post)
    try:
        if sniff(uploads.path_of(upload), upload.name).is_video:
            return begin(post, upload, by)
        attachment = attach_file(post, path=uploads.path_of(upload), name=upload.name, by=by)
    except BadMedia as trouble:
        uploads.refuse(upload, trouble.sentence)
        raise BadPicture(trouble.sentence) from trouble
    except PostTrouble as trouble:
        uploads.refuse(upload, trouble.sentence)
        raise
    uploads.done(upload)
    return attachment


def begin(post: Post, upload: Upload, by: User) -> Attachment:
    """It stands in the draft already, so that it can be described while it is worked on."""
    from ausrufer.posts.tasks import make_video

    with transaction.atomic():
        post = editable(post, by)
        attachment = Attachment.objects.create(
            post=post,
            position=free_place(post),
            kind=Attachment.Kind.VIDEO,
            mime="video/mp4",
            width=0,
            height=0,
            size=0,
            name=upload.name,
            upload=upload,
        )
        touch(post)
        make_video.defer(attachment=attachment.pk)
    return attachment


def make(number: int, *, is_last_try: bool = False) -> None:
    """The work of the queue. Harmless when it comes twice, or when the video was removed meanwhile.

    Raises what nobody expected, e.g. that the database went away: then it is to come again. After the last try whoever
    waits for the film is told.
    """
    attachment = Attachment.objects.select_related("upload", "post").filter(pk=number, digest="").first()
    if attachment is None or attachment.upload is None or not attachment.upload.is_open:
        return
    upload = attachment.upload
    try:
        make_of(upload)
    except BadMedia as trouble:
        refused = trouble.sentence
        films.settle(upload, lambda: uploads.refuse(upload, refused))
    except Exception:
        if is_last_try:
            films.settle(upload, lambda: uploads.refuse(upload, films.LOST))
        raise


def make_of(upload: Upload) -> None:
    """Raises BadMedia."""
    uploads.working(upload)
    made = workshop.make(
        "video",
        uploads.path_of(upload),
        Path(settings.MEDIA_FOLDER),
        upload.name,
        lambda percent: uploads.note_progress(upload, percent),
    )
    facts = {name: made[name] for name in ("digest", "width", "height", "size", "seconds", "poster")}
    # No new revision: nothing was written, and who approved the post approved this film.
    films.settle(upload, lambda: upload.attachments.filter(digest="").update(**facts))
    uploads.done(upload)
    log.info("%s: %s, %d MB of memory", upload.name, "copied" if made["copied"] else "recoded", made["memory"] >> 20)


def add_captions(attachment: Attachment, *, file: BinaryIO, name: str, language: str, by: User) -> Caption:
    """In the place of earlier ones of this language. Raises BadPicture or NotEditable."""
    try:
        digest, size = store_captions(file.read(MAX_SIZE + 1), name, Path(settings.MEDIA_FOLDER))
    except BadMedia as trouble:
        raise BadPicture(trouble.sentence) from trouble
    with transaction.atomic():
        post = editable(attachment.post, by)
        if not attachment.is_video:
            raise BadPicture(Sentence("Untertitel gibt es nur für Videos."))
        caption, _ = Caption.objects.update_or_create(
            attachment=attachment, language=language, defaults={"digest": digest, "size": size}
        )
        touch(post)
    return caption


def remove_captions(caption: Caption, *, by: User) -> None:
    with transaction.atomic():
        post = editable(caption.attachment.post, by)
        caption.delete()
        touch(post)
