"""Connecting: a person agrees, the code becomes a token of an hour, and that one of 60 days (sheet, section 2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from ausrufer.adapter.contract import Connection, Field, Profile
from ausrufer.adapter.errors import LockedOut, Rejected, Trouble
from ausrufer.adapter.http import Answer, Http
from ausrufer.kernel.clock import utc_now
from ausrufer.platforms.threads.reading import reads_any

NAME = "Threads"
API = "https://graph.threads.net"
DIALOG = "https://threads.net"
SCOPES = (
    "threads_basic,threads_content_publish,threads_delete,threads_read_replies,threads_manage_replies,"
    "threads_manage_insights"
)
YOUNGEST = timedelta(hours=24)  # before, Meta does not refresh
FIELDS = (
    Field("handle", "Name des Kontos", "Ohne @, z. B. stadt_trier", is_required=False),
    Field("app_id", "Threads-App-ID", "Im Meta-Dashboard unter „Use cases“; nicht die Facebook-App-ID."),
    Field("app_secret", "Threads-App-Geheimnis", "Steht neben der Threads-App-ID.", is_secret=True),
    Field(
        "access_token",
        "Zugangsschlüssel",
        "Nur wenn er im Meta-Dashboard erzeugt wurde; sonst entsteht er beim Verbinden.",
        is_secret=True,
        is_required=False,
    ),
)


def connect_url(settings: Mapping[str, Any], redirect: str, state: str) -> str:
    asked = {"client_id": str(settings.get("app_id", "")), "redirect_uri": redirect, "scope": SCOPES}
    asked |= {"response_type": "code", "state": state}
    return f"{base(settings, DIALOG)}/oauth/authorize?{urlencode(asked)}"


def connected(
    http: Http, settings: Mapping[str, Any], secrets: Mapping[str, str], answer: Mapping[str, str], redirect: str
) -> Connection:
    """Raises Rejected, LockedOut or TryLater."""
    code = answer.get("code", "").removesuffix("#_")
    if not code:
        raise Rejected("Threads wurde nicht erlaubt, zu veröffentlichen.", diagnostic=str(answer.get("error", "")))
    asked = {"client_id": str(settings.get("app_id", "")), "client_secret": secrets.get("app_secret", "")}
    asked |= {"code": code, "grant_type": "authorization_code", "redirect_uri": redirect}
    where = f"{base(settings, API)}/oauth/access_token"
    short = token_in(http.ask("POST", where, data=asked, platform=NAME, reads=reads_code))[0]
    asked = {"grant_type": "th_exchange_token", "client_secret": secrets.get("app_secret", ""), "access_token": short}
    where = f"{base(settings, API)}/access_token"
    return connection(settings, secrets, http.ask("GET", where, params=asked, platform=NAME, reads=reads_any))


def renewed(http: Http, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> Connection:
    """A token younger than a day stays as it is: Meta would refuse. Raises LockedOut when it has expired."""
    issued = moment(secrets.get("issued_at"))
    if issued and utc_now() - issued < YOUNGEST:
        return Connection(settings, secrets, moment(secrets.get("expires_at")))
    asked = {"grant_type": "th_refresh_token", "access_token": secrets.get("access_token", "")}
    where = f"{base(settings, API)}/refresh_access_token"
    return connection(settings, secrets, http.ask("GET", where, params=asked, platform=NAME, reads=reads_any))


def connection(settings: Mapping[str, Any], secrets: Mapping[str, str], answer: Answer) -> Connection:
    token, seconds = token_in(answer)
    now = utc_now()
    expires = now + timedelta(seconds=seconds)
    fresh = {"access_token": token, "issued_at": now.isoformat(), "expires_at": expires.isoformat()}
    return Connection(settings, {**secrets, **fresh}, expires)


def token_in(answer: Answer) -> tuple[str, int]:
    """The token, and the seconds it lives."""
    body = answer.json()
    if not isinstance(body, dict) or not isinstance(body.get("access_token"), str):
        raise answer.broken("{platform} antwortet unverständlich.", "no token")  # never the body: it may hold one
    seconds = body.get("expires_in")
    return body["access_token"], seconds if isinstance(seconds, int) else 3600


def reads_code(answer: Answer) -> Trouble | None:
    """Flat, without an `error` object."""
    said = answer.peek().get("error_message")
    if answer.status == 400 and said:
        return LockedOut(
            "Die Erlaubnis von Threads gilt nicht mehr. Bitte noch einmal verbinden.", diagnostic=str(said)
        )
    return reads_any(answer)


def profile_of(answer: Answer, base: str) -> Profile:
    body = answer.json()
    if not isinstance(body, dict) or not body.get("username"):
        raise answer.broken("{platform} antwortet unverständlich.", f"no profile: {answer.excerpt}")
    handle = str(body["username"])
    return Profile(str(body.get("name") or handle), handle, f"{base}/@{handle}")


def moment(said: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(said) if said else None
    except ValueError:
        return None


def base(settings: Mapping[str, Any], usual: str) -> str:
    return str(settings.get("api") or usual).rstrip("/")
