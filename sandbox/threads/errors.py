"""Refusals in Meta's shape (sheet, section 11)."""

from __future__ import annotations

import secrets
from typing import Any

from sandbox.http import Reply, as_json


class Refused(Exception):
    """`code` and `subcode` are Meta's; the status is 400 unless said."""

    def __init__(
        self, message: str, code: int, subcode: int = 0, *, status: int = 400, type: str = "OAuthException"
    ) -> None:
        self.message = message
        self.code = code
        self.subcode = subcode
        self.status = status
        self.type = type
        super().__init__(message)

    def reply(self, **headers: str) -> Reply:
        error: dict[str, Any] = {
            "message": self.message,
            "type": self.type,
            "code": self.code,
            "is_transient": False,
            "fbtrace_id": f"A{secrets.token_urlsafe(16)}",
        }
        if self.subcode:
            error["error_subcode"] = self.subcode
        return as_json({"error": error}, self.status, **headers)


BAD_TOKEN = ("Error validating access token: The session has been invalidated.", 190, 463)
NO_SCOPE = ("Application does not have permission for this action", 10)
NOT_FOUND = ("The requested resource does not exist", 24, 4279009)
NO_STATUS = "Tried accessing nonexisting field (status)"
RESTRICTED = ("We restrict certain activity to protect our community.", 368, 2207051)
NOT_FETCHED = ("The media could not be fetched from this URI.", 1, 2207052)
BAD_RATIO = ("The aspect ratio is not supported.", 1, 2207009)
CHILD_NOT_READY = ("A carousel child is not ready.", 100, 4279004)
REPEATED = ("(#506) Duplicate status message", 506)
LIMITED = ("Application request limit reached", 4)


def wrong(what: str) -> Refused:
    """A parameter that Meta does not take."""
    return Refused(what, 100)


def too_long(limit: int = 500) -> Refused:
    return wrong(f"Param text must be at most {limit} characters long.")
