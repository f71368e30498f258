"""What a profile may still do today (sheet, section 6)."""

from __future__ import annotations

from typing import Any

from sandbox.threads.accounts import DAY, Account, Limits, used
from sandbox.threads.errors import LIMITED, Refused


def check_post(account: Account, limits: Limits, now: float, *, is_reply: bool) -> None:
    """Raises Refused. What Meta answers is not documented; the sheet says code 4."""
    moments, total = (account.replied, limits.replies) if is_reply else (account.posted, limits.posts)
    if used(moments, now) >= total:
        raise Refused(*LIMITED)


def check_delete(account: Account, limits: Limits, now: float) -> None:
    """Raises Refused."""
    if used(account.deleted, now) >= limits.deletes:
        raise Refused(*LIMITED)


def publishing_limit(account: Account, limits: Limits, now: float, fields: set[str]) -> dict[str, Any]:
    everything = {
        "quota_usage": used(account.posted, now),
        "config": config(limits.posts),
        "reply_quota_usage": used(account.replied, now),
        "reply_config": config(limits.replies),
        "delete_quota_usage": used(account.deleted, now),
        "delete_config": config(limits.deletes),
        "location_search_quota_usage": 0,  # there is nothing to search here
        "location_search_config": config(limits.location_searches),
    }
    return {name: value for name, value in everything.items() if name in fields}


def config(total: int) -> dict[str, int]:
    return {"quota_total": total, "quota_duration": int(DAY)}
