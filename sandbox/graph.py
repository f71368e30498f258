"""Meta's own: refusals in the shape of its Graph (Threads sheet, section 11), and when it may be asked again."""

from __future__ import annotations

import json
import math
import secrets
from typing import Any

from sandbox.http import Reply, as_json

BAD_TOKEN = ("Error validating access token: The session has been invalidated.", 190, 463)
UNKNOWN = ("Unsupported get request. Object with that ID does not exist or cannot be loaded.", 100, 33)


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
            "error_user_title": "Lỗi",  # in the language of whoever it is: nobody may build on it
            "error_user_msg": "Đã xảy ra lỗi. Vui lòng thử lại.",
            "fbtrace_id": f"A{secrets.token_urlsafe(16)}",
        }
        if self.subcode:
            error["error_subcode"] = self.subcode
        return as_json({"error": error}, self.status, **headers)


def limited(seconds: float) -> Reply:
    """Meta says in minutes when it may be asked again."""
    usage = {"4711": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": math.ceil(seconds / 60)}]}
    refused = Refused("(#32) Page request limit reached", 32)
    return refused.reply(**{"X-Business-Use-Case-Usage": json.dumps(usage)})


def wrong(what: str) -> Refused:
    """A parameter that Meta does not take."""
    return Refused(what, 100)
