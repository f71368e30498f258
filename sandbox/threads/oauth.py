"""Connecting an account: code, short token, long token, refresh (sheet, section 2)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sandbox.http import Reply, Request, as_json
from sandbox.threads.accounts import HOUR, LONG, Account, Token
from sandbox.threads.errors import BAD_TOKEN, Refused, wrong
from sandbox.threads.world import World


@dataclass(frozen=True)
class Code:
    account: str
    redirect_uri: str
    ends_at: float
    scopes: list[str]


class OAuth:
    def __init__(self, world: World) -> None:
        self.world = world
        self.codes: dict[str, Code] = {}

    def answer(self, request: Request) -> Reply | None:
        """None when the address is none of these. Raises Refused."""
        params = request.params
        match request.method, request.path.removeprefix("/v1.0"):
            case "GET", "/oauth/authorize":
                return self.authorize(params)
            case "POST", "/oauth/access_token":
                return self.redeem(params)
            case "GET", "/access_token":
                return as_json(self.exchange(params))
            case "GET", "/refresh_access_token":
                return as_json(self.refresh(params))
            case "GET", "/debug_token":
                return as_json(self.debug(params))
        return None

    def authorize(self, params: dict[str, str]) -> Reply:
        """The person agrees at once; `?username=` says who it is, `?deny=1` that she does not."""
        account = self.world.account_named(params.get("username", "stadt_trier"))
        back = params.get("redirect_uri", "")
        if account is None or not back.startswith(("http://", "https://")):
            raise wrong("Invalid redirect_uri")
        scopes = params.get("scope", "").replace(",", " ").split()
        if params.get("response_type") != "code" or "threads_basic" not in scopes or not params.get("client_id"):
            raise wrong("Param scope must contain threads_basic, response_type be code, and client_id be there.")
        if params.get("deny"):
            said = {"error": "access_denied", "error_reason": "user_denied"}
            said["error_description"] = "The user denied your request"
            return away(back, said, params)
        code = secrets.token_urlsafe(24)
        self.codes[code] = Code(account.id, back, self.world.now() + HOUR, scopes)
        return away(back, {"code": code}, params, "#_")

    def redeem(self, params: dict[str, str]) -> Reply:
        code = self.codes.pop(params.get("code", ""), None)
        fits = code and code.redirect_uri == params.get("redirect_uri") and code.ends_at > self.world.now()
        knows = params.get("client_id") and params.get("client_secret")
        if code is None or not fits or not knows or params.get("grant_type") != "authorization_code":
            message = "Matching code was not found or was already used"
            return as_json({"error_type": "OAuthException", "code": 400, "error_message": message}, 400)
        account = self.world.accounts[code.account]
        return as_json({"access_token": self.issue("THQ", account, HOUR, code.scopes), "user_id": int(account.id)})

    def exchange(self, params: dict[str, str]) -> dict[str, Any]:
        said = params.get("access_token", "")
        account, token = self.world.account_of(said), self.world.tokens.get(said)
        if params.get("grant_type") != "th_exchange_token" or not account or not token or token.lives != HOUR:
            raise Refused("Session key invalid", 452, 4279019)
        if not params.get("client_secret"):
            raise wrong("The parameter client_secret is required")
        return self.long_token(account, token)

    def refresh(self, params: dict[str, str]) -> dict[str, Any]:
        said = params.get("access_token", "")
        account, token = self.world.account_of(said), self.world.tokens.get(said)
        may = token is not None and token.may_be_refreshed(self.world.now())
        if params.get("grant_type") != "th_refresh_token" or not account or not token or not may:
            raise Refused(*BAD_TOKEN)
        return self.long_token(account, token)

    def long_token(self, account: Account, before: Token) -> dict[str, Any]:
        return {
            "access_token": self.issue("THL", account, LONG, before.scopes),
            "token_type": "bearer",
            "expires_in": int(LONG),
        }

    def issue(self, kind: str, account: Account, lives: float, scopes: list[str] | None) -> str:
        """Older tokens stay valid until they expire."""
        said = kind + secrets.token_urlsafe(32)
        self.world.tokens[said] = Token(account.id, self.world.now(), lives, scopes)
        self.world.changed()
        return said

    def debug(self, params: dict[str, str]) -> dict[str, Any]:
        if self.world.account_of(params.get("access_token", "")) is None:
            raise Refused(*BAD_TOKEN)
        said = params.get("input_token", "")
        token, account = self.world.tokens.get(said), self.world.account_of(said)
        facts: dict[str, Any] = {"type": "USER", "application": "Stand-in", "is_valid": account is not None}
        if token and account:
            ends = int(token.issued_at + token.lives)
            facts |= {"issued_at": int(token.issued_at), "expires_at": ends, "data_access_expires_at": ends}
            facts |= {"scopes": account.scopes, "user_id": account.id}
        return {"data": facts}


def away(back: str, said: dict[str, str], params: dict[str, str], end: str = "") -> Reply:
    query = urlencode(said | ({"state": params["state"]} if "state" in params else {}))
    return as_json({}, 302, Location=f"{back}{'&' if '?' in back else '?'}{query}{end}")
