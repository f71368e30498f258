"""Correcting and withdrawing a released post: what will happen on each channel is said before the button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ausrufer.deliveries import changes, reach
from ausrufer.deliveries.board import is_own
from ausrufer.deliveries.models import Change, Release
from ausrufer.deliveries.states import Act
from ausrufer.desk.compose import is_htmx
from ausrufer.desk.headers import arrived
from ausrufer.desk.people import reader_of
from ausrufer.desk.previews import Preview, preview
from ausrufer.desk.templatetags.desk import said
from ausrufer.posts.models import Post
from ausrufer.posts.trouble import PostTrouble


@dataclass(frozen=True)
class ShownReach:
    channel: str
    words: str
    needs_hand: bool
    had_own_words: bool  # a correction puts the common text in their place
    size: str = ""  # "gekürzt mit Link, 243 von 300", where not all of it fits


@dataclass(frozen=True)
class ShownCorrection:
    post: Post
    previews: list[Preview]
    cut: str  # what the person has looked at, should anything be cut
    is_looking_up: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, address: str) -> HttpResponse:
    release = released(request, address)
    if release.changes.filter(act=Act.WITHDRAW).exists():
        return too_late(request, address)
    text, reason = request.POST.get("text", changes.shown_text(release)), request.POST.get("reason", "")
    entered, trouble = {"text": text, "reason": reason}, ""
    if is_htmx(request):  # somebody is typing
        return render(request, "desk/correct_pieces.html", {**foreseen(release, **entered), "pieces_only": True})
    if request.method == "POST":
        about: dict[str, Any] = {**entered, "seen": request.POST.get("seen", ""), "arrived": arrived(request)}
        trouble = tried(lambda: changes.correct(release, by=reader_of(request), **about))
        if not trouble:
            messages.success(request, what_follows(release))
            return redirect("board", address)
    return page(request, release, Act.CORRECT, trouble, entered, foreseen(release, **entered))


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, address: str) -> HttpResponse:
    release, reason, trouble = released(request, address), request.POST.get("reason", ""), ""
    if request.method != "POST" and release.changes.filter(act=Act.WITHDRAW).exists():
        return too_late(request, address)
    if request.method == "POST":
        trouble = tried(
            lambda: changes.withdraw(release, reason=reason, by=reader_of(request), arrived=arrived(request))
        )
        if not trouble:
            messages.success(request, _("Der Beitrag wird zurückgenommen."))
            return redirect("board", address)
    found = reach.reaches(release, Act.WITHDRAW)
    about = {"reached": [shown_reach(each) for each in found], "was_nowhere": reach.was_nowhere(found)}
    return page(request, release, Act.WITHDRAW, trouble, {"reason": reason}, about)


def too_late(request: HttpRequest, address: str) -> HttpResponse:
    messages.error(request, said(changes.AlreadyWithdrawn().sentence))
    return redirect("board", address)


def what_follows(release: Release) -> str:
    if release.deliveries.filter(change__isnull=False, change=release.changes.last()).exists():
        return _("Die Berichtigung geht hinaus.")
    return _("Der neue Text gilt. Der alte war noch nirgends zu sehen.")


def released(request: HttpRequest, address: str) -> Release:
    if not reader_of(request).may_release:
        raise PermissionDenied(_("Berichtigen und zurücknehmen darf nur die Pressestelle."))
    return get_object_or_404(Release.objects.select_related("post"), post__address=address)


def tried(act: Callable[[], Change]) -> str:
    """The sentence of what stands against it; "" when it is done."""
    try:
        act()
    except PostTrouble as trouble:
        return said(trouble.sentence)
    return ""


def foreseen(release: Release, *, text: str, reason: str) -> dict[str, object]:
    """What each channel will say, and beside its name whether all of it fits."""
    plan = changes.planned(release, text=text, reason=reason)
    previews = {each.channel.key: preview(each, (), ()) for each in plan.shown}
    reached = [shown_reach(each, previews.get(each.channel.key)) for each in reach.reaches(release, Act.CORRECT)]
    return {"page": ShownCorrection(release.post, list(previews.values()), plan.cut), "reached": reached}


def page(
    request: HttpRequest, release: Release, act: Act, trouble: str, entered: dict[str, str], about: dict[str, object]
) -> HttpResponse:
    about = {**about, "release": release, "post": release.post, "trouble": trouble, "entered": entered}
    return render(request, f"desk/{act}.html", about, status=422 if trouble else 200)


def shown_reach(reached: reach.Reach, seen: Preview | None = None) -> ShownReach:
    return ShownReach(
        channel=named(reached),
        words=words(reached.way, is_own=is_own(reached.delivery)),
        needs_hand=reached.way in ("by_hand", "task"),
        had_own_words=bool(reached.own_words) and reached.way in reach.CORRECTED,
        size=seen.size if seen and seen.rendition.wording == "shortened" else "",
    )


def named(reached: reach.Reach) -> str:
    if reached.delivery.act == Act.CORRECT:
        return _("%(channel)s, Berichtigung") % {"channel": reached.channel.name}
    return reached.channel.name


def words(way: str, *, is_own: bool) -> str:
    if way == "by_hand":
        return _("geht nicht von hier: bitte dort von Hand")
    if way == "withdraw" and is_own:
        return _("die Seite bleibt und nennt den Grund")
    return {
        "edit": _("wird dort geändert"),
        "replace": _("geht gleich mit dem neuen Text hinaus"),
        "task": _("bitte dort von Hand; die Aufgabe steht danach in der Übersicht"),
        "stays": _("ist verschickt und bleibt, wie es ist"),
        "reply": _("Antwort unter dem Beitrag: „Berichtigung: …“"),
        "withdraw": _("wird dort gelöscht"),
        "lapse": _("geht nicht mehr hinaus"),
        "break_off": _("wird abgebrochen; was schon verschickt ist, bleibt"),
    }[way]
