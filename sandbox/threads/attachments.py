"""Polls, long texts, GIFs, ghost posts and spoilers: what Meta takes together with what (sheet, section 3)."""

from __future__ import annotations

import json
import re
from typing import Any

from sandbox.threads.errors import wrong

TEXT_ONLY = ("link_attachment", "poll_attachment", "text_attachment", "gif_attachment")
NOT_FOR_GHOSTS = (*TEXT_ONLY, "reply_to_id", "quote_post_id", "enable_reply_approvals")
STYLES = {"bold", "italic", "highlight", "underline", "strikethrough"}
MAX_ENTITIES = 10


def check(kind: str, fields: dict[str, str]) -> None:
    """Raises Refused."""
    for name in TEXT_ONLY:
        if fields.get(name) and kind != "TEXT":
            raise wrong(f"Param {name} is only supported for TEXT posts.")
    if fields.get("is_ghost_post") == "true" and (kind != "TEXT" or any(fields.get(each) for each in NOT_FOR_GHOSTS)):
        raise wrong("Param is_ghost_post is only supported for TEXT posts that are no replies and carry nothing.")
    if fields.get("is_spoiler_media") == "true" and kind == "TEXT":
        raise wrong("Param is_spoiler_media is only supported for IMAGE, VIDEO and CAROUSEL.")
    check_entities(fields.get("text_entities") or "[]")
    check_countries(fields.get("allowlisted_country_codes", ""))
    if poll := parsed(fields, "poll_attachment"):
        check_poll(poll)
    if long := parsed(fields, "text_attachment"):
        check_long_text(long, fields)
    gif = parsed(fields, "gif_attachment")
    if gif and (not gif.get("gif_id") or gif.get("provider") != "GIPHY"):
        raise wrong("Param gif_attachment needs a gif_id of GIPHY.")


def links(fields: dict[str, str]) -> set[str]:
    """That count for a post's links without being in its text (section 3.1). Raises Refused."""
    found = {fields.get("link_attachment", ""), str(parsed(fields, "text_attachment").get("link_attachment_url") or "")}
    return found - {""}


def check_entities(said: str) -> None:
    """Raises Refused."""
    try:
        found = json.loads(said)
    except ValueError:
        found = None
    if not isinstance(found, list) or len(found) > MAX_ENTITIES:
        raise wrong(f"Param text_entities must be a list of at most {MAX_ENTITIES}.")
    if not all(isinstance(each, dict) and each.get("entity_type") == "SPOILER" for each in found):
        raise wrong("Param text_entities knows the entity_type SPOILER only.")


def check_countries(said: str) -> None:
    """ISO 3166-1 alpha-2. Raises Refused."""
    if said and not all(re.fullmatch("[A-Z]{2}", each.strip()) for each in said.split(",")):
        raise wrong("THREADS_API__GEO_GATING_INVALID_COUNTRY_CODES")


def parsed(fields: dict[str, str], name: str) -> dict[str, Any]:
    """Raises Refused."""
    try:
        found = json.loads(fields.get(name) or "{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise wrong(f"Param {name} must be an object.")
    return found


def check_poll(poll: dict[str, Any]) -> None:
    options = [poll[name] for name in ("option_a", "option_b", "option_c", "option_d") if name in poll]
    if len(options) < 2 or "option_a" not in poll or "option_b" not in poll:
        raise wrong("Param poll_attachment needs 2 to 4 options.")
    if not all(isinstance(option, str) and 1 <= len(option) <= 25 for option in options):
        raise wrong("Options of poll_attachment must have 1 to 25 characters.")


def check_long_text(attached: dict[str, Any], fields: dict[str, str]) -> None:
    if not 1 <= len(str(attached.get("plaintext", ""))) <= 10_000:
        raise wrong("Param text_attachment needs a plaintext of at most 10000 characters.")
    if fields.get("poll_attachment"):
        raise wrong("Param text_attachment cannot be combined with poll_attachment.")
    if fields.get("link_attachment") and attached.get("link_attachment_url"):
        raise wrong("Only one of link_attachment and link_attachment_url is supported.")
    check_styles(attached.get("text_with_styling_info") or [])


def check_styles(ranges: list[dict[str, Any]]) -> None:
    """Raises Refused."""
    end = 0
    for each in sorted(ranges, key=lambda each: each["offset"]):
        if each["offset"] < end or not set(each["styling_info"]) <= STYLES:
            raise wrong("Ranges of text_with_styling_info must not overlap and know five styles.")
        end = each["offset"] + each["length"]
