"""Media on their way to a post: fetched really, videos ready a moment later, gone after a day."""

from __future__ import annotations

import math
import re
import time
from dataclasses import dataclass

from sandbox import meta_films
from sandbox.fetching import fetch
from sandbox.graph import Refused, wrong
from sandbox.pictures import dimensions

MAX_CAPTION, MAX_TAGS, MAX_MENTIONS, MAX_ALT = 2200, 30, 20, 1000
MAX_SIZE = 8_000_000  # bytes
NARROWEST, BROADEST = 0.8, 1.91
TAKES = 0.2  # seconds until a container with a video is ready
LIVES = 86_400.0  # seconds
FAILED = "Error: Media upload has failed with error code "
NOT_FETCHED, BAD_FILM = 2207052, 2207026
TAG, MENTION = re.compile(r"(?<![\w&/])#\w*[^\W\d_]\w*"), re.compile(r"(?<![\w/@.])@[\w.]+")


@dataclass
class Container:
    id: str
    fields: dict[str, str]
    born: float
    trouble: str = ""
    is_published: bool = False

    @property
    def status(self) -> str:
        if self.is_published:
            return "PUBLISHED"
        age = time.time() - self.born
        if age > LIVES:
            return "EXPIRED"
        if age < TAKES and "video_url" in self.fields:
            return "IN_PROGRESS"
        return "ERROR" if self.trouble else "FINISHED"


async def check(fields: dict[str, str], containers: dict[str, Container]) -> str:
    """What the container will say when it fails; raises Refused for what is refused at once."""
    check_caption(fields.get("caption", ""))
    if len(fields.get("alt_text", "")) > MAX_ALT:
        raise wrong("Param alt_text is too long.")
    kind = fields.get("media_type", "IMAGE")
    if fields.get("alt_text") and kind != "IMAGE":
        raise wrong("Param alt_text is only supported for images.")
    if kind == "CAROUSEL":
        check_children(fields, containers)
        return ""
    if kind in ("REELS", "VIDEO"):
        if kind == "VIDEO" and fields.get("is_carousel_item") != "true":
            raise wrong("media_type VIDEO is for carousel items; use REELS.")
        return await trouble_with_video(fields.get("video_url", ""))
    if kind != "IMAGE" or not fields.get("image_url"):
        raise Refused("Only photo or video can be accepted as media type.", 9004, 2207052)
    await check_picture(fields["image_url"])
    return ""


def check_caption(caption: str) -> None:
    if len(caption) > MAX_CAPTION:
        raise Refused("The caption was too long.", 36004, 2207010)
    if len(TAG.findall(caption)) > MAX_TAGS or len(MENTION.findall(caption)) > MAX_MENTIONS:
        raise Refused("Too many hashtags or mentions.", 100, 2207040)


def check_children(fields: dict[str, str], containers: dict[str, Container]) -> None:
    children = [each for each in fields.get("children", "").split(",") if each]
    if not 2 <= len(children) <= 10:
        raise Refused("The carousel needs 2 to 10 items.", 9004, 2207028)
    for each in children:
        if each not in containers or containers[each].fields.get("is_carousel_item") != "true":
            raise Refused("The media with this ID cannot be found.", 100, 2207006)
        if containers[each].status == "EXPIRED":
            raise Refused("The media you are trying to access has expired.", 24, 2207020)
        if containers[each].status != "FINISHED":
            raise Refused("The media is not ready for publishing.", 9007, 2207027)


async def check_picture(address: str) -> None:
    found = await fetch(address, MAX_SIZE + 1)
    size = dimensions(bytes(found.body)) if found else None
    if found is None or size is None:
        raise Refused("The media could not be fetched from this URI.", 9004, 2207052)
    if found.type != "image/jpeg":
        raise Refused("The image format is not supported.", 36001, 2207005)
    if len(found.body) > MAX_SIZE:
        raise Refused("The image is too large to download.", 36000, 2207004)
    if not NARROWEST - 0.01 <= size[0] / size[1] <= BROADEST + 0.01:
        raise Refused("The submitted image's aspect ratio is not supported.", 36003, 2207009)


async def trouble_with_video(address: str) -> str:
    """The sheet names no longest film."""
    found = await fetch(address, meta_films.HEAD)
    if found is None:
        return f"{FAILED}{NOT_FETCHED}"
    return f"{FAILED}{BAD_FILM}" if meta_films.trouble(found, math.inf) else ""
