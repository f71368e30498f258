"""Throwing a draft away, asked once more on a page of its own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ausrufer.desk.compose import draft_for
from ausrufer.desk.templatetags.desk import said
from ausrufer.kernel.database_clock import database_now
from ausrufer.posts.discard import discard
from ausrufer.posts.trouble import PostTrouble


@require_http_methods(["GET", "HEAD", "POST"])
def discard_draft(request: HttpRequest, address: str) -> HttpResponse:
    post, reader = draft_for(request, address)
    if request.method != "POST":
        if hasattr(post, "release"):
            return redirect("board", address)
        return render(request, "desk/discard.html", {"post": post, "now": database_now()})
    try:
        discard(post, by=reader)
    except PostTrouble as trouble:
        messages.error(request, said(trouble.sentence))
        return redirect("post", address)
    messages.success(request, _("Der Entwurf ist verworfen."))
    return redirect("home")
