"""Writing: containers, publishing, deleting (sheet, sections 3, 3.2 and 8)."""

from __future__ import annotations

from typing import Any

from sandbox.meta_films import UNKNOWN
from sandbox.threads import quotas, validation
from sandbox.threads.accounts import DELETE, LOCATION, PUBLISH, SHARE, Account
from sandbox.threads.containers import Container, is_too_fresh, kind_of
from sandbox.threads.errors import BAD_RATIO, NO_SCOPE, NOT_FOUND, Refused, wrong
from sandbox.threads.media_fetch import fetch_picture, trouble_with_video
from sandbox.threads.world import World

EXTRAS = {"location_id": LOCATION, "crossreshare_to_ig": SHARE}  # what else needs a permission of its own


async def create(world: World, account: Account, fields: dict[str, str]) -> dict[str, Any]:
    """Raises Refused."""
    needs(account, PUBLISH)
    for name, scope in EXTRAS.items():
        if fields.get(name, "false") != "false":
            needs(account, scope)
    validation.check(world, account, fields)
    if fields.get("auto_publish_text") == "true":
        return {"id": publish_now(world, account, fields, [])}
    error = await trouble_with_media(world, fields)
    container = world.contain(account, fields)
    container.error = error
    return {"id": container.id}


async def trouble_with_media(world: World, fields: dict[str, str]) -> str:
    """The error_message its container will end with; empty when all is well. Raises Refused."""
    kind = kind_of(fields)
    if world.limits.media_end and kind in ("IMAGE", "VIDEO"):
        return world.limits.media_end
    if kind == "VIDEO":
        return await trouble_with_video(fields["video_url"])
    if kind != "IMAGE":
        return ""
    try:
        await fetch_picture(fields["image_url"])
    except Refused as refused:
        if world.limits.pictures_fail == "at_once":
            raise
        return "INVALID_ASPEC_RATIO" if refused.subcode == BAD_RATIO[2] else UNKNOWN
    return ""


def publish(world: World, account: Account, fields: dict[str, str]) -> dict[str, Any]:
    """Raises Refused."""
    needs(account, PUBLISH)
    if not fields.get("creation_id"):
        raise wrong("The parameter creation_id is required")
    container, now = world.containers.get(fields["creation_id"]), world.now()
    if container is None or container.owner != account.id or container.status(now) != "FINISHED":
        raise Refused(*NOT_FOUND)
    if is_too_fresh(container, now, world.chance, world.limits.race):
        raise Refused(*NOT_FOUND)
    container.media = publish_now(world, account, container.fields, images(world, container))
    return {"id": container.media}


def publish_now(world: World, account: Account, fields: dict[str, str], pictures: list[dict[str, str]]) -> str:
    """The id of the post. Raises Refused when the day is used up."""
    quotas.check_post(account, world.limits, world.now(), is_reply=bool(fields.get("reply_to_id")))
    return world.publish(account, fields, pictures).id


def images(world: World, container: Container) -> list[dict[str, str]]:
    shown = [world.containers[each] for each in container.children] or [container]
    return [image for each in shown if (image := each.image)]


def delete(world: World, account: Account, post_id: str) -> dict[str, Any]:
    """Raises Refused."""
    needs(account, DELETE)
    post = world.post(post_id)
    if post is None or post.owner != account.id:
        raise Refused(*NOT_FOUND)
    quotas.check_delete(account, world.limits, world.now())
    account.deleted.append(world.now())
    post.is_deleted = True
    world.changed()
    return {"success": True, "deleted_id": post_id}


def needs(account: Account, scope: str) -> None:
    if scope not in account.scopes:
        raise Refused(*NO_SCOPE)
