"""Facebook Login: a code, a short token, a long one, and the pages this person runs."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlencode

from sandbox.graph import BAD_TOKEN, Refused, wrong
from sandbox.http import Reply, Request, as_json

HOUR, LONG = 3600, 5_184_000  # seconds
TASKS = ["CREATE_CONTENT", "MANAGE", "MODERATE"]


class Login:
    def __init__(self, page: dict[str, Any]) -> None:
        self.pages = [{**page, "tasks": TASKS}]
        self.codes: dict[str, str] = {}  # code: where it leads back to
        self.short: set[str] = set()
        self.long: set[str] = set()

    def answer(self, request: Request, path: str) -> Reply | None:
        """None when the address is none of these. Raises Refused."""
        said = request.params
        match request.method, path:
            case "GET", "/dialog/oauth":
                return self.agree(said)
            case "GET", "/oauth/access_token":
                return as_json(self.token(said))
            case "GET", "/me/accounts":
                if said.get("access_token") not in self.long:
                    raise Refused(*BAD_TOKEN)
                return as_json({"data": self.pages})
        return None

    def agree(self, said: dict[str, str]) -> Reply:
        """The person agrees at once; `?deny=1`: she does not."""
        back = said.get("redirect_uri", "")
        if not said.get("client_id") or "pages_manage_posts" not in said.get("scope", ""):
            raise wrong("Invalid scope or app id.")
        code = secrets.token_urlsafe(16)
        self.codes[code] = back
        told = {"error": "access_denied"} if said.get("deny") else {"code": code}
        return Reply(302, headers={"Location": f"{back}?{urlencode(told | {'state': said.get('state', '')})}"})

    def token(self, said: dict[str, str]) -> dict[str, Any]:
        if not said.get("client_id") or not said.get("client_secret"):
            raise Refused("Missing client_secret parameter.", 101)
        if said.get("grant_type") == "fb_exchange_token":
            if said.get("fb_exchange_token") not in self.short:
                raise Refused(*BAD_TOKEN)
            return self.issued(self.long, LONG)
        if self.codes.pop(said.get("code", ""), None) != said.get("redirect_uri"):
            raise Refused("This authorization code has been used.", 100, 36009)
        return self.issued(self.short, HOUR)

    def issued(self, tokens: set[str], seconds: int) -> dict[str, Any]:
        token = secrets.token_urlsafe(16)
        tokens.add(token)
        return {"access_token": token, "token_type": "bearer", "expires_in": seconds}
