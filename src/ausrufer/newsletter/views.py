"""/abo: the page behind every letter's link. Looking at it changes nothing, since link scanners look, too."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ausrufer.newsletter import subscribers
from ausrufer.newsletter.models import Subscriber


@csrf_exempt  # mail programs post without a visit before (RFC 8058); the token is the right to do it
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def subscription(request: HttpRequest, token: str) -> HttpResponse:
    """POST ends it, or confirms it when the page's own button says so."""
    known = Subscriber.objects.filter(token=token).first()
    if known is None:
        return render(request, "newsletter/unknown.html", status=404)
    if request.method == "POST":
        subscribers.confirm(token) if "confirm" in request.POST else subscribers.unsubscribe(token)
        known.refresh_from_db()
    return render(request, "newsletter/subscription.html", {"subscriber": known})


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """For the crisis mails, which are the same for all: the personal link comes by mail."""
    if request.method == "POST":
        subscribers.ask_for_link(request.POST.get("address", "")[:254])
    return render(request, "newsletter/link.html", {"is_asked": request.method == "POST"})
