"""What Instagram refuses and why (platform sheets: Meta, section 2; Threads, section 11, the family 22070xx)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ausrufer.adapter import graph
from ausrufer.adapter.contract import Metric, Reply
from ausrufer.adapter.errors import Banned, LockedOut, Rejected, Trouble, TryLater
from ausrufer.adapter.graph import Fault, list_of, moment, number
from ausrufer.adapter.http import Answer
from ausrufer.kernel.clock import utc_now

NOT_FETCHED = {2207003, 2207052}  # took too long; could not be fetched from our address
BAD_MEDIA = {2207004, 2207005, 2207009, 2207026, 2207028, 2207057}  # size, format, ratio, video, carousel, thumbnail
TOO_LONG = {2207010}
ENDED = {2207006, 2207008, 2207020, 2207032}  # not found, builder or media expired, creation failed: once more
NOT_READY = {2207027}
TOO_MANY = {2207042}  # the day's posts are used up
RESTRICTED = {2207050, 2207051}
QUOTA_WAIT = 3600.0  # seconds; the 24 hours roll
NAMES = {"views": "views", "likes": "likes", "comments": "replies", "shares": "shares"}


class NotReady(TryLater):
    """Publishing came too early."""


class Ended(TryLater):
    """The container is gone; a new one is made."""


@dataclass(frozen=True)
class Post:
    id: str
    address: str
    text: str
    at: datetime | None

    @classmethod
    def of(cls, body: dict[str, Any]) -> Post:
        words = str(body.get("caption") or "")
        return cls(str(body["id"]), str(body.get("permalink") or ""), words, moment(body.get("timestamp")))


def reads_act(answer: Answer) -> Trouble | None:
    fault, said = Fault.of(answer), answer.excerpt
    if fault.subcode in NOT_FETCHED:
        return Rejected("Instagram konnte das Bild nicht von unserer Website holen.", diagnostic=said)
    if fault.subcode in BAD_MEDIA:
        return Rejected("Instagram nimmt das Bild oder Video nicht an.", diagnostic=said)
    if fault.subcode in TOO_LONG:
        return Rejected("Instagram findet den Text zu lang.", diagnostic=said)
    if fault.subcode in ENDED:
        return Ended("Instagram fängt mit den Bildern noch einmal an.", seconds=2.0, diagnostic=said)
    if fault.subcode in NOT_READY:
        return NotReady("Instagram verarbeitet den Beitrag noch.", seconds=2.0, diagnostic=said)
    if fault.subcode in TOO_MANY:
        return TryLater("Für heute nimmt Instagram keine Beiträge mehr an.", seconds=QUOTA_WAIT, diagnostic=said)
    if fault.subcode in RESTRICTED:
        return Banned("Meta hat das Konto eingeschränkt.", diagnostic=said)
    if answer.status in (404, 405, 410) and not fault.code:
        return LockedOut("Unter der eingetragenen Adresse antwortet kein Instagram.", diagnostic=said)
    return graph.reads_any(answer)


def state_of(answer: Answer) -> tuple[str, str]:
    """(IN_PROGRESS | FINISHED | PUBLISHED | ERROR | EXPIRED, words); ERROR comes with HTTP 200."""
    body = answer.json()
    if not isinstance(body, dict) or "status_code" not in body:
        raise answer.broken("{platform} antwortet unverständlich.", f"no status: {answer.excerpt}")
    return str(body["status_code"]), str(body.get("status") or "")


def quota_of(answer: Answer) -> dict[str, Any]:
    """What sources contradict each other about (25, 50, 100 a day) is read from the account itself."""
    body = answer.json()
    entries = body.get("data") if isinstance(body, dict) else None
    entry = entries[0] if isinstance(entries, list) and entries and isinstance(entries[0], dict) else {}
    config = entry.get("config")
    found = {"posts_used": entry.get("quota_usage")}
    found["posts_a_day"] = config.get("quota_total") if isinstance(config, dict) else None
    return {name: value for name, value in found.items() if isinstance(value, int)}


def replies_of(answer: Answer, ours: str) -> list[Reply]:
    found = [
        Reply(
            id=str(body["id"]),
            author=str(body.get("username") or ""),
            text=str(body.get("text") or ""),
            at=moment(body.get("timestamp")) or utc_now(),
            answers=str(body.get("parent_id") or ""),
            is_hidden=body.get("hidden") is True,
        )
        for body in list_of(answer)
        if not ours or body.get("username") != ours
    ]
    return sorted(found, key=lambda reply: reply.at)


def metrics_of(answer: Answer) -> list[Metric]:
    body = answer.json()
    entries = body.get("data") if isinstance(body, dict) else None
    if not isinstance(entries, list):
        raise answer.broken("{platform} antwortet unverständlich.", f"no list: {answer.excerpt}")
    found = []
    for entry in entries:
        values = entry.get("values") if isinstance(entry, dict) else None
        first = values[0] if isinstance(values, list) and values and isinstance(values[0], dict) else {}
        name = NAMES.get(str(entry.get("name"))) if isinstance(entry, dict) else None
        if name and "value" in first:
            found.append(Metric(name, number(first["value"])))
    return found
