"""Filters of the own pages' templates."""

from __future__ import annotations

import re

from django import template
from django.utils.translation import get_language_info

from ausrufer.adapter.contract import Picture, Video
from ausrufer.public.media import public_name, small_name

register = template.Library()


@register.filter
def tel(number: str) -> str:
    """What a telephone dials: 0651/718-0 is 06517180."""
    return re.sub(r"[^\d+]", "", number)


@register.filter
def address(picture: Picture) -> str:
    return f"/{public_name(picture)}"


@register.filter
def small_address(picture: Picture) -> str:
    """ "" while there is no smaller size."""
    name = small_name(picture)
    return f"/{name}" if name else ""


@register.filter
def language_name(code: str) -> str:
    """In its own words: "Deutsch", "English"."""
    try:
        return str(get_language_info(code)["name_local"]).capitalize()
    except KeyError:
        return code


@register.filter
def is_tall(picture: Picture | Video) -> bool:
    """A picture that would fill more than a screen at the column's width."""
    return picture.height > picture.width * 1.25
