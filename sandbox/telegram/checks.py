"""What a call must bring to be taken (sheet, section 3): lengths, files, albums, buttons."""

from __future__ import annotations

import json
from typing import Any

from sandbox.pictures import dimensions
from sandbox.telegram.entities import units
from sandbox.telegram.errors import Refused

MAX_TEXT, MAX_CAPTION = 4096, 1024  # UTF-16 units
MAX_PHOTO = 10_000_000  # bytes
MAX_SIDES, MAX_RATIO = 10_000, 20  # pixels of both sides together; of the longer to the shorter
FEWEST, MOST = 2, 10  # of an album
MOST_BUTTONS, BUTTONS_IN_A_ROW = 100, 8


def check_text(text: str) -> None:
    """Raises Refused."""
    if not text:
        raise Refused("Bad Request: message text is empty")
    if units(text) > MAX_TEXT:
        raise Refused("Bad Request: message is too long")


def check_caption(text: str) -> None:
    """Raises Refused."""
    if units(text) > MAX_CAPTION:
        raise Refused("Bad Request: message caption is too long")


def check_file(content: object, kind: str) -> None:
    """Raises Refused."""
    if not isinstance(content, bytes) or not content:
        raise Refused(f"Bad Request: there is no {kind} in the request")
    if kind == "photo" and len(content) > MAX_PHOTO:
        raise Refused(f"Bad Request: file of size {len(content)} bytes is too big for a photo")
    sides = dimensions(content) if kind == "photo" else None
    if sides and (sum(sides) > MAX_SIDES or max(sides) > min(sides) * MAX_RATIO):
        raise Refused("Bad Request: PHOTO_INVALID_DIMENSIONS")


def check_album(media: list[dict[str, Any]], said: dict[str, Any]) -> None:
    """Raises Refused."""
    if not FEWEST <= len(media) <= MOST:
        raise Refused("Bad Request: group send failed")
    for each in media:
        check_file(said.get(str(each["media"]).removeprefix("attach://")), each["type"])


def check_options(said: dict[str, Any]) -> None:
    """Raises Refused."""
    if said.get("parse_mode"):
        raise Refused("Bad Request: the stand-in reads no parse_mode; entities say the same")
    markup = said.get("reply_markup") or {}
    rows = (json.loads(markup) if isinstance(markup, str) else markup).get("inline_keyboard", [])
    if sum(map(len, rows)) > MOST_BUTTONS or any(len(row) > BUTTONS_IN_A_ROW for row in rows):
        raise Refused("Bad Request: reply markup is too long")
