"""What Meta refuses when a container is made, in the order in which it looks (sheet, section 15)."""

from __future__ import annotations

import re
import unicodedata

from sandbox.threads.errors import TOO_LONG, Refused
from sandbox.threads.world import World

LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"]+")
MAX_TEXT = 500  # UTF-8 bytes, the strict reading (section 4)
MAX_ALT = 1000
MAX_LINKS = 5
KINDS = {"TEXT", "IMAGE", "VIDEO", "CAROUSEL"}


def check(world: World, owner: str, fields: dict[str, str]) -> None:
    """Raises Refused."""
    kind = fields.get("media_type", "IMAGE" if fields.get("is_carousel_item") == "true" else "").upper()
    if kind not in KINDS:
        raise Refused("Param media_type must be one of {TEXT, IMAGE, VIDEO, CAROUSEL}", 100)
    text = unicodedata.normalize("NFC", fields.get("text", ""))
    if kind == "TEXT" and not text:
        raise Refused("The parameter text is required", 100)
    if len(text.encode()) > MAX_TEXT:
        raise Refused(*TOO_LONG)
    if kind in ("IMAGE", "VIDEO") and not fields.get(f"{kind.lower()}_url"):
        raise Refused(f"The parameter {kind.lower()}_url is required", 100)
    if len(fields.get("alt_text", "")) > MAX_ALT:
        raise Refused("Param alt_text must be at most 1000 characters long.", 100)
    if fields.get("auto_publish_text") == "true" and kind != "TEXT":
        raise Refused("Param auto_publish_text is only supported for TEXT posts.", 100)
    if fields.get("link_attachment") and kind != "TEXT":
        raise Refused("Param link_attachment is only supported for TEXT posts.", 100)
    check_tag(fields.get("topic_tag"))
    check_links(text, fields.get("link_attachment", ""))
    if (to := fields.get("reply_to_id")) and to not in world.posts:
        raise Refused("Param reply_to_id is not a valid media id.", 100)
    if kind == "CAROUSEL":
        check_children(world, owner, fields.get("children", ""))


def check_tag(tag: str | None) -> None:
    if tag is not None and (not 1 <= len(tag) <= 50 or "." in tag or "&" in tag):
        raise Refused("Param topic_tag must have 1 to 50 characters and no period or ampersand.", 100)


def check_links(text: str, attached: str) -> None:
    found = {link.rstrip(".,;:!?)") for link in LINK.findall(text)} | ({attached} if attached else set())
    if len(found) > MAX_LINKS:
        raise Refused("THREADS_API__LINK_LIMIT_EXCEEDED", 100)


def check_children(world: World, owner: str, listed: str) -> None:
    children = [each for each in listed.split(",") if each]
    if not 2 <= len(children) <= 20:
        raise Refused("Param children must have 2 to 20 items.", 100)
    for each in children:
        container = world.containers.get(each)
        if container is None or container.owner != owner:
            raise Refused("Param children has an unknown container.", 100)
        if container.ready_at > world.now() or container.error:
            raise Refused("A carousel child is not ready.", 100, 4279004)
