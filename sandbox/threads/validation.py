"""What Meta refuses when a container is made, in the order in which it looks (sheet, section 15)."""

from __future__ import annotations

from sandbox.threads import attachments
from sandbox.threads.accounts import MENTIONS, SEARCH, Account, Limits
from sandbox.threads.containers import kind_of
from sandbox.threads.counting import length, links
from sandbox.threads.errors import CHILD_NOT_READY, NO_SCOPE, Refused, too_long, wrong
from sandbox.threads.world import World

MAX_ALT = 1000
MAX_LINKS = 5
KINDS = ("TEXT", "IMAGE", "VIDEO", "CAROUSEL")
ANSWERERS = ("everyone", "accounts_you_follow", "mentioned_only", "parent_post_author_only", "followers_only")


def check(world: World, account: Account, fields: dict[str, str]) -> None:
    """Raises Refused."""
    kind = kind_of(fields)
    if kind not in KINDS:
        raise wrong(f"Param media_type must be one of {{{', '.join(KINDS)}}}")
    check_text(kind, fields.get("text", ""), world.limits)
    check_media(kind, fields)
    check_tag(fields.get("topic_tag"))
    if fields.get("reply_control", "everyone") not in ANSWERERS:
        raise wrong(f"Param reply_control must be one of {{{', '.join(ANSWERERS)}}}")
    if to := fields.get("reply_to_id"):
        check_answer(world, account, to)
    if (quoted := fields.get("quote_post_id")) and world.post(quoted) is None:
        raise wrong("Param quote_post_id is not a valid media id.")
    if len(links(fields.get("text", "")) | attachments.links(fields)) > MAX_LINKS:
        raise wrong("THREADS_API__LINK_LIMIT_EXCEEDED")
    attachments.check(kind, fields)
    if fields.get("allowlisted_country_codes") and not account.is_eligible_for_geo_gating:
        raise wrong("THREADS_API__FEATURE_NOT_AVAILABLE")
    if kind == "CAROUSEL":
        check_children(world, account, fields)


def check_answer(world: World, account: Account, to: str) -> None:
    """Below one's own posts, or anybody's with a permission for it (section 8)."""
    above = world.post(to)
    if above is None:
        raise wrong("Param reply_to_id is not a valid media id.")
    while above.reply_to in world.posts:
        above = world.posts[above.reply_to]
    if above.owner != account.id and not {SEARCH, MENTIONS} & set(account.scopes):
        raise Refused(*NO_SCOPE)


def check_text(kind: str, text: str, limits: Limits) -> None:
    if kind == "TEXT" and not text:
        raise wrong("The parameter text is required")
    if length(text, limits.counting) > limits.text:
        raise too_long(limits.text)


def check_media(kind: str, fields: dict[str, str]) -> None:
    if kind in ("IMAGE", "VIDEO") and not fields.get(f"{kind.lower()}_url"):
        raise wrong(f"The parameter {kind.lower()}_url is required")
    if len(fields.get("alt_text", "")) > MAX_ALT:
        raise wrong(f"Param alt_text must be at most {MAX_ALT} characters long.")
    if fields.get("alt_text") and kind not in ("IMAGE", "VIDEO"):
        raise wrong("Param alt_text is only supported for IMAGE and VIDEO.")
    if fields.get("children") and kind != "CAROUSEL":
        raise wrong("Param children is only supported for CAROUSEL.")
    if fields.get("auto_publish_text") == "true" and kind != "TEXT":
        raise wrong("Param auto_publish_text is only supported for TEXT posts.")
    if fields.get("is_carousel_item") == "true" and kind not in ("IMAGE", "VIDEO"):
        raise wrong("Param is_carousel_item is only supported for IMAGE and VIDEO.")


def check_tag(tag: str | None) -> None:
    if tag is not None and (not 1 <= len(tag) <= 50 or "." in tag or "&" in tag):
        raise wrong("Param topic_tag must have 1 to 50 characters and no period or ampersand.")


def check_children(world: World, account: Account, fields: dict[str, str]) -> None:
    children = [each for each in fields.get("children", "").split(",") if each]
    if not 2 <= len(children) <= 20:
        raise wrong("Param children must have 2 to 20 items.")
    for each in children:
        container = world.containers.get(each)
        if container is None or container.owner != account.id or container.fields.get("is_carousel_item") != "true":
            raise wrong("Param children has an unknown container.")
        if container.status(world.now()) != "FINISHED":
            raise Refused(*CHILD_NOT_READY)
