"""All posts: searching, filtering, paging."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ausrufer.deliveries.carrying import by_hand, forgotten, needed_no_more
from ausrufer.deliveries.models import Change, Delivery
from ausrufer.deliveries.states import DONE, Act, State
from ausrufer.desk.people import reader_of
from ausrufer.kernel.database_clock import database_now
from ausrufer.people.models import User
from ausrufer.posts.models import Post, Topic
from ausrufer.posts.search import matching

A_PAGE = 20
STATES = {
    "drafts": _("Entwürfe"),
    "due": _("geplant"),
    "open": _("unterwegs"),
    "wrong": _("stimmt nicht"),
    "done": _("erledigt"),
    "withdrawn": _("zurückgenommen"),
}

DELIVERIES = Delivery.objects.filter(release__post=OuterRef("pk"))
OPEN = Exists(DELIVERIES.exclude(state__in=DONE))
CHANGES = Change.objects.filter(release__post=OuterRef("pk"))
WITHDRAWN = Exists(CHANGES.filter(act=Act.WITHDRAW))
CORRECTED = Subquery(CHANGES.filter(act=Act.CORRECT).order_by("-number").values("after")[:1])


@dataclass(frozen=True)
class Found:
    page: Page[Post]
    words: str
    state: str
    topic: str
    query: str  # for the links to other pages, without the page's number


@require_safe
def posts(request: HttpRequest) -> HttpResponse:
    found = find(request, reader_of(request))
    about = {"found": found, "states": STATES.items(), "topics": Topic.objects.all(), "now": database_now()}
    return render(request, "desk/posts.html", about)


def find(request: HttpRequest, reader: User) -> Found:
    words = request.GET.get("q", "").strip()[:200]
    state, topic = request.GET.get("state", ""), request.GET.get("topic", "")
    rows = in_state(readable(reader), state)
    if topic:
        rows = rows.filter(topic__key=topic)
    rows = matching(rows.annotate(corrected=CORRECTED), words, also="corrected")
    rows = rows.select_related("topic", "author__office", "release").prefetch_related("release__changes")
    by_person = DELIVERIES.filter(by_hand()).exclude(needed_no_more())
    by_itself = DELIVERIES.exclude(state__in=DONE).exclude(by_hand())
    chosen: QuerySet[Post] = rows.order_by("-changed_at", "-id").annotate(
        is_open=Exists(by_itself), is_wrong=wrong(), is_by_hand=Exists(by_person)
    )
    parameters = request.GET.copy()
    parameters.pop("page", None)
    page = Paginator(chosen, A_PAGE).get_page(request.GET.get("page"))
    return Found(page, words, state, topic, parameters.urlencode())


def readable(reader: User) -> QuerySet[Post]:
    """Everybody reads what is released; drafts are open to the press office and to who wrote them."""
    written = Post.objects.exclude(release=None, text="", attachments=None)
    if reader.may_release:
        return written
    return written.filter(Q(release__isnull=False) | Q(author=reader))


def in_state(found: QuerySet[Post], state: str) -> QuerySet[Post]:
    is_due = Q(release__due_at__gt=database_now()) & ~Q(WITHDRAWN)
    match state:
        case "drafts":
            return found.filter(release=None)
        case "due":
            return found.filter(is_due)
        case "open":
            return found.filter(~is_due, OPEN)
        case "wrong":
            return found.filter(wrong())
        case "done":
            return found.filter(~OPEN, release__isnull=False)
        case "withdrawn":
            return found.filter(WITHDRAWN)
    return found


def wrong() -> Exists:
    """What somebody has to mend; to carry it over by hand is a task, and wrong only when it was forgotten."""
    task = by_hand() & ~forgotten(database_now())
    nobody_waits = needed_no_more() & (Q(state=State.FAILED) | by_hand())
    return Exists(DELIVERIES.filter(state__in=[State.UNCLEAR, State.FAILED]).exclude(task).exclude(nobody_waits))
