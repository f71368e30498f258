"""Logging in where Meta gives long tokens: a code, a token of an hour, one of 60 days, renewed before it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from ausrufer.adapter.contract import Connection
from ausrufer.adapter.errors import LockedOut, Rejected, Trouble
from ausrufer.adapter.graph import reads_any, said, token_of
from ausrufer.adapter.http import Answer, Http
from ausrufer.kernel.clock import utc_now
from ausrufer.kernel.sentence import Sentence

YOUNGEST = timedelta(hours=24)  # before, Meta does not refresh


@dataclass(frozen=True)
class GraphLogin:
    """`prefix`: th | ig, in the names of grants. `settings["api"]` of a stand-in takes the place of all three hosts."""

    platform: str
    prefix: str
    scopes: str
    dialog: str  # where a person agrees
    codes: str  # what takes the code
    api: str  # what exchanges and renews

    def connect_url(self, settings: Mapping[str, Any], redirect: str, state: str) -> str:
        asked = {"client_id": str(settings.get("app_id", "")), "redirect_uri": redirect, "scope": self.scopes}
        asked |= {"response_type": "code", "state": state}
        return f"{base(settings, self.dialog)}/oauth/authorize?{urlencode(asked)}"

    def connected(
        self,
        http: Http,
        settings: Mapping[str, Any],
        secrets: Mapping[str, str],
        answer: Mapping[str, str],
        redirect: str,
    ) -> Connection:
        """Raises Rejected, LockedOut or TryLater."""
        code, secret = answer.get("code", "").removesuffix("#_"), secrets.get("app_secret", "")
        if not code:
            text = Sentence("{platform} wurde nicht erlaubt, zu veröffentlichen.", {"platform": self.platform})
            raise Rejected(text, diagnostic=str(answer.get("error", "")))
        asked = {"client_id": str(settings.get("app_id", "")), "client_secret": secret}
        asked |= {"code": code, "grant_type": "authorization_code", "redirect_uri": redirect}
        where = f"{base(settings, self.codes)}/oauth/access_token"
        short, _ = token_of(http.ask("POST", where, data=asked, platform=self.platform, reads=reads_code))
        asked = {"grant_type": f"{self.prefix}_exchange_token", "client_secret": secret, "access_token": short}
        return self._connection(http, settings, secrets, "access_token", asked)

    def renewed(self, http: Http, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> Connection:
        """A token younger than a day stays as it is: Meta would refuse. Raises LockedOut when it has expired."""
        issued = moment(secrets.get("issued_at"))
        if issued and utc_now() - issued < YOUNGEST:
            return Connection(settings, secrets, moment(secrets.get("expires_at")))
        asked = {"grant_type": f"{self.prefix}_refresh_token", "access_token": secrets.get("access_token", "")}
        return self._connection(http, settings, secrets, "refresh_access_token", asked)

    def _connection(
        self, http: Http, settings: Mapping[str, Any], secrets: Mapping[str, str], path: str, asked: dict[str, str]
    ) -> Connection:
        where = f"{base(settings, self.api)}/{path}"
        token, seconds = token_of(http.ask("GET", where, params=asked, platform=self.platform, reads=reads_any))
        now = utc_now()
        expires = now + timedelta(seconds=seconds or 3600)
        fresh = {"access_token": token, "issued_at": now.isoformat(), "expires_at": expires.isoformat()}
        return Connection(settings, {**secrets, **fresh}, expires)


def reads_code(answer: Answer) -> Trouble | None:
    """Flat, without an `error` object."""
    flat = answer.peek().get("error_message")
    if answer.status == 400 and flat:
        text = "Die Erlaubnis von {platform} gilt nicht mehr. Bitte noch einmal verbinden."
        return LockedOut(said(text, answer), diagnostic=str(flat))
    return reads_any(answer)


def moment(value: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if value else None
    except ValueError:
        return None


def base(settings: Mapping[str, Any], usual: str) -> str:
    return str(settings.get("api") or usual).rstrip("/")
