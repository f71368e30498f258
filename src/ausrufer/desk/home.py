"""The first page of the day: what is wrong, what waits for me, what is due, and how fast the last posts were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from ausrufer.channels.models import Channel
from ausrufer.deliveries.models import Delivery, Release
from ausrufer.deliveries.states import DONE, Act, State
from ausrufer.desk.channel_states import ShownChannel, shown_channels
from ausrufer.desk.moments import clock, seconds, seconds_with_unit
from ausrufer.desk.people import reader_of
from ausrufer.desk.wrong import Wrong, what_is_wrong
from ausrufer.kernel.clock import local
from ausrufer.kernel.database_clock import database_now
from ausrufer.people.models import User
from ausrufer.posts.models import Post

LAST = 6  # posts in the table of seconds


@dataclass(frozen=True)
class LastRow:
    post: Post
    released_at: datetime
    seconds: list[
        tuple[str, str]
    ]  # name and seconds of each channel; "" is not chosen, "…" is open, "×" did not arrive
    open: int


@dataclass(frozen=True)
class Overview:
    now: datetime
    wrong: list[Wrong]
    asking: list[Post]  # drafts of guest authors that wait for approval
    own_drafts: list[Post]
    due: list[Release]
    channels: list[Channel]
    last: list[LastRow]
    states: list[ShownChannel]
    sentence: str


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/home.html", {"overview": overview(reader_of(request))})


def overview(reader: User) -> Overview:
    now = database_now()
    wrong, asking, due = what_is_wrong(now), asking_posts(reader), due_today(now)
    channels = list(Channel.objects.filter(is_active=True))
    last = last_rows(channels)
    drafts = Post.objects.filter(author=reader, release=None).exclude(text="").select_related("topic")
    return Overview(
        now=now,
        wrong=wrong,
        asking=asking,
        own_drafts=list(drafts.order_by("-changed_at")[:5]),
        due=due,
        channels=channels,
        last=last,
        states=shown_channels(channels, now),
        sentence=sentence(wrong, asking, due, under_way=sum(row.open > 0 for row in last)),
    )


def asking_posts(reader: User) -> list[Post]:
    if not reader.may_release:
        return []
    asking = Post.objects.filter(release=None, asked_at__isnull=False).exclude(author=reader)
    return list(asking.select_related("author__office", "topic").prefetch_related("channels").order_by("asked_at"))


def due_today(now: datetime) -> list[Release]:
    midnight = (local(now) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    releases = Release.objects.filter(due_at__gt=now, due_at__lt=midnight)
    return list(releases.select_related("post").prefetch_related("deliveries__channel").order_by("due_at"))


def last_rows(channels: list[Channel]) -> list[LastRow]:
    releases = Release.objects.filter(Q(due_at=None) | Q(due_at__lte=database_now()))
    releases = releases.select_related("post__topic").prefetch_related("deliveries").order_by("-released_at")[:LAST]
    rows = []
    for release in releases:
        by_channel: dict[int, Delivery] = {
            each.channel_id: each for each in release.deliveries.all() if each.act != Act.FOLLOW
        }
        rows.append(
            LastRow(
                post=release.post,
                released_at=release.starts_at,
                seconds=[(channel.name, cell(by_channel.get(channel.pk))) for channel in channels],
                open=sum(each.state not in DONE for each in by_channel.values()),
            )
        )
    return rows


def cell(delivery: Delivery | None) -> str:
    if delivery is None:
        return ""
    if delivery.seconds_to_seen is not None:
        taken = delivery.seconds_to_seen
        return seconds(taken) if taken < 120 else seconds_with_unit(taken)
    return "×" if delivery.state in (State.FAILED, State.LAPSED, State.WITHDRAWN) else "…"


def sentence(wrong: list[Wrong], asking: list[Post], due: list[Release], *, under_way: int) -> str:
    """What matters now, before anything is scrolled."""
    parts = []
    if wrong:
        parts.append(
            ngettext("Eine Sache stimmt nicht.", "%(number)s Dinge stimmen nicht.", len(wrong)) % {"number": len(wrong)}
        )
    if asking:
        parts.append(
            ngettext("Ein Beitrag wartet auf Sie.", "%(number)s Beiträge warten auf Sie.", len(asking))
            % {"number": len(asking)}
        )
    if under_way:
        parts.append(
            ngettext("Ein Beitrag ist noch unterwegs.", "%(number)s Beiträge sind noch unterwegs.", under_way)
            % {"number": under_way}
        )
    if due and due[0].due_at:
        parts.append(_("Der nächste geht um %(at)s Uhr hinaus.") % {"at": clock(due[0].due_at)})
    return " ".join(parts) or _("Alles ist hinaus, nichts ist offen.")
