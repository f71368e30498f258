"""What may be said when a post is made (platform sheet, section 3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.x.problems import invalid

MAX_TAGGED = 10  # accounts; OpenAPI 2.167, `CreatePostsMedia`
MAY_ANSWER = {"following", "mentionedUsers", "subscribers", "verified"}
# The sheet knows them, and nobody here has a use for them yet; so they are refused rather than taken and forgotten.
NOT_PLAYED = {"edit_options", "nullcast", "geo", "community_id"}


def is_id(value: Any) -> bool:
    return isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 19


def are_ids(value: Any, most: int) -> bool:
    return isinstance(value, list) and len(value) <= most and all(map(is_id, value))


def is_media(value: Any) -> bool:
    if not isinstance(value, dict) or set(value) - {"media_ids", "tagged_user_ids"} or not value.get("media_ids"):
        return False
    return are_ids(value["media_ids"], 4) and are_ids(value.get("tagged_user_ids", []), MAX_TAGGED)


def is_reply(value: Any) -> bool:
    if not isinstance(value, dict) or set(value) - {"in_reply_to_tweet_id", "exclude_reply_user_ids"}:
        return False
    return is_id(value.get("in_reply_to_tweet_id")) and are_ids(value.get("exclude_reply_user_ids", []), 100)


def is_poll(value: Any) -> bool:
    if not isinstance(value, dict) or set(value) != {"options", "duration_minutes"}:
        return False
    options, minutes = value["options"], value["duration_minutes"]
    if not isinstance(options, list) or not isinstance(minutes, int):
        return False
    named = all(isinstance(each, str) and 1 <= len(each) <= 25 for each in options)
    return named and 2 <= len(options) <= 4 and 5 <= minutes <= 10_080


KEYS: dict[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "media": is_media,
    "reply": is_reply,
    "quote_tweet_id": is_id,
    "poll": is_poll,
    "reply_settings": lambda value: value in MAY_ANSWER,
    "made_with_ai": lambda value: isinstance(value, bool),
    "paid_partnership": lambda value: isinstance(value, bool),
}


def check(said: Any) -> None:
    """Raises Refused."""
    if not isinstance(said, dict):
        raise invalid("The body is no object.")
    if strange := sorted(set(said) - set(KEYS)):
        known = NOT_PLAYED.intersection(strange)
        raise invalid(f"{', '.join(strange)}: {'not played here' if known else 'unknown'}")
    for key, value in said.items():
        if not KEYS[key](value):
            raise invalid(f"[{key}] is not valid.")
    if not said.get("text", "").strip() and "media" not in said:
        raise invalid("A post has a text or media.")
