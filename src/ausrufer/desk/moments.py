"""Times and seconds as people read them here: Europe/Berlin, comma decimals, numbers kept with their unit."""

from __future__ import annotations

from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ausrufer.kernel.clock import local

NO_BREAK = "\u00a0"


def clock(moment: datetime) -> str:
    """14:20"""
    return f"{local(moment):%H:%M}"


def clock_seconds(moment: datetime) -> str:
    """14:20:03"""
    return f"{local(moment):%H:%M:%S}"


def clock_tenths(moment: datetime) -> str:
    """14:20:02,6"""
    here = local(moment)
    return f"{here:%H:%M:%S}{decimal_sign()}{here.microsecond // 100_000}"


def day(moment: datetime) -> str:
    """Montag, 23. November"""
    # Translators: Django's date format for a weekday with day and month.
    return str(date_format(local(moment), _("l, j. F"))).replace(". ", f".{NO_BREAK}")


def day_and_clock(moment: datetime, now: datetime) -> str:
    """14:20 today; 23. November, 14:20 on another day."""
    if local(moment).date() == local(now).date():
        return clock(moment)
    # Translators: Django's date format for day and month.
    date = date_format(local(moment), _("j. F"))
    return f"{date}, {clock(moment)}".replace(". ", f".{NO_BREAK}")


def seconds(value: float) -> str:
    """0,4 · 21 · 2:05 · 3:02:05 without its unit: tenths matter below ten seconds."""
    if value < 9.95:
        return f"{value:.1f}".replace(".", decimal_sign())
    return f"{value:.0f}" if value < 120 else minutes(value)


def seconds_with_unit(value: float) -> str:
    return f"{seconds(value)}{NO_BREAK}{unit(value)}"


def unit(value: float) -> str:
    """Of what `seconds` gives."""
    return "s" if value < 120 else "min" if value < 3600 else "h"


def minutes(value: float) -> str:
    """2:05; hours where there are some: 3:02:05."""
    whole = int(value)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def decimal_sign() -> str:
    return "." if (get_language() or "de").startswith("en") else ","
