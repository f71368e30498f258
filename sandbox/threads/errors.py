"""Refusals in Meta's shape (sheet, section 11)."""

from __future__ import annotations

from sandbox.graph import BAD_TOKEN, Refused, wrong

__all__ = ["BAD_TOKEN", "Refused", "wrong"]


NO_SCOPE = ("Application does not have permission for this action", 10)
NOT_FOUND = ("The requested resource does not exist", 24, 4279009)
NO_STATUS = "Tried accessing nonexisting field (status)"
RESTRICTED = ("We restrict certain activity to protect our community.", 368, 2207051)
NOT_FETCHED = ("The media could not be fetched from this URI.", 1, 2207052)
BAD_RATIO = ("The aspect ratio is not supported.", 1, 2207009)
CHILD_NOT_READY = ("A carousel child is not ready.", 100, 4279004)
REPEATED = ("(#506) Duplicate status message", 506)
LIMITED = ("Application request limit reached", 4)


def too_long(limit: int = 500) -> Refused:
    return wrong(f"Param text must be at most {limit} characters long.")
