"""Logging in at X: OAuth 2.0 with PKCE, and refresh tokens that work once."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Any
from urllib.parse import urlencode

from sandbox.http import Reply, Request, as_json

LIVES = 7200  # seconds of an access token


class Login:
    def __init__(self, known: str) -> None:
        self.codes: dict[str, tuple[str, str]] = {}  # code: challenge, where it leads back to
        self.refreshing: set[str] = set()
        self.tokens = {known}

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
        back = said.get("redirect_uri", "")
        if said.get("code_challenge_method") != "S256" or "offline.access" not in said.get("scope", ""):
            return as_json({"error": "invalid_request"}, 400)
        code = secrets.token_urlsafe(16)
        self.codes[code] = (said.get("code_challenge", ""), back)
        told = {"error": "access_denied"} if said.get("deny") else {"code": code}
        return Reply(302, headers={"Location": f"{back}?{urlencode(told | {'state': said.get('state', '')})}"})

    def token(self, request: Request) -> Reply:
        said = request.params
        if not request.headers.get("authorization", "").startswith("Basic "):
            return as_json({"error": "unauthorized_client"}, 401)
        if said.get("grant_type") == "refresh_token":
            if said.get("refresh_token") not in self.refreshing:
                return as_json({"error": "invalid_request", "error_description": "Value passed is invalid."}, 400)
            self.refreshing.discard(said["refresh_token"])
            return as_json(self.issued())
        digest = hashlib.sha256(said.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if self.codes.pop(said.get("code", ""), None) != (challenge, said.get("redirect_uri")):
            return as_json({"error": "invalid_request"}, 400)
        return as_json(self.issued())

    def issued(self) -> dict[str, Any]:
        access, refresh = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
        self.tokens.add(access)
        self.refreshing.add(refresh)
        return {"token_type": "bearer", "expires_in": LIVES, "access_token": access, "refresh_token": refresh}
