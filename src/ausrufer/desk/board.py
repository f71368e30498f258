"""The receipt board: each delivery with its state, its seconds and its place on the time line, filling itself."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ausrufer.deliveries.board import Board, Row
from ausrufer.deliveries.board import board as read_board
from ausrufer.deliveries.models import Change, Release
from ausrufer.deliveries.states import Act
from ausrufer.desk.moments import minutes, seconds, unit
from ausrufer.desk.people import may_pause_channels, reader_of
from ausrufer.desk.timeline import Line, Scale, drawn, scale_of
from ausrufer.newsletter.unreached import listed
from ausrufer.posts.models import Post

QUICK, CALM, SLOW = 500, 2_000, 10_000  # milliseconds between two looks


@dataclass(frozen=True)
class ShownRow:
    row: Row
    line: Line
    may_decide: bool
    has_addresses: bool  # of whom it did not reach, for whoever may read them
    waiting_words: str  # "läuft seit 12 s", where there are no seconds yet


@dataclass(frozen=True)
class ShownChange:
    change: Change
    rows: list[ShownRow]

    @property
    def is_withdrawal(self) -> bool:
        return self.change.act == Act.WITHDRAW


@dataclass(frozen=True)
class ShownBoard:
    board: Board
    rows: list[ShownRow]
    scale: Scale
    every: int  # milliseconds until the next look; 0: nothing more will happen
    said: str  # "Threads online nach 4,2 Sekunden. 4 von 7."
    changes: list[ShownChange]
    may_change: bool

    @property
    def every_words(self) -> str:
        return f"{self.every}ms"


@require_safe
def post_page(request: HttpRequest, address: str) -> HttpResponse:
    """A post's one address at the desk: its board when it is released, else the draft."""
    post = get_object_or_404(Post, address=address)
    return redirect("board" if hasattr(post, "release") else "compose", address)


@require_safe
def board(request: HttpRequest, address: str) -> HttpResponse:
    post = get_object_or_404(Post, address=address)
    if not hasattr(post, "release"):
        return redirect("compose", address)
    return render(request, "desk/board.html", shown_for(request, address))


@require_safe
def board_now(request: HttpRequest, address: str) -> HttpResponse:
    """The cells of the board as they are at this moment; the page keeps those that did not change."""
    return render(request, "desk/board_pieces.html", {**shown_for(request, address), "pieces_only": True})


def shown_for(request: HttpRequest, address: str) -> dict[str, object]:
    releases = Release.objects.select_related("post__topic", "by", "approval", "post__author").prefetch_related(
        "changes"
    )
    release = get_object_or_404(releases, post__address=address)
    reader = reader_of(request)
    attachments = release.post.attachments.select_related("upload").prefetch_related("captions")
    awaits = any(each.is_awaited for each in attachments)
    shown = shown_board(read_board(release), may_release=reader.may_release, awaits=awaits)
    may_connect = may_pause_channels(reader)
    return {
        "shown": shown,
        "release": release,
        "post": release.post,
        "attachments": attachments,
        "may_connect": may_connect,
    }


def shown_board(read: Board, *, may_release: bool, awaits: bool = False) -> ShownBoard:
    """`awaits`: a film that is still being converted."""
    scale = scale_of(read)
    missed = [row.delivery.key for row in read.every_row if row.missed] if may_release else []
    addresses = listed(missed) if missed else set()

    def shown(row: Row) -> ShownRow:
        may_decide = may_release and bool(set(row.actions) - {"rewrite"})
        return ShownRow(
            row=row,
            line=drawn(row, scale),
            may_decide=may_decide,
            has_addresses=row.delivery.key in addresses,
            waiting_words=waiting_words(row),
        )

    return ShownBoard(
        board=read,
        rows=[shown(row) for row in read.rows],
        scale=scale,
        every=look_every(read) or (SLOW if awaits else 0),
        said=last_event(read),
        changes=[ShownChange(each.change, [shown(row) for row in each.rows]) for each in read.changes],
        may_change=may_release and not read.release.is_withdrawn,
    )


def look_every(read: Board) -> int:
    if read.all_done:
        return 0
    until_due = (read.release.starts_at - read.now).total_seconds()
    if until_due > 15:
        return SLOW
    running = max((row.seconds_open or 0.0) for row in read.every_row)
    return QUICK if running < 60 else CALM if running < 900 else SLOW


def last_event(read: Board) -> str:
    """One polite line; it changes only when something was seen, failed or was taken down."""
    if read.release.is_withdrawn:
        gone = {"gone": read.taken_back, "total": read.to_take_back}
        return _("Auf %(gone)s von %(total)s Kanälen zurückgenommen.") % gone
    counted = _("%(online)s von %(total)s.") % {"online": read.online, "total": read.total}
    seen = [row for row in read.rows if row.seconds_to_seen is not None and row.seen_at]
    if not seen:
        return ""
    last = max(seen, key=lambda row: row.seen_at or read.now)
    taken = last.seconds_to_seen or 0.0
    said = {
        "s": _("%(channel)s online nach %(spoken)s Sekunden."),
        "min": _("%(channel)s online nach %(spoken)s Minuten."),
        "h": _("%(channel)s online nach %(spoken)s Stunden."),
    }
    news = said[unit(taken)] % {"channel": last.channel, "spoken": seconds(taken)}
    failed = [row.channel for row in read.rows if row.state in ("failed", "person", "locked_out", "banned")]
    trouble = [_("%(channel)s braucht Sie.") % {"channel": name} for name in failed]
    return " ".join([news, counted, *trouble])


def waiting_words(row: Row) -> str:
    if row.seconds_open is None:
        return ""
    if row.seconds_open == 0:
        return _("noch nicht fällig")
    since = minutes(row.seconds_open) if row.seconds_open >= 120 else f"{row.seconds_open:.0f}"
    return _("seit %(since)s\u00a0%(unit)s") % {"since": since, "unit": unit(row.seconds_open)}
