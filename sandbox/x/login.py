"""Logging in at X: OAuth 2.0 with PKCE, tokens for what was agreed to, and refresh tokens that work once."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Any
from urllib.parse import urlencode

from sandbox.http import Reply, Request, as_json
from sandbox.x.clock import Clock
from sandbox.x.problems import Refused

LIVES = 7200  # seconds of an access token
SCOPES = {"tweet.read", "tweet.write", "users.read", "media.write", "offline.access", "tweet.moderate.write"}


class Login:
    """After a restart every token that was known may do everything, and has no end."""

    def __init__(self, known: str, clock: Clock) -> None:
        self.clock = clock
        self.codes: dict[str, tuple[str, str, str]] = {}  # code: challenge, where it leads back to, scopes
        self.refreshing: set[str] = set()
        self.agreed: dict[str, str] = {}  # refresh token: scopes
        self.tokens = {known}
        self.granted: dict[str, tuple[str, float]] = {}  # access token: scopes, when it ends

    def check(self, request: Request) -> None:
        """Raises Refused."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        scopes, ends = self.granted.get(token, (" ".join(SCOPES), float("inf")))
        if token not in self.tokens or self.clock.now() >= ends:
            raise Refused(401)
        if scope_of(request) not in scopes.split():
            raise Refused(403)

    def answer(self, request: Request) -> Reply | None:
        """None when the address is none of these."""
        match request.method, request.path:
            case "GET", "/i/oauth2/authorize":
                return self.agree(request.params)
            case "POST", "/2/oauth2/token":
                return self.token(request)
        return None

    def agree(self, said: dict[str, str]) -> Reply:
        """The person agrees at once; `?deny=1`: she does not."""
        back, scopes = said.get("redirect_uri", ""), said.get("scope", "")
        wants = set(scopes.split())
        if said.get("response_type") != "code" or not said.get("state"):
            return as_json({"error": "invalid_request"}, 400)
        if said.get("code_challenge_method") != "S256" or "offline.access" not in wants or wants - SCOPES:
            return as_json({"error": "invalid_request"}, 400)
        code = secrets.token_urlsafe(16)
        self.codes[code] = (said.get("code_challenge", ""), back, scopes)
        told = {"error": "access_denied"} if said.get("deny") else {"code": code}
        return Reply(302, headers={"Location": f"{back}?{urlencode(told | {'state': said['state']})}"})

    def token(self, request: Request) -> Reply:
        said = request.params
        if not request.headers.get("authorization", "").startswith("Basic "):
            return as_json({"error": "unauthorized_client"}, 401)
        if said.get("grant_type") == "refresh_token":
            if said.get("refresh_token") not in self.refreshing:
                return as_json({"error": "invalid_request", "error_description": "Value passed is invalid."}, 400)
            self.refreshing.discard(said["refresh_token"])
            return as_json(self.issued(self.agreed.pop(said["refresh_token"], " ".join(SCOPES))))
        digest = hashlib.sha256(said.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        told, back, scopes = self.codes.pop(said.get("code", ""), ("", "", ""))
        if not told or (told, back) != (challenge, said.get("redirect_uri")):
            return as_json({"error": "invalid_request"}, 400)
        return as_json(self.issued(scopes))

    def issued(self, scopes: str) -> dict[str, Any]:
        access, refresh = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
        self.tokens.add(access)
        self.refreshing.add(refresh)
        self.granted[access], self.agreed[refresh] = (scopes, self.clock.now() + LIVES), scopes
        facts = {"token_type": "bearer", "expires_in": LIVES, "scope": scopes}
        return {**facts, "access_token": access, "refresh_token": refresh}


def scope_of(request: Request) -> str:
    """What a call needs."""
    if request.path.startswith("/2/media/"):
        return "media.write"
    if request.path == "/2/users/me":
        return "users.read"
    return "tweet.read" if request.method == "GET" else "tweet.write"
