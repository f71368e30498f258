"""/healthz: the truth about database, dispatcher, worker, stream and public folder."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from ausrufer.deliveries.health import health


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when all is well, 503 otherwise. Texts of posts are shown to nobody who is not logged in."""
    found = health()
    seen = {"well": found.is_well, "parts": found.parts, "alarms": found.alarms}
    return JsonResponse(seen, status=200 if found.is_well else 503)
