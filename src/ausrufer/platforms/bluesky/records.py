"""The post record of a rendition's part: the same bytes for the same order, however often it is written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ausrufer.adapter.contract import Rendition
from ausrufer.platforms.bluesky.facets import facets
from ausrufer.platforms.bluesky.keys import POST, created_at
from ausrufer.platforms.bluesky.media import Uploads

Ref = Mapping[str, str]  # uri and cid of a record


def record(
    rendition: Rendition, part: int, moment: datetime, embed: Mapping[str, Any] | None, thread: Mapping[str, Ref] | None
) -> dict[str, Any]:
    text = [rendition.text, *rendition.more][part]
    fields: dict[str, Any] = {
        "$type": POST,
        "text": text,
        "createdAt": created_at(moment, part),
        "langs": [rendition.language],
    }
    if found := facets(text, rendition.extra.get("mentions", {})):
        fields["facets"] = found
    if embed:
        fields["embed"] = embed
    if thread:
        fields["reply"] = thread
    return fields


def embed_of(rendition: Rendition, uploads: Uploads) -> dict[str, Any] | None:
    """Uploads what is missing. A post has one attachment: a video, pictures, or a card."""
    for video in rendition.videos:
        embed: dict[str, Any] = {
            "$type": "app.bsky.embed.video",
            "video": uploads.video(video),
            "alt": video.alt,
            "aspectRatio": {"width": video.width, "height": video.height},
        }
        files = [(each.language, uploads.captions(each.digest)) for each in video.captions]
        captions = [{"lang": language, "file": file} for language, file in files if file]
        return embed | ({"captions": captions} if captions else {})
    if rendition.pictures:
        images = [
            {
                "image": uploads.picture(each),
                "alt": each.alt,
                "aspectRatio": {"width": each.width, "height": each.height},
            }
            for each in rendition.pictures
        ]
        return {"$type": "app.bsky.embed.images", "images": images}
    if card := rendition.card:
        external: dict[str, Any] = {"uri": card.address, "title": card.title, "description": card.description}
        if card.picture and (thumb := uploads.thumb(card.picture)):
            external["thumb"] = thumb
        return {"$type": "app.bsky.embed.external", "external": external}
    return None
