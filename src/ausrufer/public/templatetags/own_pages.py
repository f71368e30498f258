"""Filters of the own pages' templates."""

from __future__ import annotations

import re

from django import template

from ausrufer.adapter.contract import Picture
from ausrufer.public.media import public_name

register = template.Library()


@register.filter
def tel(number: str) -> str:
    """What a telephone dials: 0651/718-0 is 06517180."""
    return re.sub(r"[^\d+]", "", number)


@register.filter
def address(picture: Picture) -> str:
    return f"/{public_name(picture)}"


@register.filter
def is_tall(picture: Picture) -> bool:
    """A picture that would fill more than a screen at the column's width."""
    return picture.height > picture.width * 1.25
