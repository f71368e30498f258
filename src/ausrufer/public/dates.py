"""Days and times as they stand on a page: Europe/Berlin, in German, whatever language the process speaks."""

from __future__ import annotations

from datetime import datetime

from ausrufer.kernel.clock import local

NO_BREAK = "\u00a0"
WEEKDAYS = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"]
MONTHS = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
]


def day(moment: datetime) -> str:
    """Montag, 23. November"""
    here = local(moment)
    return f"{WEEKDAYS[here.weekday()]}, {here.day}.{NO_BREAK}{MONTHS[here.month - 1]}"


def day_with_year(moment: datetime) -> str:
    return f"{day(moment)} {local(moment).year}"


def clock(moment: datetime) -> str:
    """14:20"""
    return f"{local(moment):%H:%M}"


def clock_seconds(moment: datetime) -> str:
    """14:20:03 Uhr"""
    return f"{local(moment):%H:%M:%S}{NO_BREAK}Uhr"


def seen(moment: datetime, released_at: datetime) -> str:
    """When a copy was first seen: the time, and the day where it is not that of the release."""
    here = local(moment)
    if here.date() == local(released_at).date():
        return clock_seconds(moment)
    return f"{here.day}.{NO_BREAK}{MONTHS[here.month - 1]}, {clock_seconds(moment)}"


def stand(moment: datetime) -> str:
    """23. November, 14:26"""
    here = local(moment)
    return f"{here.day}.{NO_BREAK}{MONTHS[here.month - 1]}, {clock(moment)}"


def month(key: str) -> str:
    """November 2026, for 2026-11."""
    year, number = key.split("-")
    return f"{MONTHS[int(number) - 1]} {year}"
