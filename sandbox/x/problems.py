"""What X says when it refuses: problem JSON (platform sheet, section 8)."""

from __future__ import annotations

from sandbox.http import Reply, as_json

NAMES = {401: "Unauthorized", 403: "Forbidden", 503: "Service Unavailable"}  # of what has no kind of its own


class Refused(Exception):
    """`kind` is one of the sheet's; "" where only the status says what it is."""

    def __init__(self, status: int, kind: str = "", detail: str = "", **headers: str) -> None:
        super().__init__(detail or kind or status)
        self.reply = problem(status, kind, detail, **headers)


def problem(status: int, kind: str, detail: str, **headers: str) -> Reply:
    named = f"https://api.x.com/2/problems/{kind}" if kind else "about:blank"
    title = kind or NAMES[status]
    return as_json({"type": named, "title": title, "detail": detail or title, "status": status}, status, **headers)


def invalid(detail: str) -> Refused:
    return Refused(400, "invalid-request", detail)


def unknown(detail: str) -> Refused:
    return Refused(404, "resource-not-found", detail)
