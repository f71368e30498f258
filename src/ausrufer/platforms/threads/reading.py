"""What the Threads API answers, and what its refusals mean (platform sheet, section 11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from ausrufer.adapter import graph
from ausrufer.adapter.errors import Banned, Holds, LockedOut, Rejected, Trouble, TryLater, Unclear
from ausrufer.adapter.graph import Fault, Gone, moment
from ausrufer.adapter.http import Answer
from ausrufer.kernel.clock import utc_now

RESTRICTED_SUBCODES = {2207050, 2207051, 4279013}
NOT_FETCHED = {2207003, 2207052}  # Meta could not fetch the picture from our address
BAD_PICTURE = {2207004, 2207005, 2207009, 2207026, 2207028}  # too large, format, ratio, video, carousel
QUOTAS = "quota_usage,config,reply_quota_usage,reply_config,delete_quota_usage,delete_config"
NOT_READY = {4279009, 4279004}  # "Media Not Found" for a fresh container, and a carousel's child that is not ready
RACE_WAITS = (2.0, 5.0, 10.0, 20.0)


class NotReady(TryLater):
    """The container exists, but publishing it came too early; marked as final by Meta, and it is not."""


class Processing(TryLater):
    """Meta is not done with what a container is to be made of."""


class Repetition(Unclear):
    """Meta takes the post for one it has already (506); perhaps because it has."""


@dataclass(frozen=True)
class Thread:
    """A post as the interface shows it."""

    id: str
    address: str
    text: str
    timestamp: datetime | None
    answers: str = ""  # id of what it answers

    def since(self, earliest: datetime) -> bool:
        return self.timestamp is not None and self.timestamp >= earliest


def reads_any(answer: Answer) -> Trouble | None:
    """What is the same wherever it is said; None: `adapter.http` knows."""
    fault = Fault.of(answer)
    if fault.code == 368 or fault.subcode in RESTRICTED_SUBCODES:
        return Banned("Meta hat das Konto eingeschränkt.", diagnostic=answer.excerpt)
    return graph.reads_any(answer)


def reads_create(answer: Answer) -> Trouble | None:
    """Of a container, and of a text that is published in the same call."""
    fault, said = Fault.of(answer), answer.excerpt
    if fault.subcode in NOT_FETCHED:
        return Rejected("Threads konnte das Bild nicht von unserer Website holen.", diagnostic=said)
    if fault.subcode in BAD_PICTURE:
        return Rejected("Threads nimmt das Bild nicht an.", diagnostic=said)
    if fault.subcode in NOT_READY:
        return Processing("Threads verarbeitet den Beitrag noch.", seconds=1.0, diagnostic=said)
    if "LINK_LIMIT" in answer.text:  # Meta does not show where in the answer it stands
        return Rejected("Threads nimmt höchstens fünf Links an.", diagnostic=said)
    if "at most" in fault.message and "characters" in fault.message:
        return Rejected("Threads findet den Text zu lang.", diagnostic=said)
    if answer.status in (404, 405, 410) and not fault.code:
        return LockedOut("Unter der eingetragenen Adresse antwortet kein Threads.", diagnostic=said)
    return reads_repetition(answer) or reads_any(answer)


def reads_publish(answer: Answer) -> Trouble | None:
    fault = Fault.of(answer)
    if fault.subcode in NOT_READY or fault.code == 24:
        early = "Threads ist mit dem Beitrag noch nicht fertig."
        return NotReady(early, seconds=RACE_WAITS[0], diagnostic=answer.excerpt)
    return reads_repetition(answer) or reads_any(answer)


def reads_repetition(answer: Answer) -> Trouble | None:
    if Fault.of(answer).code != 506:
        return None
    return Repetition("Threads hält den Beitrag für eine Wiederholung.", diagnostic=answer.excerpt)


def reads_deletion(answer: Answer) -> Trouble | None:
    if Fault.of(answer).code in (24, 100) or answer.status == 404:
        return Gone("Auf Threads ist der Beitrag nicht zu finden.", diagnostic=answer.excerpt)
    trouble = reads_any(answer)
    if isinstance(trouble, TryLater):
        trouble.holds = Holds.DELIVERY  # deletes have a quota of their own: it must not stop what is to be published
    return trouble


def reads_look(answer: Answer) -> Trouble | None:
    """Only looks, so it refuses no content, and a limit here must not hold what is to be published."""
    trouble = reads_deletion(answer)
    if isinstance(trouble, TryLater):
        trouble.holds = Holds.READING
    if trouble is None and 400 <= answer.status < 500 and answer.status != 403:
        return TryLater("Threads antwortet anders als erwartet.", seconds=60.0, diagnostic=answer.excerpt)
    return trouble


def id_of(answer: Answer) -> str:
    """Ids are strings of digits that no number type holds. Raises TryLater or Unclear when there is none."""
    body = answer.json()
    if not isinstance(body, dict) or not body.get("id"):
        raise answer.broken("{platform} antwortet unverständlich.", f"no id: {answer.excerpt}")
    return str(body["id"])


def thread_of(answer: Answer) -> Thread:
    body = answer.json()
    if not isinstance(body, dict) or not body.get("id"):
        raise answer.broken("{platform} antwortet unverständlich.", f"no post: {answer.excerpt}")
    return _thread(body)


def threads_of(answer: Answer) -> list[Thread]:
    body = answer.json()
    found = body.get("data") if isinstance(body, dict) else None
    if not isinstance(found, list):
        raise answer.broken("{platform} antwortet unverständlich.", f"no list: {answer.excerpt}")
    return [_thread(each) for each in found if isinstance(each, dict) and each.get("id")]


def state_of(answer: Answer) -> tuple[str, str]:
    """(IN_PROGRESS | FINISHED | PUBLISHED | ERROR | EXPIRED, error message); ERROR comes with HTTP 200."""
    body = answer.json()
    if not isinstance(body, dict) or "status" not in body:
        raise answer.broken("{platform} antwortet unverständlich.", f"no status: {answer.excerpt}")
    return str(body["status"]), str(body.get("error_message") or "")


def quota_of(answer: Answer) -> dict[str, Any]:
    body = answer.json()
    entries = body.get("data") if isinstance(body, dict) else None
    entry = entries[0] if isinstance(entries, list) and entries and isinstance(entries[0], dict) else {}
    found: dict[str, Any] = {}
    for name, prefix in (("posts", ""), ("replies", "reply_"), ("deletes", "delete_")):
        config = entry.get(f"{prefix}config")
        found[f"{name}_used"] = entry.get(f"{prefix}quota_usage")
        found[f"{name}_a_day"] = config.get("quota_total") if isinstance(config, dict) else None
    return {name: value for name, value in found.items() if isinstance(value, int)}


def clock_lag(answer: Answer) -> timedelta:
    """How far Meta's clock is behind ours, from the answer's Date; zero when it is not, or does not say."""
    try:
        return max(utc_now() - parsedate_to_datetime(answer.headers.get("date", "")), timedelta(0))
    except (TypeError, ValueError):
        return timedelta(0)


def _thread(body: dict[str, Any]) -> Thread:
    above = body.get("replied_to")
    answers = str(above.get("id") or "") if isinstance(above, dict) else ""
    return Thread(
        str(body["id"]),
        str(body.get("permalink") or ""),
        str(body.get("text") or ""),
        moment(body.get("timestamp")),
        answers,
    )
