"""What Bluesky answers, read into plain values; and what its refusals mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from ausrufer.adapter.errors import Banned, Holds, LockedOut, Rejected, Trouble, TryLater, Unclear
from ausrufer.adapter.http import LIMITED_WAIT, Answer, retry_after, trouble_of
from ausrufer.kernel.clock import utc_now

TOO_LONG = re.compile(r"too big \(.*\.text\b|text must not be longer than", re.IGNORECASE)
BAD_ATTACHMENT = re.compile(r"\.embed\b")
GONE = {"RecordNotFound", "NotFound", "RepoNotFound"}
ENDED = {"ExpiredToken", "InvalidToken", "AuthMissing"}
BANNED = {"AccountTakedown", "AccountSuspended"}
BAN = "Bluesky hat das Konto gesperrt."
LOCKED = {
    "AccountDeactivated": "Das Konto bei Bluesky ist stillgelegt.",
    "AuthFactorTokenRequired": "Bluesky verlangt ein App-Passwort, nicht das Passwort des Kontos.",
}


class Gone(Rejected):
    """What we ask for does not exist (any more)."""


class SessionEnded(LockedOut):
    """The session's token has run out; a fresh one may help."""


class BlobLost(TryLater):
    """A picture uploaded earlier was cleared away before it was used."""


def inside(answer: Answer, *names: str) -> Any:
    """The value below these names. Raises TryLater or Unclear when it is not there."""
    found = answer.json()
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    if not found:
        raise answer.broken("{platform} antwortet unverständlich.", f"no {'.'.join(names)}: {answer.excerpt}")
    return found


def text_inside(answer: Answer, *names: str) -> str:
    return str(inside(answer, *names))


def list_inside(answer: Answer, name: str) -> list[Mapping[str, Any]]:
    body = answer.json()
    found = body.get(name) if isinstance(body, dict) else None
    if not isinstance(found, list):
        raise answer.broken("{platform} antwortet unverständlich.", f"no {name}: {answer.excerpt}")
    return [each for each in found if isinstance(each, dict)]


def reads_login(answer: Answer) -> Trouble | None:
    if (trouble := reads_any(answer)) is not None and not isinstance(trouble, SessionEnded):
        return trouble
    if answer.status in (400, 401):
        return LockedOut("Bluesky erkennt Name und App-Passwort nicht an.", diagnostic=answer.excerpt)
    return not_refused(answer)


def reads_post(answer: Answer) -> Trouble | None:
    """For the publishing call. None: `adapter.http` knows what it means."""
    name, message = said(answer)
    if name == "InvalidSwap":  # another record lies under our key, or the account was changed at the same moment
        return Unclear("Bluesky hat den Beitrag vielleicht schon.", diagnostic=answer.excerpt)
    if name == "BlobNotFound" or "Could not find blob" in message:
        return BlobLost("Die Bilder werden noch einmal zu Bluesky übertragen.", seconds=0, diagnostic=answer.excerpt)
    if name in ("BlobTooLarge", "InvalidMimeType") or BAD_ATTACHMENT.search(message):
        return Rejected("Bluesky nimmt das Bild nicht an.", diagnostic=answer.excerpt)
    if TOO_LONG.search(message):
        return Rejected("Bluesky findet den Text zu lang.", diagnostic=answer.excerpt)
    return reads_any(answer)


def reads_upload(answer: Answer) -> Trouble | None:
    """Uploads have a limit of their own, so posts without pictures need not wait."""
    trouble = reads_any(answer)
    if isinstance(trouble, TryLater):
        trouble.holds = Holds.DELIVERY
    if trouble is None and answer.status in (400, 413, 415, 422):
        return Rejected("Bluesky nimmt das Bild nicht an.", diagnostic=answer.excerpt)
    return trouble


def reads_look(answer: Answer) -> Trouble | None:
    """Never refuses content: it only looks. A limit on looking must not hold what is to be published."""
    name, message = said(answer)
    if name in GONE or "Could not locate record" in message or "Could not find repo" in message:
        return Gone("Auf Bluesky ist der Beitrag nicht zu finden.", diagnostic=answer.excerpt)
    trouble = reads_any(answer)
    if isinstance(trouble, TryLater):
        trouble.holds = Holds.READING
    return trouble or not_refused(answer)


def reads_deletion(answer: Answer) -> Trouble | None:
    trouble = reads_look(answer)
    if isinstance(trouble, TryLater):
        trouble.holds = Holds.DELIVERY
    return trouble


def reads_any(answer: Answer) -> Trouble | None:
    name, _ = said(answer)
    if answer.status == 429 or name == "RateLimitExceeded":
        trouble = trouble_of(answer)
        if not isinstance(trouble, TryLater):
            trouble = TryLater("Bluesky bittet um Geduld.", seconds=0, holds=Holds.WRITING, diagnostic=answer.excerpt)
        trouble.seconds = limit_wait(answer.headers)
        return trouble
    if name in BANNED:
        return Banned(BAN, diagnostic=answer.excerpt)
    if name in LOCKED:
        return LockedOut(LOCKED[name], diagnostic=answer.excerpt)
    if name in ENDED:
        return SessionEnded("Die Anmeldung bei Bluesky ist abgelaufen.", diagnostic=answer.excerpt)
    return None


def not_refused(answer: Answer) -> Trouble | None:
    if 400 <= answer.status < 500 and answer.status not in (401, 403):
        return TryLater("Bluesky antwortet anders als erwartet.", seconds=LIMITED_WAIT, diagnostic=answer.excerpt)
    return None


def said(answer: Answer) -> tuple[str, str]:
    body = answer.peek()
    return str(body.get("error", "")), str(body.get("message", ""))


def limit_wait(headers: Mapping[str, str]) -> float:
    """Seconds from RateLimit-Reset (Unix time), measured against the server's own Date: its clock is not ours."""
    if (seconds := retry_after(headers)) is not None:
        return seconds
    try:
        reset = datetime.fromtimestamp(int(headers["ratelimit-reset"]), UTC)
        now = parsedate_to_datetime(headers["date"]) if "date" in headers else utc_now()
        return max(1.0, (reset - now).total_seconds())
    except (KeyError, ValueError, TypeError, OverflowError, OSError):
        return LIMITED_WAIT


def as_object(value: Any) -> Mapping[str, Any]:
    """{} for anything else."""
    return value if isinstance(value, dict) else {}


def as_number(value: Any) -> int:
    return value if isinstance(value, int) else 0


def moment_of(text: Any) -> datetime:
    """What clients wrote as createdAt; nobody checks it."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
