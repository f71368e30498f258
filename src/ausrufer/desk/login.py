"""Logging in, with a limit on tries that is kept in the record of acts, so that it counts for all processes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from ausrufer.desk.moments import clock
from ausrufer.kernel.database_clock import database_now
from ausrufer.people import audit
from ausrufer.people.models import AuditEntry, User

WINDOW = timedelta(minutes=5)
TRIES_FROM_ONE_PLACE = 5
TRIES_FOR_ONE_NAME = 30  # from many places; high, so that a stranger cannot easily lock Clara out at night
REFUSED = "login refused"


class LoginForm(AuthenticationForm):
    def clean(self) -> dict[str, Any]:
        username = str(self.cleaned_data.get("username", ""))
        place = place_of(self.request)
        refuse_too_many(username, place)
        try:
            return super().clean()
        except ValidationError:
            audit.record(REFUSED, about(username), by=None, place=place)
            raise

    def get_invalid_login_error(self) -> ValidationError:
        return ValidationError(
            _("Benutzername oder Passwort stimmt nicht. Bitte versuchen Sie es noch einmal."), code="invalid_login"
        )


@method_decorator(login_not_required, name="dispatch")
class Login(LoginView):
    template_name = "desk/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user = form.get_user()
        assert isinstance(user, User)
        audit.record("logged in", about(user.username), by=user)
        return super().form_valid(form)


def refuse_too_many(username: str, place: str) -> None:
    """Raises ValidationError with the time from which it may be tried again."""
    now = database_now()
    tries = AuditEntry.objects.filter(act=REFUSED, about=about(username), at__gt=now - WINDOW).order_by("-at")
    for found, most in ((tries.filter(facts__place=place), TRIES_FROM_ONE_PLACE), (tries, TRIES_FOR_ONE_NAME)):
        last = list(found.values_list("at", flat=True)[:most])
        if len(last) == most:
            again = clock(last[-1] + WINDOW + timedelta(minutes=1))
            raise ValidationError(
                _("Zu viele Versuche. Bitte warten Sie bis %(again)s Uhr.") % {"again": again}, code="too_many"
            )


def about(username: str) -> str:
    return f"login {username}"[:80]


def place_of(request: HttpRequest | None) -> str:
    """Where the try came from, so that it can be counted but not read."""
    address = request.META.get("REMOTE_ADDR", "") if request else ""
    return salted_hmac("login place", address).hexdigest()[:16]
