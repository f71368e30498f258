"""Refusals in Meta's shape."""

from __future__ import annotations

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
        error = {
            "message": self.message,
            "type": self.type,
            "code": self.code,
            "is_transient": False,
            "fbtrace_id": "AbCdEfGh1",
        }
        if self.subcode:
            error["error_subcode"] = self.subcode
        return as_json({"error": error}, self.status, **headers)


BAD_TOKEN = ("Error validating access token: The session has been invalidated.", 190, 463)
NOT_FOUND = ("The requested resource does not exist", 24, 4279009)
TOO_LONG = ("Param text must be at most 500 characters long.", 100)
RESTRICTED = ("We restrict certain activity to protect our community.", 368, 2207051)
NOT_FETCHED = ("The media could not be fetched from this URI.", 1, 2207052)
LIMITED = ("Application request limit reached", 4)
