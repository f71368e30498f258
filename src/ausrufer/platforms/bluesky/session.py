"""The session with the account's server: kept with the channel, refreshed once it has ended, never one per post."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from ausrufer.adapter.errors import Banned, LockedOut
from ausrufer.adapter.http import Answer, Reads
from ausrufer.adapter.supplies import Supplies
from ausrufer.platforms.bluesky.reading import BAN, LOCKED, SessionEnded, reads_any, reads_login, text_inside

SERVICE = "https://bsky.social"
NAME = "Bluesky"


class Session:
    """Speaks to the server as the account. Secrets: `app_password`; besides, what a login brought."""

    def __init__(
        self, supplies: Supplies, settings: Mapping[str, Any], secrets: Mapping[str, str], channel: str
    ) -> None:
        self.supplies = supplies
        self.service = str(settings.get("service") or SERVICE).rstrip("/")
        self.handle = str(settings.get("handle", "")).removeprefix("@")
        self.secrets = self._ours(secrets)
        self.channel = channel

    @property
    def did(self) -> str:
        """Who we are, for ever; handles change."""
        if not self.secrets.get("did"):
            self._renew("")
        return self.secrets["did"]

    @property
    def server(self) -> str:
        """The DID of the server that holds the account's data."""
        host = urlsplit(self.secrets.get("pds") or self.service).netloc
        return f"did:web:{host.replace(':', '%3A')}"

    def ask(self, method: str, name: str, *, reads: Reads = reads_any, **request: Any) -> Answer:
        return self._speak(self.supplies.http.ask, method, name, reads, request)

    def act(self, method: str, name: str, *, reads: Reads = reads_any, **request: Any) -> Answer:
        return self._speak(self.supplies.http.act, method, name, reads, request)

    def _speak(
        self, speak: Callable[..., Answer], method: str, name: str, reads: Reads, request: dict[str, Any]
    ) -> Answer:
        """An ended session is a refusal, so that even an act may be repeated after it."""
        if not self.secrets.get("access_jwt"):
            self._renew("")
        used = self.secrets["access_jwt"]
        try:
            return self._with(used, speak, method, name, reads, request)
        except SessionEnded:
            self._renew(used)
            return self._with(self.secrets["access_jwt"], speak, method, name, reads, request)

    def _with(
        self,
        token: str,
        speak: Callable[..., Answer],
        method: str,
        name: str,
        reads: Reads,
        request: dict[str, Any],
    ) -> Answer:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        request = request | {"headers": headers | request.get("headers", {})}
        return speak(method, f"{self.service}/xrpc/{name}", platform=NAME, reads=reads, **request)

    def _renew(self, used: str) -> None:
        def change(stored: Mapping[str, str]) -> Mapping[str, str]:
            stored = self._ours(stored)
            if stored.get("did") and stored.get("access_jwt", "") not in ("", used):
                return stored  # another delivery was faster
            return {**stored, **(self._refreshed(stored) or self._logged_in(stored)), "login": self.handle}

        if self.supplies.secrets:
            self.secrets = self.supplies.secrets.renew(self.channel, change)
        else:
            self.secrets = change(self.secrets)

    def _ours(self, stored: Mapping[str, str]) -> Mapping[str, str]:
        """Without the session of another account, when the channel was given a new name."""
        if stored.get("login", self.handle) == self.handle:
            return stored
        return {name: value for name, value in stored.items() if name == "app_password"}

    def _refreshed(self, stored: Mapping[str, str]) -> dict[str, str]:
        """{} when the refresh token is dead, too."""
        if not stored.get("refresh_jwt"):
            return {}
        try:
            return tokens(self._login_call("refreshSession", stored["refresh_jwt"], reads_any))
        except LockedOut:
            return {}

    def _logged_in(self, stored: Mapping[str, str]) -> dict[str, str]:
        if not self.handle or not stored.get("app_password"):
            raise LockedOut("Für Bluesky sind noch kein Name und kein App-Passwort eingetragen.")
        credentials = {"identifier": self.handle, "password": stored["app_password"]}
        return tokens(self._login_call("createSession", "", reads_login, json=credentials))

    def _login_call(self, name: str, token: str, reads: Reads, **request: Any) -> Answer:
        return self._with(token, self.supplies.http.ask, "POST", f"com.atproto.server.{name}", reads, request)


def tokens(answer: Answer) -> dict[str, str]:
    """Raises LockedOut when the account is not in use."""
    body = answer.json()
    if isinstance(body, dict) and body.get("active") is False:
        if body.get("status") == "deactivated":
            raise LockedOut(LOCKED["AccountDeactivated"], diagnostic=answer.excerpt)
        raise Banned(BAN, diagnostic=answer.excerpt)
    names = {"access_jwt": "accessJwt", "refresh_jwt": "refreshJwt", "did": "did"}
    return {ours: text_inside(answer, theirs) for ours, theirs in names.items()} | {"pds": server_of(answer)}


def server_of(answer: Answer) -> str:
    """Where the account's data lies, from its DID document; "" when that is not told."""
    document = answer.peek().get("didDoc")
    services = document.get("service") if isinstance(document, dict) else None
    for each in services if isinstance(services, list) else []:
        if isinstance(each, dict) and str(each.get("id", "")).endswith("#atproto_pds"):
            return str(each.get("serviceEndpoint", ""))
    return ""
