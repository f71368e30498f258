"""Reading: posts and lists of posts, in Meta's fields (sheet, section 7)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sandbox.threads.errors import NO_STATUS, Refused, wrong
from sandbox.threads.world import Post, World

USUAL, MOST = 25, 100  # posts on a page
METRICS = {"views": 997, "likes": 89, "replies": 1, "reposts": 13, "quotes": 7, "shares": 11}


def one(world: World, post: Post, fields: set[str], reader: str = "") -> dict[str, Any]:
    """Raises Refused."""
    if "status" in fields:
        raise Refused(NO_STATUS, 100, type="THApiException")
    everything = {
        "id": post.id,
        "media_product_type": "THREADS",
        "media_type": media_type(post),
        "permalink": world.permalink(post),
        "owner": {"id": post.owner},
        "username": post.username,
        "text": post.text,
        "timestamp": post.timestamp,
        "shortcode": post.shortcode,
        "media_url": post.video or (post.images[0]["url"] if post.images else None),
        "alt_text": post.images[0]["alt"] or None if post.images else None,
        "link_attachment_url": post.link or None,
        "topic_tag": post.topic_tag or None,
        "is_reply": bool(post.reply_to),
        "replied_to": {"id": post.reply_to} if post.reply_to else None,
        "has_replies": any(each.reply_to == post.id for each in world.posts.values())
        if "has_replies" in fields
        else None,
        "is_reply_owned_by_me": post.owner == reader if post.reply_to else None,
        "hide_status": "NOT_HUSHED" if post.reply_to else None,
        "is_quote_post": False,
    }
    return {name: value for name, value in everything.items() if name in fields | {"id"} and value is not None}


def media_type(post: Post) -> str:
    if post.video:
        return "VIDEO"
    return "TEXT_POST" if not post.images else "IMAGE" if len(post.images) == 1 else "CAROUSEL_ALBUM"


def insights(world: World, post: Post, metric: str) -> dict[str, Any]:
    """The same numbers for the same post; answers are counted. Raises Refused."""
    wished = metric.split(",")
    if not set(wished) <= set(METRICS):
        raise wrong(f"Param metric must be among {', '.join(METRICS)}.")
    numbers = {name: int(post.id) % prime for name, prime in METRICS.items()} | {"replies": len(world.below(post))}
    return {
        "data": [
            {
                "name": name,
                "period": "lifetime",
                "values": [{"value": numbers[name]}],
                "id": f"{post.id}/insights/{name}",
            }
            for name in wished
        ]
    }


def listed(world: World, posts: list[Post], params: dict[str, str], reader: str = "") -> dict[str, Any]:
    """A page of posts that are newest first; `after` is the cursor of the page before. Raises Refused."""
    if params.get("before") and params.get("after"):
        raise wrong("Only one of before and after is supported.")
    since, until = moment(params.get("since")), moment(params.get("until"))
    found = [
        post
        for post in posts
        if (since is None or post.published_at >= since) and (until is None or post.published_at <= until)
    ]
    start = next((place + 1 for place, post in enumerate(found) if post.id == params.get("after")), 0)
    page = found[start : start + number(params.get("limit", str(USUAL)))]
    cursors = {"before": page[0].id, "after": page[-1].id} if page else {}
    return {
        "data": [one(world, post, wanted(params), reader) for post in page],
        **({"paging": {"cursors": cursors}} if page else {}),
    }


def wanted(params: dict[str, str]) -> set[str]:
    return {name.strip() for name in params.get("fields", "id").split(",")}


def number(said: str) -> int:
    if not said.isdecimal() or not int(said):
        raise wrong("Param limit must be a positive number.")
    return min(int(said), MOST)


def moment(said: str | None) -> float | None:
    """Seconds, from Unix time or a date."""
    if not said:
        return None
    try:
        return float(said) if said.isdecimal() else datetime.fromisoformat(said).timestamp()
    except ValueError as error:
        raise wrong("Param since or until must be a Unix time or a date.") from error
