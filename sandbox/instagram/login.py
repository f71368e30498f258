"""Instagram Login: a code, a token of an hour, one of 60 days, and a fresh one for it."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlencode

from sandbox.graph import BAD_TOKEN, Refused, wrong
from sandbox.http import Reply, Request, as_json

HOUR, LONG = 3600, 5_184_000  # seconds
BASIC, PUBLISH = "instagram_business_basic", "instagram_business_content_publish"
Scopes = frozenset[str]


class Login:
    """After a restart every token that was known may do everything."""

    def __init__(self, known: str) -> None:
        self.codes: dict[str, tuple[str, Scopes]] = {}  # where it leads back to, and what was agreed to
        self.short: set[str] = set()
        self.tokens = {known}
        self.agreed: dict[str, Scopes] = {}  # by token

    def scopes(self, token: str) -> Scopes:
        """What was agreed to. Raises Refused."""
        if token not in self.tokens | self.short:
            raise Refused(*BAD_TOKEN)
        return self.agreed.get(token, frozenset({BASIC, PUBLISH}))

    def answer(self, request: Request, path: str) -> Reply | None:
        """None when the address is none of these. Raises Refused."""
        said = request.params
        match request.method, path:
            case "GET", "/oauth/authorize":
                return self.agree(said)
            case "POST", "/oauth/access_token":
                return self.redeem(said)
            case "GET", "/access_token":
                return as_json(self.long(said, "ig_exchange_token", self.short))
            case "GET", "/refresh_access_token":
                return as_json(self.long(said, "ig_refresh_token", self.tokens))
        return None

    def agree(self, said: dict[str, str]) -> Reply:
        """The person agrees at once; `?deny=1`: she does not."""
        back = said.get("redirect_uri", "")
        scopes = frozenset(said.get("scope", "").replace(",", " ").split())
        if not said.get("client_id") or BASIC not in scopes:
            raise wrong("Invalid scope or app id.")
        code = secrets.token_urlsafe(16)
        self.codes[code] = back, scopes
        told = {"error": "access_denied"} if said.get("deny") else {"code": code}
        return Reply(302, headers={"Location": f"{back}?{urlencode(told | {'state': said.get('state', '')})}#_"})

    def redeem(self, said: dict[str, str]) -> Reply:
        back, scopes = self.codes.pop(said.get("code", ""), (None, frozenset()))
        if back is None or back != said.get("redirect_uri") or not said.get("client_secret"):
            message = "Matching code was not found or was already used"
            return as_json({"error_type": "OAuthException", "code": 400, "error_message": message}, 400)
        token = secrets.token_urlsafe(16)
        self.short.add(token)
        self.agreed[token] = scopes
        return as_json({"access_token": token, "user_id": 4711, "permissions": sorted(scopes)})

    def long(self, said: dict[str, str], grant: str, takes: set[str]) -> dict[str, Any]:
        if said.get("grant_type") != grant or said.get("access_token") not in takes:
            raise Refused(*BAD_TOKEN)
        token = secrets.token_urlsafe(16)
        self.tokens.add(token)
        self.agreed[token] = self.scopes(said["access_token"])
        return {"access_token": token, "token_type": "bearer", "expires_in": LONG}
