"""What Meta's platforms share: the envelope of an error, what the common codes mean, and when we may come back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ausrufer.adapter.errors import Banned, Holds, LockedOut, Rejected, Trouble, TryLater
from ausrufer.adapter.http import Answer, retry_after
from ausrufer.kernel.sentence import Sentence

LIMIT_CODES = {4, 17, 32, 341, 613}
LIMIT_WAIT = 300.0  # seconds, where Meta does not say how long
DAY = 86_400  # seconds
OUR_ACCESS = {102, 190, 452, 490}
GONE = {(100, 33), (24, 0), (24, 2207006), (803, 0)}  # (code, subcode): unknown object; for a look only


class Gone(Rejected):
    """What we ask for does not exist (any more)."""


@dataclass(frozen=True)
class Fault:
    code: int
    subcode: int
    message: str

    @classmethod
    def of(cls, answer: Answer) -> Fault:
        """Any key may be missing, and a code may come as text."""
        error = answer.peek().get("error")
        found = error if isinstance(error, dict) else {}
        return cls(number(found.get("code")), number(found.get("error_subcode")), str(found.get("message") or ""))


def number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return 0


def said(text: str, answer: Answer) -> Sentence:
    return Sentence(text, {"platform": answer.platform})


def reads_any(answer: Answer) -> Trouble | None:
    """What is the same wherever it is said; None: `adapter.http` knows."""
    fault, diagnostic = Fault.of(answer), answer.excerpt
    if fault.code == 368:
        return Banned("Meta hat das Konto eingeschränkt.", diagnostic=diagnostic)
    if fault.code in OUR_ACCESS or fault.subcode == 490 or answer.status == 401:
        return LockedOut(said("Die Anmeldung bei {platform} ist abgelaufen.", answer), diagnostic=diagnostic)
    if fault.code in (3, 10) or 200 <= fault.code <= 299:
        text = "{platform} fehlt eine Erlaubnis, die nur neu verbunden erteilt werden kann."
        return LockedOut(said(text, answer), diagnostic=diagnostic)
    if fault.code in LIMIT_CODES or answer.status == 429:
        seconds = retry_after(answer.headers) or regained(answer.headers) or LIMIT_WAIT
        patience = said("{platform} bittet um Geduld.", answer)
        return TryLater(patience, seconds=seconds, holds=Holds.WRITING, diagnostic=diagnostic)
    if fault.code in (1, 2):
        return answer.broken("{platform} ist gestört.", diagnostic)
    return None


def reads_look(answer: Answer) -> Trouble | None:
    """Only looks, so it refuses no content, and a limit here must not hold what is to be published."""
    fault = Fault.of(answer)
    if (fault.code, fault.subcode) in GONE or answer.status == 404:
        return Gone(said("Auf {platform} ist der Beitrag nicht zu finden.", answer), diagnostic=answer.excerpt)
    trouble = reads_any(answer)
    if isinstance(trouble, TryLater):
        trouble.holds = Holds.READING
    if trouble is None and 400 <= answer.status < 500 and answer.status != 403:
        odd = said("{platform} antwortet anders als erwartet.", answer)
        return TryLater(odd, seconds=60.0, diagnostic=answer.excerpt)
    return trouble


def reads_list(answer: Answer) -> Trouble | None:
    """Of a list, "gone" says nothing about any post, so it must refuse none."""
    trouble = reads_look(answer)
    if isinstance(trouble, Gone):
        odd = said("{platform} antwortet anders als erwartet.", answer)
        return TryLater(odd, seconds=60.0, diagnostic=answer.excerpt)
    return trouble


def regained(headers: Mapping[str, str]) -> float | None:
    """Seconds until calls are taken again; `X-Business-Use-Case-Usage` gives minutes."""
    try:
        usage = json.loads(headers.get("x-business-use-case-usage", ""))
        minutes = [number(each.get("estimated_time_to_regain_access")) for entry in usage.values() for each in entry]
    except (ValueError, AttributeError, TypeError):
        return None
    return min(max([0, *minutes]), DAY // 60) * 60.0 or None


def object_of(answer: Answer) -> dict[str, Any]:
    """Raises TryLater or Unclear when it is none, or has no id."""
    body = answer.json()
    if not isinstance(body, dict) or not body.get("id"):
        raise answer.broken("{platform} antwortet unverständlich.", f"no id: {answer.excerpt}")
    return body


def list_of(answer: Answer) -> list[dict[str, Any]]:
    """Raises TryLater when it is no list; entries without an id are left out."""
    body = answer.json()
    found = body.get("data") if isinstance(body, dict) else None
    if not isinstance(found, list):
        raise answer.broken("{platform} antwortet unverständlich.", f"no list: {answer.excerpt}")
    return [each for each in found if isinstance(each, dict) and each.get("id")]


def moment(value: Any) -> datetime | None:
    """Of "2026-11-25T08:00:00+0000"."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def token_of(answer: Answer) -> tuple[str, int | None]:
    """An access token, and the seconds it lives; None: no end is named. Raises TryLater."""
    body = answer.json()
    if not isinstance(body, dict) or not isinstance(body.get("access_token"), str):
        raise answer.broken("{platform} antwortet unverständlich.", "no token")  # never the body: it may hold one
    seconds = number(body.get("expires_in"))
    return body["access_token"], seconds if 0 < seconds <= 366 * DAY else None
