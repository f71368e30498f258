"""Tokens for programs: signed, bound to a person and to that person's password, kept nowhere."""

from __future__ import annotations

from django.core import signing
from django.utils.crypto import constant_time_compare

from ausrufer.people.models import User

SALT = "ausrufer.api"


def token_for(person: User) -> str:
    """Valid until the person's password changes or the account is closed."""
    return signing.dumps([person.pk, person.get_session_auth_hash()[:32]], salt=SALT)


def person_with(token: str) -> User | None:
    try:
        key, password = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = User.objects.filter(pk=key, is_active=True).first()
    if person is None or not constant_time_compare(person.get_session_auth_hash()[:32], str(password)):
        return None
    return person
