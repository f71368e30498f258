"""Times and seconds as people read them here: Europe/Berlin, comma decimals, numbers kept with their unit."""

from __future__ import annotations

from datetime import date as date_of
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
    return day_and_time(moment, now, clock(moment))


def day_and_tenths(moment: datetime, now: datetime) -> str:
    return day_and_time(moment, now, clock_tenths(moment))


def day_and_time(moment: datetime, now: datetime, time: str) -> str:
    return time if is_today(moment, now) else f"{date(moment, now)}, {time}"


def at(moment: datetime, now: datetime) -> str:
    """um 14:20 today; am 23. November um 14:20 on another day."""
    return at_time(moment, now, clock(moment))


def at_seconds(moment: datetime, now: datetime) -> str:
    return at_time(moment, now, clock_seconds(moment))


def at_tenths(moment: datetime, now: datetime) -> str:
    return at_time(moment, now, clock_tenths(moment))


def at_time(moment: datetime, now: datetime, time: str) -> str:
    if is_today(moment, now):
        return _("um %(time)s") % {"time": time}
    return _("am %(date)s um %(time)s") % {"date": date(moment, now), "time": time}


def is_today(moment: datetime, now: datetime) -> bool:
    return local(moment).date() == local(now).date()


def date(moment: datetime, now: datetime) -> str:
    """23. November; 23. November 2025 in another year."""
    # Translators: Django's date formats for day and month, without and with the year.
    layout = _("j. F") if local(moment).year == local(now).year else _("j. F Y")
    return str(date_format(local(moment), layout)).replace(". ", f".{NO_BREAK}")


def in_readers_form(words: str) -> str:
    """ "26 Nov, 00:08" for the core's "26.11. 00:08"; a time or number alone is the same for everybody."""
    if " " not in words:
        return words
    number, month, time = words.replace(". ", ".").split(".")
    # Translators: Django's short date format for day and month.
    day_of_year = str(date_format(date_of(2000, int(month), int(number)), _("j. M")))
    return f"{day_of_year.replace(' ', NO_BREAK)}, {time}"


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
