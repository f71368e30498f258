"""Refusals in the shape of the Bot API (sheet, section 3)."""

from __future__ import annotations

from typing import Any

from sandbox.http import Reply, as_json


class Refused(Exception):
    def __init__(self, description: str, code: int = 400, **parameters: Any) -> None:
        self.body = {"ok": False, "error_code": code, "description": description}
        if parameters:
            self.body["parameters"] = parameters
        self.code = code
        super().__init__(description)

    def reply(self) -> Reply:
        return as_json(self.body, self.code)


def limited(seconds: float) -> Refused:
    return Refused(f"Too Many Requests: retry after {seconds:.0f}", 429, retry_after=int(seconds))
