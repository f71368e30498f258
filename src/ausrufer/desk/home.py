"""The first page of the day: what is wrong, what waits for me, what is due, and how fast the last posts were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from ausrufer.channels.models import Channel
from ausrufer.deliveries.carrying import by_hand, forgotten, to_carry
from ausrufer.deliveries.models import Delivery, Release
from ausrufer.deliveries.states import DONE, Act, State
from ausrufer.desk.channel_states import ShownChannel, shown_channels
from ausrufer.desk.moments import clock, day_and_clock, seconds_with_unit
from ausrufer.desk.people import reader_of
from ausrufer.desk.wrong import Wrong, what_is_wrong
from ausrufer.kernel.clock import local
from ausrufer.kernel.database_clock import database_now
from ausrufer.people.models import User
from ausrufer.posts.models import Post

LAST = 6  # posts in the table of seconds
OPEN = Delivery.objects.filter(release=OuterRef("pk")).exclude(state__in=DONE)
PLANNED = 10  # posts shown; the list has the others


@dataclass(frozen=True)
class LastRow:
    release: Release
    seconds: list[tuple[str, str]]  # name and seconds of each channel; "" not chosen, "…" open, "×" did not arrive
    open: int  # channels where something is open, a correction or withdrawal, too


@dataclass(frozen=True)
class Overview:
    now: datetime
    wrong: list[Wrong]
    to_carry: list[Delivery]  # by hand, to a channel that a person serves
    asking: list[Post]  # drafts of guest authors that wait for approval
    own_drafts: list[Post]
    planned: list[Release]  # the next ones
    planned_in_all: int
    channels: list[Channel]  # those that one of the last posts went to
    last: list[LastRow]
    states: list[ShownChannel]
    sentence: str


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/home.html", {"overview": overview(reader_of(request))})


def overview(reader: User) -> Overview:
    now = database_now()
    wrong, asking, planned = what_is_wrong(now), asking_posts(reader), planned_releases(now)
    carried = list(to_carry().exclude(forgotten(now))) if reader.may_release else []
    mending = sum(each.act == Act.CORRECT for each in carried)
    channels = list(Channel.objects.filter(is_active=True))
    last, used = last_rows(channels)
    drafts = Post.objects.filter(author=reader, release=None).exclude(text="").select_related("topic")
    return Overview(
        now=now,
        wrong=wrong,
        to_carry=carried,
        asking=asking,
        own_drafts=list(drafts.order_by("-changed_at")[:5]),
        planned=list(planned[:PLANNED]),
        planned_in_all=planned.count(),
        channels=used,
        last=last,
        states=shown_channels(channels, now),
        sentence=sentence(
            wrong=len(wrong),
            to_carry=len(carried) - mending,
            to_mend=mending,
            asking=len(asking),
            asked=0 if reader.may_release else drafts.exclude(asked_at=None).count(),
            under_way=releases_under_way(now).count(),
            next_at=next_words(planned, now),
            any_out=bool(last),
        ),
    )


def asking_posts(reader: User) -> list[Post]:
    if not reader.may_release:
        return []
    asking = Post.objects.filter(release=None, asked_at__isnull=False).exclude(author=reader)
    return list(asking.select_related("author__office", "topic").prefetch_related("channels").order_by("asked_at"))


def planned_releases(now: datetime) -> QuerySet[Release]:
    releases = Release.objects.filter(Exists(OPEN), due_at__gt=now).exclude(changes__act=Act.WITHDRAW)
    releases = releases.select_related("post").prefetch_related("deliveries__channel", "changes")
    return releases.order_by("due_at")


def releases_under_way(now: datetime) -> QuerySet[Release]:
    by_itself = OPEN.exclude(by_hand())
    return Release.objects.filter(Exists(by_itself), Q(due_at=None) | Q(due_at__lte=now))


def last_rows(channels: list[Channel]) -> tuple[list[LastRow], list[Channel]]:
    """The rows, and the channels that are their columns: a channel that none of them went to has none."""
    releases = Release.objects.filter(Q(due_at=None) | Q(due_at__lte=database_now()))
    releases = (
        releases.select_related("post__topic").prefetch_related("deliveries", "changes").order_by("-released_at")[:LAST]
    )
    published = {
        release: {each.channel_id: each for each in release.deliveries.all() if each.act == Act.PUBLISH}
        for release in releases
    }
    used = [channel for channel in channels if any(channel.pk in each for each in published.values())]
    rows = [
        LastRow(
            release=release,
            seconds=[(channel.name, cell(by_channel.get(channel.pk))) for channel in used],
            open=len({each.channel_id for each in release.deliveries.all() if each.state not in DONE}),
        )
        for release, by_channel in published.items()
    ]
    return rows, used


def cell(delivery: Delivery | None) -> str:
    if delivery is None:
        return ""
    if delivery.seconds_to_seen is not None:
        return seconds_with_unit(delivery.seconds_to_seen)
    return "×" if delivery.state in (State.FAILED, State.LAPSED, State.WITHDRAWN) else "…"


def sentence(
    *, wrong: int, to_carry: int, to_mend: int, asking: int, asked: int, under_way: int, next_at: str, any_out: bool
) -> str:
    """What matters now, before anything is scrolled; `asking` are others who wait for the reader, `asked` her own."""
    counted = [
        (wrong, ngettext("Eine Sache stimmt nicht.", "%(number)s Dinge stimmen nicht.", wrong)),
        (
            to_carry,
            ngettext("Ein Text ist von Hand zu übertragen.", "%(number)s Texte sind von Hand zu übertragen.", to_carry),
        ),
        (
            to_mend,
            ngettext(
                "Ein Beitrag ist von Hand zu berichtigen.", "%(number)s Beiträge sind von Hand zu berichtigen.", to_mend
            ),
        ),
        (asking, ngettext("Ein Beitrag wartet auf Sie.", "%(number)s Beiträge warten auf Sie.", asking)),
        (
            asked,
            ngettext("Ihr Beitrag wartet auf Zustimmung.", "%(number)s Ihrer Beiträge warten auf Zustimmung.", asked),
        ),
        (under_way, ngettext("Ein Beitrag ist noch unterwegs.", "%(number)s Beiträge sind noch unterwegs.", under_way)),
    ]
    parts = [words % {"number": number} for number, words in counted if number]
    nothing = _("Alles ist hinaus, nichts ist offen.") if any_out else _("Nichts ist offen.")
    return " ".join([*parts, *([next_at] if next_at else [])]) or nothing


def next_words(planned: QuerySet[Release], now: datetime) -> str:
    first = planned.first()
    if first is None or first.due_at is None:
        return ""
    if local(first.due_at).date() == local(now).date():
        return _("Der nächste geht um %(at)s Uhr hinaus.") % {"at": clock(first.due_at)}
    return _("Der nächste geht am %(at)s Uhr hinaus.") % {"at": day_and_clock(first.due_at, now)}
