"""One's own account: password, and a token for programs."""

from __future__ import annotations

from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.views.decorators.http import require_http_methods

from ausrufer.desk.people import reader_of
from ausrufer.desk.tokens import token_for
from ausrufer.people import audit


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    reader, token = reader_of(request), ""
    if request.method == "POST":
        token = token_for(reader)
        audit.record("took a token", f"login {reader.username}"[:80], by=reader)
    return render(request, "desk/account.html", {"token": token})


class ChangePassword(PasswordChangeView):
    template_name = "desk/password.html"
    success_url = reverse_lazy("account")
