"""Names that a text mentions, looked up by the worker: nobody's writing waits for it, and no release does."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from ausrufer.adapter import registry
from ausrufer.adapter.contract import Draft
from ausrufer.adapter.errors import Trouble
from ausrufer.channels.connecting import platform_of
from ausrufer.channels.models import Channel
from ausrufer.kernel.database_clock import database_now
from ausrufer.posts.models import LookUp, Post
from ausrufer.posts.render import drafts, names_in

log = logging.getLogger("ausrufer.posts")

MOST = 10  # names of one text that are looked up; the others stay plain
LONGEST = 300  # characters of a name or of what it stands for
PATIENCE = timedelta(seconds=20)  # for an answer; then the name stays plain until it is asked for again
AGAIN = timedelta(minutes=1)  # after a failure
FRESH = timedelta(days=1)
KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Mentioned:
    """A name in a channel's text, and what becomes of it there."""

    name: str
    is_linked: bool
    is_open: bool  # asked for; the next save knows more


def known_now(post: Post) -> dict[str, dict[str, str]]:
    """By channel key, from what was found earlier; what nobody asked for yet is given to the worker."""
    found: dict[str, dict[str, str]] = {}
    now = database_now()
    for channel, names in asked_for(post):
        rows = {each.name: each for each in LookUp.objects.filter(channel=channel, name__in=names)}
        if known := {name: rows[name].value for name in names if name in rows and rows[name].value}:
            found[channel.key] = known
        ask(channel, [name for name in names if name not in rows or is_due(rows[name], now)], now)
    return found


def asked_for(post: Post) -> Iterator[tuple[Channel, list[str]]]:
    for channel, draft in drafts(post):
        if names := [name for name in names_in(channel, draft) if len(name) <= LONGEST][:MOST]:
            yield channel, names


def is_due(row: LookUp, now: datetime) -> bool:
    if row.answered_at is None:
        return row.asked_at < now - AGAIN
    return row.answered_at < now - FRESH


def ask(channel: Channel, names: list[str], now: datetime) -> None:
    from ausrufer.posts.tasks import look_up

    if not names:
        return
    for name in names:
        LookUp.objects.update_or_create(channel=channel, name=name, defaults={"asked_at": now, "answered_at": None})
    look_up.defer(channel=channel.pk, names=names)


def look_up(channel_id: int, names: Iterable[str]) -> None:
    """The worker's part: each name by itself. What fails stays unanswered, and a name that was known stays known."""
    channel = Channel.objects.filter(pk=channel_id, is_active=True).first()
    if channel is None or not registry.platform_class(channel.platform).capabilities.has_look_ups:
        return
    platform = platform_of(channel)
    for name in names:
        try:
            value = platform.look_up(Draft(text=name, page="")).get(name, "")
        except Trouble as trouble:
            log.info("%s: %s is not looked up: %s", channel.key, name, trouble)
            return
        row = LookUp.objects.filter(channel=channel, name=name)
        row.update(value=value if len(value) <= LONGEST else "", answered_at=database_now())


def mentioned(post: Post) -> dict[str, list[Mentioned]]:
    """What the preview says of the names, by channel key; links come from the post, as in its renditions."""
    found, now = {}, database_now()
    for channel, draft in drafts(post):
        if not (names := names_in(channel, draft)):
            continue
        known = post.known.get(channel.key, {})
        fresh = Q(answered_at__gt=now - FRESH) & ~Q(value="") | Q(answered_at=None, asked_at__gt=now - PATIENCE)
        rows = LookUp.objects.filter(fresh, channel=channel, name__in=names[:MOST])
        still = set(rows.values_list("name", flat=True))
        found[channel.key] = [Mentioned(name, name in known, name in still) for name in names]
    return found


def sweep_look_ups() -> None:
    LookUp.objects.filter(asked_at__lt=database_now() - KEPT).delete()
