"""Writing a draft. Every real change raises the revision, so that an approval can never cover what it did not see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from django.db import transaction

from ausrufer.channels.models import Channel
from ausrufer.kernel.database_clock import database_now
from ausrufer.kernel.sentence import Sentence
from ausrufer.kernel.text import is_writable, normal
from ausrufer.people.models import User
from ausrufer.posts import look_ups
from ausrufer.posts.models import Post, Topic, Variant
from ausrufer.posts.page import knows, sign
from ausrufer.posts.trouble import ChangedMeanwhile, NotAllowed, NotEditable, NotReady, Problem

LONGEST = 20_000  # characters; far above every platform's limit
FARTHEST = timedelta(days=5 * 365)  # of a due time

WHEN_LONG = ("shorten", "chain")


def start_draft(author: User) -> Post:
    """An empty draft whose address on the own pages is already its own. Raises NotAllowed."""
    if not author.may_write:
        raise NotAllowed("Sie dürfen keine Beiträge schreiben.")
    now = database_now()
    with transaction.atomic():
        post = Post.objects.create(author=author, created_at=now, changed_at=now)
        post.channels.set(Channel.objects.filter(is_active=True, chosen_by_default=True))
    return post


def save_draft(
    post: Post,
    *,
    by: User,
    revision: int,
    text: str,
    topic: Topic | None,
    channels: Iterable[Channel],
    language: str = "de",
    urgent: bool | None = None,
    variants: Mapping[str, str] | None = None,
    when_long: Mapping[str, str] | None = None,
    warning: str | None = None,
    due_at: datetime | None = None,
    useful_until: datetime | None = None,
    takes_look_ups: bool = True,
) -> Post:
    """The post as saved. `urgent` None takes it from the topic; `variants` are texts by channel key, "" removes one;
    `when_long` says shorten or chain by channel key, "" leaves it to the channel's default. `takes_look_ups` False
    keeps what the preview showed, however much was found since.

    Raises ChangedMeanwhile when others changed the post since `revision`, NotReady for what cannot be kept,
    NotEditable or NotAllowed; then nothing is saved.
    """
    if unfit := [*unfit_texts(text, variants or {}), *unfit_time(due_at)]:
        raise NotReady(unfit)
    with transaction.atomic():
        post = editable(post, by)
        if not knows(post, revision):
            raise ChangedMeanwhile
        before = fingerprint(post)
        post.text, post.topic, post.language = normal(text), topic, language
        post.urgent = bool(topic and topic.is_crisis) if urgent is None else urgent
        post.due_at, post.useful_until = due_at, useful_until
        post.channels.set(channels)
        post.warning = post.warning if warning is None else " ".join(warning.split())[:100]
        write_variants(post, variants or {}, when_long or {})
        if takes_look_ups:
            post.known = look_ups.known_now(post)
        if fingerprint(post) != before:
            sign(post)
            post.revision += 1
            post.changed_at = database_now()
            post.save()
    return post


def unfit_texts(text: str, variants: Mapping[str, str]) -> Iterator[Problem]:
    for field, words in (("text", text), *((f"channel:{key}", words) for key, words in variants.items())):
        if not is_writable(words):
            yield Problem(field, Sentence("Der Text enthält Zeichen, die keine sind. Bitte neu eintippen."))
        elif len(words) > LONGEST:
            yield Problem(field, Sentence("Der Text ist länger als 20.000 Zeichen. Bitte kürzen."))


def unfit_time(due_at: datetime | None) -> Iterator[Problem]:
    if due_at and due_at > database_now() + FARTHEST:
        yield Problem("due_at", Sentence("Der Zeitpunkt liegt mehr als fünf Jahre voraus. Bitte einen früheren."))


def editable(post: Post, by: User) -> Post:
    """The post, locked for this transaction. Raises NotEditable or NotAllowed."""
    locked = Post.objects.select_for_update().get(pk=post.pk)
    if hasattr(locked, "release"):
        raise NotEditable("Dieser Beitrag ist schon freigegeben und kann nicht mehr geändert werden.")
    if not by.may_write or not (by.may_release or locked.author_id == by.pk):
        raise NotAllowed("Diesen Beitrag dürfen nur die Pressestelle und wer ihn geschrieben hat ändern.")
    return locked


def write_variants(post: Post, variants: Mapping[str, str], when_long: Mapping[str, str]) -> None:
    """What is not named stays as it is; a variant that says nothing any more is removed."""
    keys = {*variants, *when_long}
    stored = {each.channel_id: each for each in post.variants.all()}
    for channel in Channel.objects.filter(key__in=keys):
        found = stored.get(channel.pk) or Variant(post=post, channel=channel)
        found.text = normal(variants.get(channel.key, found.text))
        chosen = when_long.get(channel.key, found.when_long)
        found.when_long = chosen if chosen in WHEN_LONG and chosen != channel.when_long else ""
        if found.text or found.when_long:
            found.save()
        elif found.pk:
            found.delete()


def fingerprint(post: Post) -> tuple[object, ...]:
    return (
        post.text,
        post.topic_id,
        post.language,
        post.warning,
        post.known,
        post.urgent,
        post.due_at,
        post.useful_until,
        tuple(sorted(post.channels.values_list("pk", flat=True))),
        tuple(sorted(post.variants.values_list("channel_id", "text", "when_long"))),
    )
