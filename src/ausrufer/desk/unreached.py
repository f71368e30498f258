"""Whom a newsletter did not reach, by address: for the press office, and every look at it is on record."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ausrufer.deliveries.models import Delivery
from ausrufer.desk.people import reader_of
from ausrufer.newsletter.subscribers import LISTS
from ausrufer.newsletter.unreached import listed, unreached
from ausrufer.people import audit

SHOWN = 500  # addresses; whoever has more has another trouble than single mailboxes


@require_safe
def unreached_addresses(request: HttpRequest, address: str, key: UUID) -> HttpResponse:
    reader = reader_of(request)
    if not reader.may_release:
        raise PermissionDenied(_("Die Adressen der Bürgerinnen und Bürger sieht nur die Pressestelle."))
    deliveries = Delivery.objects.select_related("channel", "release__post")
    delivery = get_object_or_404(deliveries, key=key, release__post__address=address)
    left = unreached(key)
    shown, number = list(left[:SHOWN]), left.count()
    # The record is for good and the list is not: it says how many were shown, never who.
    audit.record("read addresses", f"delivery {key}", by=reader, post=address, number=len(shown))
    about = {"delivery": delivery, "post": delivery.release.post, "shown": shown, "number": number}
    kept = {"is_listed": bool(listed([key])), "days": LISTS.days}
    return render(request, "desk/unreached.html", {**about, **kept})
