"""What Facebook refuses and why, and what a post, a comment and a page look like (platform sheet, section 1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ausrufer.adapter.contract import Metric, Reply
from ausrufer.adapter.errors import Holds, LockedOut, Rejected, Trouble, TryLater, Unclear
from ausrufer.adapter.graph import LIMIT_WAIT, Fault, list_of, moment, number, reads_any, reads_look
from ausrufer.adapter.http import Answer
from ausrufer.kernel.clock import utc_now

BAD_PICTURE = {1366046, 1366051}  # over 4 MB or no picture; photos that were posted already
BAD_WORDS = {1346003, 1404102}  # taken for abuse; against the community standards
TOO_FAST, NOT_AUTHORISED, OUR_SESSION = 1390008, 1404078, 490
FACEBOOK_LINK, BAD_LINK = 1609008, 2061006
SERVICE = {1363047, 1609010}
REPETITION = 506


class Repetition(Unclear):
    """Facebook takes the post for one it has already; perhaps because it has."""


@dataclass(frozen=True)
class Post:
    """As the interface shows it."""

    id: str
    address: str
    text: str
    at: datetime | None
    is_published: bool

    @classmethod
    def of(cls, body: dict[str, Any]) -> Post:
        text = str(body.get("message") or body.get("description") or "")
        address = str(body.get("permalink_url") or "")
        if address.startswith("/"):  # videos give it without the host
            address = f"https://www.facebook.com{address}"
        return cls(str(body["id"]), address, text, moment(body.get("created_time")), is_published(body))


def is_published(body: dict[str, Any]) -> bool:
    status = body.get("status")
    ready = status.get("video_status") == "ready" if isinstance(status, dict) else True
    return ready and body.get("is_published", body.get("published", True)) is not False


def reads_act(answer: Answer) -> Trouble | None:
    fault, said = Fault.of(answer), answer.excerpt
    if fault.subcode in BAD_PICTURE:
        return Rejected("Facebook nimmt das Bild nicht an.", diagnostic=said)
    if fault.subcode in BAD_WORDS:
        return Rejected("Facebook hält den Text für einen Verstoß gegen seine Regeln.", diagnostic=said)
    if fault.subcode in (FACEBOOK_LINK, BAD_LINK):
        return Rejected("Facebook nimmt einen Link in diesem Text nicht an.", diagnostic=said)
    if fault.subcode == TOO_FAST:
        quick = "Für Facebook kamen zu viele Beiträge in kurzer Zeit."
        return TryLater(quick, seconds=LIMIT_WAIT, holds=Holds.WRITING, diagnostic=said)
    if fault.subcode == NOT_AUTHORISED:
        text = "Facebook verlangt eine Bestätigung, wer die Seite führt. Bitte auf der Seite nachsehen."
        return LockedOut(text, diagnostic=said)
    if fault.subcode in SERVICE:
        return answer.broken("{platform} ist gestört.", said)
    if fault.code == REPETITION:
        return Repetition("Facebook hält den Beitrag für eine Wiederholung.", diagnostic=said)
    if "too long" in fault.message.lower():
        return Rejected("Facebook findet den Text zu lang.", diagnostic=said)
    if answer.status in (404, 405, 410) and not fault.code:
        return LockedOut("Unter der eingetragenen Adresse antwortet kein Facebook.", diagnostic=said)
    return reads_any(answer)


def reads_deletion(answer: Answer) -> Trouble | None:
    """A refusal would come again, so a person has to know."""
    trouble = reads_look(answer)
    if isinstance(trouble, TryLater) and answer.status == 400 and reads_any(answer) is None:
        return Rejected(
            "Facebook lässt den Beitrag nicht löschen: bitte dort von Hand entfernen.", diagnostic=answer.excerpt
        )
    return trouble


def same_text(sent: str, shown: str) -> bool:
    """White space is what Facebook changes."""
    return "".join(sent.split()) == "".join(shown.split())


def replies_of(answer: Answer, page: str) -> list[Reply]:
    """Without what the page itself wrote."""
    found = []
    for body in list_of(answer):
        author, above = part_of(body, "from"), part_of(body, "parent")
        if str(author.get("id")) == page:
            continue
        found.append(
            Reply(
                id=str(body["id"]),
                author=str(author.get("name") or ""),
                text=str(body.get("message") or ""),
                at=moment(body.get("created_time")) or utc_now(),
                address=str(body.get("permalink_url") or ""),
                answers=str(above.get("id") or ""),
                is_hidden=body.get("is_hidden") is True,
            )
        )
    return sorted(found, key=lambda reply: reply.at)


def metrics_of(body: dict[str, Any]) -> list[Metric]:
    def total(name: str) -> int:
        return number(part_of(part_of(body, name), "summary").get("total_count"))

    shared = number(part_of(body, "shares").get("count"))
    return [Metric("likes", total("reactions")), Metric("replies", total("comments")), Metric("shares", shared)]


def part_of(body: dict[str, Any], name: str) -> dict[str, Any]:
    found = body.get(name)
    return found if isinstance(found, dict) else {}
