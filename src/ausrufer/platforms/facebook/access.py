"""Connecting a page: a person who runs it agrees, and the page gets a token of its own (platform sheet, section 1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from ausrufer.adapter.contract import Connection, Field
from ausrufer.adapter.errors import Rejected
from ausrufer.adapter.graph import list_of, reads_any, token_of
from ausrufer.adapter.http import Http
from ausrufer.kernel.sentence import Sentence

NAME = "Facebook"
API = "https://graph.facebook.com"
WEB = "https://www.facebook.com"
VERSION = "v25.0"  # two years life each
SCOPES = (
    "pages_show_list,pages_manage_posts,pages_read_engagement,pages_manage_engagement,pages_read_user_engagement,"
    "publish_video"
)
FIELDS = (
    Field("page", "Seite", "Name oder Nummer der Facebook-Seite; leer, wenn es nur eine gibt.", is_required=False),
    Field("app_id", "App-ID", "Steht im Meta-Dashboard oben."),
    Field("app_secret", "App-Geheimnis", "Im Meta-Dashboard unter „App-Einstellungen“.", is_secret=True),
    Field("version", "Version der Schnittstelle", "Meta schaltet jede nach zwei Jahren ab.", default=VERSION),
    Field(
        "access_token",
        "Zugangsschlüssel der Seite",
        "Nur wenn er im Meta-Dashboard erzeugt wurde; sonst entsteht er beim Verbinden.",
        is_secret=True,
        is_required=False,
    ),
)


def connect_url(settings: Mapping[str, Any], redirect: str, state: str) -> str:
    asked = {"client_id": str(settings.get("app_id", "")), "redirect_uri": redirect, "state": state}
    asked |= {"response_type": "code", "scope": SCOPES}
    web = str(settings.get("web") or WEB).rstrip("/")
    return f"{web}/{version(settings)}/dialog/oauth?{urlencode(asked)}"


def connected(
    http: Http, settings: Mapping[str, Any], secrets: Mapping[str, str], answer: Mapping[str, str], redirect: str
) -> Connection:
    """The page's token has no end of its own; it dies with the person's password or role. Raises Rejected."""
    if not (code := answer.get("code", "")):
        raise Rejected("Facebook wurde nicht erlaubt, zu veröffentlichen.", diagnostic=str(answer.get("error", "")))
    app = {"client_id": str(settings.get("app_id", "")), "client_secret": secrets.get("app_secret", "")}
    where = f"{base(settings)}/oauth/access_token"
    asked = {**app, "redirect_uri": redirect, "code": code}
    short, _ = token_of(http.ask("GET", where, params=asked, platform=NAME, reads=reads_any))
    asked = {**app, "grant_type": "fb_exchange_token", "fb_exchange_token": short}
    long, _ = token_of(http.ask("GET", where, params=asked, platform=NAME, reads=reads_any))
    asked = {"fields": "id,name,access_token,tasks", "access_token": long}
    pages = list_of(http.ask("GET", f"{base(settings)}/me/accounts", params=asked, platform=NAME, reads=reads_any))
    page = chosen(pages, str(settings.get("page") or ""))
    tasks = page.get("tasks")
    if not isinstance(tasks, list) or "CREATE_CONTENT" not in tasks:
        text = "Auf der Seite „{page}“ darf diese Person nicht veröffentlichen. Bitte das Recht „Inhalte“ geben."
        raise Rejected(Sentence(text, {"page": str(page.get("name"))}))
    found = {"page": str(page["id"]), "handle": str(page.get("name") or "")}
    return Connection({**settings, **found}, {**secrets, "access_token": str(page["access_token"])})


def chosen(pages: list[dict[str, Any]], wanted: str) -> dict[str, Any]:
    """The page that was named, or the only one. Raises Rejected, with the names of all."""
    fitting = [each for each in pages if wanted in ("", str(each["id"]), each.get("name")) and each.get("access_token")]
    if len(fitting) == 1:
        return fitting[0]
    if not pages:
        raise Rejected("Diese Person führt keine Facebook-Seite.")
    names = ", ".join(str(each.get("name")) for each in pages)
    raise Rejected(Sentence("Bitte bei „Seite“ eine davon eintragen: {pages}.", {"pages": names}))


def base(settings: Mapping[str, Any]) -> str:
    return f"{str(settings.get('api') or API).rstrip('/')}/{version(settings)}"


def version(settings: Mapping[str, Any]) -> str:
    return str(settings.get("version") or VERSION)
