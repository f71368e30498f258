"""The frame around every page: whose desk it is, and where one can go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from ausrufer.concept.models import Concept

register = template.Library()


@dataclass(frozen=True)
class Entry:
    name: str
    address: str
    is_current: bool


@register.simple_tag
def city_name() -> str:
    concept = Concept.objects.first()
    return str(concept.facts.get("organisation", {}).get("name", "")) if concept else ""


@register.simple_tag(takes_context=True)
def navigation(context: dict[str, Any]) -> list[Entry]:
    """Only what this person may open."""
    request = context["request"]
    here = request.resolver_match.url_name if request.resolver_match else ""
    names = {"home": _("Übersicht"), "compose_new": _("Schreiben"), "posts": _("Beiträge"), "channels": _("Kanäle")}
    if not request.user.may_write:
        del names["compose_new"]
    parts = {"compose": "compose_new", "publish": "compose_new", "discard": "compose_new"}
    return [Entry(name, reverse(route), parts.get(here, here) == route) for route, name in names.items()]
