"""Writing: the page, saving by itself, asking for approval, publishing."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ausrufer.deliveries.publish import publish as publish_post
from ausrufer.deliveries.release import AlreadyReleased
from ausrufer.desk.compose_form import LANGUAGES, Entered, Saved, save
from ausrufer.desk.compose_page import compose_page
from ausrufer.desk.headers import arrived
from ausrufer.desk.people import reader_of
from ausrufer.desk.templatetags.desk import said
from ausrufer.people.models import User
from ausrufer.posts.asking import ask_for_approval
from ausrufer.posts.compose import start_draft
from ausrufer.posts.models import Post, Topic
from ausrufer.posts.page import written_on
from ausrufer.posts.trouble import ChangedMeanwhile, NotAllowed, NotEditable, NotReady, PostTrouble, Problem


@require_safe
def compose_new(request: HttpRequest) -> HttpResponse:
    """The person's own empty draft, or a fresh one; opening the page twice leaves no second one behind."""
    reader = reader_of(request)
    empty = Post.objects.filter(author=reader, release=None, text="", attachments=None, variants=None).first()
    try:
        post = empty or start_draft(reader)
    except NotAllowed as trouble:
        raise PermissionDenied(said(trouble.sentence)) from trouble
    return redirect("compose", post.address)


@require_http_methods(["GET", "HEAD", "POST"])
def compose(request: HttpRequest, address: str) -> HttpResponse:
    post, _reader = draft_for(request, address)
    if hasattr(post, "release"):
        return redirect("board", post.address)
    if request.method != "POST":
        return page(request, post)
    try:
        saved = saved_entries(request, post)
    except ChangedMeanwhile:
        return conflict(request, post)
    if is_htmx(request):
        return pieces(request, saved.post, saved.problems, keeps_notice=True)
    return redirect("compose", post.address) if not saved.problems else page(request, saved.post, saved.problems)


@require_POST
def publish(request: HttpRequest, address: str) -> HttpResponse:
    """Publishes exactly what the page's preview showed; entries that came later are shown first."""
    post, reader = draft_for(request, address)
    try:
        saved = saved_entries(request, post, takes_look_ups=False)
        if saved.problems or saved.has_changed:
            return look_first(request, saved)
        publish_post(saved.post, by=reader, revision=saved.post.revision, arrived=arrived(request))
    except ChangedMeanwhile:
        return conflict(request, post)
    except (AlreadyReleased, NotEditable):
        return go(request, reverse("board", args=[post.address]))
    except NotReady as trouble:
        return lacking(request, post, trouble.problems)
    except PostTrouble as trouble:
        return pieces_or_page(request, post, said(trouble.sentence), [])
    return go(request, reverse("board", args=[post.address]))


@require_POST
def ask(request: HttpRequest, address: str) -> HttpResponse:
    post, reader = draft_for(request, address)
    try:
        saved = saved_entries(request, post, takes_look_ups=False)
        if saved.problems:
            return look_first(request, saved)
        ask_for_approval(saved.post, by=reader, revision=saved.post.revision)
    except ChangedMeanwhile:
        return conflict(request, post)
    except NotReady as trouble:
        return lacking(request, post, trouble.problems)
    messages.success(request, _("Die Pressestelle sieht jetzt, dass Ihr Beitrag auf Zustimmung wartet."))
    return go(request, reverse("home"))


def draft_for(request: HttpRequest, address: str) -> tuple[Post, User]:
    """Drafts are open to the press office and to who wrote them. Raises PermissionDenied or 404."""
    reader = reader_of(request)
    post = get_object_or_404(Post.objects.select_related("author__office", "topic"), address=address)
    if not reader.may_write or not (reader.may_release or post.author_id == reader.pk):
        raise PermissionDenied(_("Diesen Entwurf dürfen nur die Pressestelle und wer ihn geschrieben hat sehen."))
    return post, reader


def saved_entries(request: HttpRequest, post: Post, *, takes_look_ups: bool = True) -> Saved:
    """If the answer is lost on the way, this page's next save is no conflict with itself."""
    with written_on(request.POST.get("page", "")):
        return save(post, request.POST, by=reader_of(request), takes_look_ups=takes_look_ups)


def page(
    request: HttpRequest, post: Post, troubles: list[Problem] | None = None, *, notice: str = "", **more: object
) -> HttpResponse:
    return render(request, "desk/compose.html", context(request, post, troubles, notice=notice, **more))


def pieces(
    request: HttpRequest, post: Post, troubles: list[Problem] | None = None, *, notice: str = "", **more: object
) -> HttpResponse:
    about = context(request, post, troubles, notice=notice, pieces_only=True, **more)
    return render(request, "desk/compose_pieces.html", about)


def context(request: HttpRequest, post: Post, troubles: list[Problem] | None, **more: object) -> dict[str, object]:
    entered = more.pop("entered", None)
    shown = compose_page(
        post,
        reader=reader_of(request),
        entered=entered if isinstance(entered, Entered) else None,
        troubles=troubles,
    )
    page_key = request.POST.get("page") or secrets.token_urlsafe(6)
    return {"page": shown, "page_key": page_key, "topics": Topic.objects.all(), "languages": LANGUAGES, **more}


def pieces_or_page(
    request: HttpRequest, post: Post, notice: str, troubles: list[Problem], **more: object
) -> HttpResponse:
    post.refresh_from_db()
    show = pieces if is_htmx(request) else page
    return show(request, post, troubles, notice=notice, **more)


def lacking(request: HttpRequest, post: Post, troubles: list[Problem]) -> HttpResponse:
    notice = _("Es fehlt noch etwas. Es steht beim Knopf.")
    return pieces_or_page(request, post, notice, troubles, is_lacking=True)


def look_first(request: HttpRequest, saved: Saved) -> HttpResponse:
    if saved.problems:
        return lacking(request, saved.post, saved.problems)
    notice = _("Die Vorschau zeigt jetzt Ihren letzten Stand. Bitte sehen Sie ihn an und bestätigen Sie noch einmal.")
    return pieces_or_page(request, saved.post, notice, [])


def conflict(request: HttpRequest, post: Post) -> HttpResponse:
    """What was typed stays on the page; what is stored is shown beside it."""
    post = Post.objects.select_related("author__office", "topic").get(pk=post.pk)
    entered = Entered.typed(request.POST)
    more: dict[str, object] = {"other": post, "entered": entered, "writes_here": has_written(request)}
    if is_htmx(request):
        return render(request, "desk/compose_conflict.html", {**more, "pieces_only": True})
    return page(request, post, **more)  # type: ignore[arg-type]


def has_written(request: HttpRequest) -> bool:
    """Whether anything differs from the page as it was opened; without a script nobody knows, so it may."""
    return request.POST.get("untouched") != "yes"


def go(request: HttpRequest, address: str) -> HttpResponse:
    if not is_htmx(request):
        return HttpResponseRedirect(address)
    response = HttpResponse()
    response["HX-Redirect"] = address
    return response


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
