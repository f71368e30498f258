"""Who is not logged in is sent to the login; a page that is open already is told so, and keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase

OF_AN_OPEN_PAGE = ("HX-Request", "Tus-Resumable")  # headers of saving, looking and uploading


class LoginRequired(LoginRequiredMiddleware):
    def handle_no_permission(  # type: ignore[override]  # the parent knows redirects only
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        """401 instead of a way: the script behind a page would follow it and take the login for its answer."""
        if any(name in request.headers for name in OF_AN_OPEN_PAGE):
            return HttpResponse(status=401)
        return super().handle_no_permission(request, view_func)
