"""A film that was approved while it was still being made: put in its place when it is there, or given up."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from django.db import transaction

from ausrufer.adapter.contract import Draft, Rendition, Video
from ausrufer.channels.models import Channel
from ausrufer.kernel.sentence import Sentence
from ausrufer.media.models import UNDER_WORK, Upload
from ausrufer.posts.models import FILM, Attachment, FrozenRendition, Post
from ausrufer.posts.render import are_carried, as_body, as_video, draft_of, from_body, without_network

# What else is to happen, in the same transaction, once a film is there or given up; `config.wiring` fills it.
when_settled: list[Callable[[Post], None]] = []

LATE = Sentence("Das Video war nicht rechtzeitig umgewandelt.")
LOST = Sentence("Das Video ließ sich nicht umwandeln.")


def settle(upload: Upload, change: Callable[[], object]) -> None:
    """Make `change`, which says what became of the upload, and see to all that was approved with its film."""
    with transaction.atomic():
        # Approvals, releases and corrections lock the post, too: each sees the film either awaited or settled.
        shown_by = Attachment.objects.filter(upload=upload).values("post")
        posts = list(Post.objects.select_for_update().filter(pk__in=shown_by).order_by("pk"))
        change()
        for post in posts:
            approved = awaiting(post, upload)
            for frozen in approved:
                put_in_place(frozen, post, upload)
            for told in when_settled if approved else ():
                told(post)


def awaiting(post: Post, upload: Upload) -> list[FrozenRendition]:
    rows = FrozenRendition.objects.filter(approval__post=post, body__videos__contains=[{"awaited": str(upload.key)}])
    return list(rows.select_related("channel"))


def put_in_place(frozen: FrozenRendition, post: Post, upload: Upload) -> None:
    """The film where it was awaited. A channel that would not take it as it became keeps the gap, and so goes on to its
    next rendition, as it does when there is none; where nothing is carried, the gap is closed. So it is where another
    film can follow the words of a crisis: there is no rendition after it."""
    made = post.attachments.filter(upload=upload).exclude(digest="").first()
    shown, key = from_body(frozen.body).videos, str(upload.key)
    carries = are_carried(without_network(frozen.channel).capabilities)
    if made and (not carries or takes(frozen.channel, as_video(made), draft_of(post))):
        videos = [placed(each, as_video(made), key) for each in shown]
    elif not carries or (frozen.rank >= FILM and len(shown) > 1):
        videos = [each for each in shown if each.awaited != key]
    else:
        return
    frozen.body = as_body(dataclasses.replace(from_body(frozen.body), videos=tuple(videos)))
    frozen.save(update_fields=["body"])


def placed(video: Video, film: Video, key: str) -> Video:
    """With the words and captions that were approved for this channel."""
    return dataclasses.replace(film, alt=video.alt, captions=video.captions) if video.awaited == key else video


def takes(channel: Channel, film: Video, draft: Draft) -> bool:
    """Whether the channel would show it, now that its size and length are known."""
    alone = dataclasses.replace(draft, pictures=(), videos=(film,))
    return any(each.videos for each in without_network(channel).render(alone))


def why_missing(rendition: Rendition, channel: Channel) -> Sentence:
    """Why this rendition, which awaits a film, cannot go out."""
    if is_being_made(rendition):
        return LATE
    if Attachment.objects.filter(upload__key__in=rendition.awaits).exclude(digest="").exists():
        return Sentence("Das Video ist für {channel} zu groß oder zu lang.", {"channel": channel.name})
    return LOST


def is_being_made(rendition: Rendition) -> bool:
    """Whether one of its films is still to come."""
    return Attachment.objects.filter(upload__key__in=rendition.awaits, upload__state__in=UNDER_WORK, digest="").exists()
