"""What every answer of the desk carries, and the moment every request came in."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# `data:` is for the pictograms inside KERN's stylesheet.
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "media-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
ARRIVED = "ausrufer.arrived"


class DeskHeaders:
    """Stands first, so that the seconds on a receipt begin before anything else is done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.META.setdefault(ARRIVED, time.monotonic())  # the server may have stamped it earlier
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", POLICY)
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if not request.path.startswith("/static/"):
            response.setdefault("Cache-Control", "no-store")
        return response


def arrived(request: HttpRequest) -> float | None:
    """`time.monotonic()` when the request came in."""
    moment: float | None = request.META.get(ARRIVED)
    return moment
