"""Who is at the desk, and what they may do there."""

from __future__ import annotations

from django.http import HttpRequest

from ausrufer.people.models import Role, User


def reader_of(request: HttpRequest) -> User:
    """The person who is logged in; every page but the public ones demands it (LoginRequiredMiddleware)."""
    assert isinstance(request.user, User)
    return request.user


def may_pause_channels(person: User) -> bool:
    return person.role in (Role.EDITOR, Role.ADMIN)
