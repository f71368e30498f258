"""Refusals in the shape of XRPC (sheet, section 7)."""

from __future__ import annotations

from typing import Any

from sandbox.http import Reply, as_json


class Refused(Exception):
    def __init__(
        self, name: str, message: str, status: int = 400, headers: dict[str, str] | None = None, **more: Any
    ) -> None:
        self.name = name
        self.message = message
        self.status = status
        self.headers = headers or {}
        self.more = more  # what stands beside the message
        super().__init__(f"{name}: {message}")

    def reply(self) -> Reply:
        return as_json({**self.more, "error": self.name, "message": self.message}, self.status, **self.headers)


def invalid(message: str) -> Refused:
    return Refused("InvalidRequest", message)


def not_found(uri: str) -> Refused:
    return Refused("RecordNotFound", f"Could not locate record: {uri}")


def limited(reset: int, limit: int = 5000, window: int = 3600) -> Refused:
    headers = {
        "RateLimit-Limit": str(limit),
        "RateLimit-Remaining": "0",
        "RateLimit-Reset": str(reset),
        "RateLimit-Policy": f"{limit};w={window}",
    }
    return Refused("RateLimitExceeded", "Rate Limit Exceeded", 429, headers)


EXPIRED = ("ExpiredToken", "Token has expired")
BAD_TOKEN = ("InvalidToken", "Token could not be verified")
NO_TOKEN = ("AuthMissing", "Authentication Required", 401)
WRONG_PASSWORD = ("AuthenticationRequired", "Invalid identifier or password", 401)
TAKEN_DOWN = ("AccountTakedown", "Account has been taken down", 401)
DEACTIVATED = ("AccountDeactivated", "Account is deactivated", 401)
UNCONFIRMED = ("unconfirmed_email", "User must confirm their email address", 401)
DAILY_LIMIT = ("daily_limit", "User has exceeded the daily upload limit", 403)

# Why work on a film ended without one (sheet, section 3.3), in the service's words.
JOB_FAILURES = {
    "validation_failure": "Video is not valid",
    "encoding_failure": "Encoding failed",
    "pds_upload_failure": "Could not store the video with the account's server",
    "pds_upload_unsupported_blob_size": "The account's server takes no video of this size",
    "generic_failure": "Something went wrong",
}
