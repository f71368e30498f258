"""Captions beside a film: in the format a platform takes, and never in the film's way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import unescape
from typing import Any

from ausrufer.adapter.contract import Captions, Rendition
from ausrufer.adapter.errors import Rejected, TryLater
from ausrufer.adapter.stored import stored_bytes
from ausrufer.adapter.supplies import Supplies
from ausrufer.kernel.clock import utc_now

PATIENCE = 60.0  # seconds that captions may keep a film waiting
NOT_TAKEN = "Untertitel wurden dort nicht angenommen; auf der eigenen Seite stehen sie."


def as_srt(webvtt: str) -> str:
    """The same captions as SubRip: numbered, with a comma in the times, and with letters for WebVTT's `&amp;`.

    `webvtt` is what `Supplies.media` keeps: times with hours, and no notes, styles or tags.
    """
    cues: list[str] = []
    for block in webvtt.strip().split("\n\n")[1:]:
        times, *lines = block.split("\n")
        if words := [line for line in map(plain, lines) if line]:
            cues.append("\n".join([str(len(cues) + 1), times.replace(".", ","), *words]))
    return "\n\n".join(cues) + "\n"


def stored_srt(supplies: Supplies, captions: Captions) -> bytes:
    """Raises Rejected when they are gone."""
    return as_srt(stored_bytes(supplies, captions.digest).decode("utf-8", "replace")).encode()


def plain(line: str) -> str:
    """A named character may be a new line or an arrow, which mean something in a file of captions."""
    return " ".join(unescape(line).splitlines()).replace("-->", "→").strip()


def unless_refused(so_far: dict[str, Any], digest: str, bring: Callable[[], object]) -> None:
    """Brings these captions, or notes in `so_far` that the film goes without them.

    Without them it goes when they are refused, and when there is no getting them through for a minute. Raises TryLater
    until then, and LockedOut.
    """
    if is_left_out(so_far, digest):
        return
    try:
        bring()
        return
    except Rejected:
        pass
    except TryLater:
        now = utc_now().timestamp()
        if now - so_far.setdefault("captions_since", now) < PATIENCE:
            raise
    leave_out(so_far, digest)


def is_left_out(so_far: Mapping[str, Any], digest: str) -> bool:
    return digest in so_far.get("left_out", [])


def leave_out(so_far: dict[str, Any], digest: str) -> None:
    so_far["left_out"] = [*so_far.get("left_out", []), digest]


def note_on(so_far: Mapping[str, Any], rendition: Rendition) -> str:
    """For `Placement.note`: "" when every caption of the film came along."""
    missing = [each for video in rendition.videos for each in video.captions if is_left_out(so_far, each.digest)]
    return NOT_TAKEN if missing else ""
