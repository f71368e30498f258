"""Connecting an account: code, short token, long token, refresh (sheet, section 2)."""

from __future__ import annotations

import secrets
from urllib.parse import urlencode

from sandbox.http import Reply, Request, as_json
from sandbox.threads.errors import BAD_TOKEN, Refused
from sandbox.threads.world import DAY, Account, World

HOUR = 3600.0
LONG = 5_183_944  # seconds, about 60 days


class OAuth:
    def __init__(self, world: World) -> None:
        self.world = world
        self.codes: dict[str, Account] = {}
        self.short: dict[str, tuple[Account, float]] = {}

    def answer(self, request: Request) -> Reply | None:
        """None when the address is none of these. Raises Refused."""
        match request.method, request.path.removeprefix("/v1.0"):
            case "GET", "/oauth/authorize":
                return self.authorize(request.params)
            case "POST", "/oauth/access_token":
                return self.redeem(request.params)
            case "GET", "/access_token":
                return self.exchange(request.params)
            case "GET", "/refresh_access_token":
                return self.refresh(request.params)
            case "GET", "/debug_token":
                return self.debug(request.params)
        return None

    def authorize(self, params: dict[str, str]) -> Reply:
        account = self.world.account_named(params.get("username", "stadt_trier"))
        if account is None or "redirect_uri" not in params:
            raise Refused("Invalid redirect_uri", 100)
        code = secrets.token_urlsafe(24)
        self.codes[code] = account
        query = urlencode({"code": code, "state": params.get("state", "")})
        return as_json({}, 302, Location=f"{params['redirect_uri']}?{query}#_")

    def redeem(self, params: dict[str, str]) -> Reply:
        account = self.codes.pop(params.get("code", ""), None)
        if account is None:
            message = "Matching code was not found or was already used"
            return as_json({"error_type": "OAuthException", "code": 400, "error_message": message}, 400)
        token = f"THQ{secrets.token_urlsafe(24)}"
        self.short[token] = account, self.world.now() + HOUR
        return as_json({"access_token": token, "user_id": int(account.id)})

    def exchange(self, params: dict[str, str]) -> Reply:
        account, until = self.short.get(params.get("access_token", ""), (None, 0.0))
        if account is None or until < self.world.now():
            raise Refused("Session key invalid", 452, 4279019)
        return self.long_token(account)

    def refresh(self, params: dict[str, str]) -> Reply:
        account = self.world.accounts.get(params.get("access_token", ""))
        age = self.world.now() - account.issued_at if account else 0.0
        if account is None or not DAY <= age < LONG:
            raise Refused(*BAD_TOKEN)
        return self.long_token(account)

    def long_token(self, account: Account) -> Reply:
        token = f"THL{secrets.token_urlsafe(32)}"
        self.world.accounts.pop(account.token, None)
        account.token, account.issued_at = token, self.world.now()
        self.world.accounts[token] = account
        return as_json({"access_token": token, "token_type": "bearer", "expires_in": LONG})

    def debug(self, params: dict[str, str]) -> Reply:
        account = self.world.accounts.get(params.get("input_token", ""))
        issued = int(account.issued_at) if account else 0
        facts = {"type": "USER", "is_valid": account is not None, "issued_at": issued, "expires_at": issued + LONG}
        return as_json({"data": {**facts, "user_id": account.id if account else ""}})
