"""What a record must be to be taken (sheet, section 3): lengths, facets by bytes, blobs that are there and small."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import accumulate
from typing import Any

import regex

from sandbox.bluesky.errors import Refused, invalid
from sandbox.bluesky.world import POST, World

GRAPHEMES, BYTES, TAG_GRAPHEMES, LANGS, IMAGES, CAPTIONS = 300, 3_000, 64, 3, 4, 20
TAGS, LABELS = 8, 10
SELF_LABELS = "com.atproto.label.defs#selfLabels"
RULES, HIDDEN = 5, 300  # of a threadgate
RULE = re.compile(r"app\.bsky\.feed\.threadgate#(mention|follower|following|list)Rule")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")
FIELDS = {"$type", "text", "createdAt", "facets", "langs", "reply", "embed", "labels", "tags"}


def graphemes(text: str) -> int:
    return len(regex.findall(r"\X", text))


def check_post(world: World, record: dict[str, Any]) -> None:
    """Raises Refused."""
    text = record.get("text")
    if record.get("$type") != POST or not isinstance(text, str):
        raise bad_post('Missing required key "text" at $.record')
    if len(text.encode()) > BYTES:
        raise bad_post(f"string too big (maximum {BYTES}, got {len(text.encode())}) at $.record.text")
    if graphemes(text) > GRAPHEMES:
        raise bad_post(f"grapheme too big (maximum {GRAPHEMES}, got {graphemes(text)}) at $.record.text")
    if not is_moment(str(record.get("createdAt"))):
        raise bad_post(f'Invalid datetime (got "{record.get("createdAt")}") at $.record.createdAt')
    if len(record.get("langs", [])) > LANGS or not all(LANGUAGE.fullmatch(each) for each in record.get("langs", [])):
        raise bad_post("Invalid language at $.record.langs")
    if unknown := record.keys() - FIELDS:
        raise invalid(f"The stand-in knows no {', '.join(sorted(unknown))}")
    check_marks(record.get("tags", []), record.get("labels"))
    check_facets(text, record.get("facets", []))
    check_reply(world, record.get("reply"))
    check_embed(world, record.get("embed"))


def is_moment(said: str) -> bool:
    """RFC 3339 with a Z, and a day that there is."""
    try:
        datetime.fromisoformat(said)
    except ValueError:
        return False
    return MOMENT.fullmatch(said) is not None


def check_marks(tags: list[str], said: dict[str, Any] | None) -> None:
    if len(tags) > TAGS or not all(0 < graphemes(each) <= TAG_GRAPHEMES for each in tags):
        raise bad_post(f"array too big (maximum {TAGS}, got {len(tags)}) at $.record.tags")
    labels = said["values"] if said else []
    if said and said.get("$type") != SELF_LABELS:
        raise bad_post(f"Expected {SELF_LABELS} at $.record.labels")
    if len(labels) > LABELS or not all(each.get("val") for each in labels):
        raise bad_post(f"array too big (maximum {LABELS}, got {len(labels)}) at $.record.labels.values")


def check_gate(gate: dict[str, Any]) -> None:
    """Raises Refused."""
    if not all(RULE.fullmatch(each.get("$type", "")) for each in gate.get("allow", [])):
        raise invalid("Invalid app.bsky.feed.threadgate record: no such rule at $.record.allow")
    if len(gate.get("allow", [])) > RULES or len(gate.get("hiddenReplies", [])) > HIDDEN:
        raise invalid(f"Invalid app.bsky.feed.threadgate record: at most {RULES} rules and {HIDDEN} hidden replies")


def bad_post(what: str) -> Refused:
    """In the words of the real server."""
    return invalid(f"Invalid {POST} record: {what}")


def check_facets(text: str, facets: list[dict[str, Any]]) -> None:
    """Offsets are bytes, at the edges of characters, in ascending order without overlaps."""
    edges = {0, *accumulate(len(letter.encode()) for letter in text)}
    end = 0
    for facet in facets:
        start, stop = facet["index"]["byteStart"], facet["index"]["byteEnd"]
        if not {start, stop} <= edges or not end <= start < stop:
            raise invalid(
                f"The stand-in refuses a facet from byte {start} to {stop}: no edge of a character, or overlap"
            )
        end = stop
        for feature in facet["features"]:
            check_feature(feature)


def check_feature(feature: dict[str, Any]) -> None:
    match feature.get("$type", "").partition("#")[2]:
        case "link" if re.fullmatch(r"https?://\S+", feature["uri"]):
            return
        case "mention" if feature["did"].startswith("did:"):
            return
        case "tag" if 0 < graphemes(feature["tag"]) <= TAG_GRAPHEMES and not feature["tag"].startswith("#"):
            return
    raise invalid(f"Invalid feature of a facet: {feature}")


def check_reply(world: World, reply: dict[str, Any] | None) -> None:
    """Stricter than the real server: what is answered must be there, and the root be the thread's."""
    if reply is None:
        return
    for name in ("root", "parent"):
        found = world.records.get(reply[name]["uri"])
        if found is None or found.cid != reply[name]["cid"]:
            raise invalid(f"The stand-in knows no {name} {reply[name]}")
    above = world.records[reply["parent"]["uri"]].value.get("reply", {}).get("root", reply["parent"])
    if above["uri"] != reply["root"]["uri"]:
        raise invalid("The stand-in refuses a root that is not the root of the parent's thread")


def check_embed(world: World, embed: dict[str, Any] | None) -> None:
    if embed is None:
        return
    match embed.get("$type"):
        case "app.bsky.embed.images" if 0 < len(embed["images"]) <= IMAGES:
            for image in embed["images"]:
                if not isinstance(image["alt"], str) or min(image["aspectRatio"].values()) < 1:
                    raise bad_post('Missing required key "alt" at $.record.embed.images[0]')
        case "app.bsky.embed.external":
            external = embed["external"]
            if not all(isinstance(external.get(name), str) for name in ("uri", "title", "description")):
                raise bad_post("Missing required key at $.record.embed.external")
        case "app.bsky.embed.video" if len(embed.get("captions", [])) <= CAPTIONS:
            if not all(LANGUAGE.fullmatch(each.get("lang", "")) for each in embed.get("captions", [])):
                raise bad_post("Invalid language at $.record.embed.captions")
        case _:
            raise bad_post(f"{embed.get('$type')} is not taken like this at $.record.embed")
    for blob, kind, most in blobs_of(embed):
        check_blob(world, blob, kind, most)


def blobs_of(embed: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str, int]]:
    for image in embed.get("images", []):
        yield image["image"], "image/", 2_000_000
    if thumb := embed.get("external", {}).get("thumb"):
        yield thumb, "image/", 1_000_000
    if video := embed.get("video"):
        yield video, "video/mp4", 300_000_000
    for caption in embed.get("captions", []):
        yield caption["file"], "text/vtt", 20_000


def check_blob(world: World, said: dict[str, Any], kind: str, most: int) -> None:
    blob = world.blobs.get(said.get("ref", {}).get("$link", ""))
    if blob is None or said != blob.shown():
        raise Refused("BlobNotFound", f"Could not find blob: {said.get('ref', {}).get('$link')}")
    if not blob.mime.startswith(kind):
        raise bad_post(f'Expected "{kind}" (got "{blob.mime}") at $.record.embed.mimeType')
    if len(blob.content) > most:
        raise bad_post(f"blob too big (maximum {most}, got {len(blob.content)}) at $.record.embed")
