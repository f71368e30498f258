"""What X answers, what its refusals mean, and how it shows a text."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from ausrufer.adapter.errors import Banned, Holds, LockedOut, Rejected, Trouble, TryLater, Unclear
from ausrufer.adapter.http import LIMITED_WAIT, Answer, retry_after
from ausrufer.kernel.clock import utc_now
from ausrufer.kernel.sentence import Sentence

NO_CREDIT_WAIT = 3600.0  # seconds; somebody has to buy credits
YEAR = 366 * 86_400.0
SCHEME = re.compile(r"https?://")
# X speaks of these words when it refuses one post because of whom it answers, quotes or names; the account is fine.
SUMMONED = re.compile(r"\b(reply|replies|replying|mention\w*|quot(?:e|es|ed|ing))\b")
NOT_SUMMONED = "X nimmt diesen Beitrag nicht an, weil er jemanden anspricht, der uns dort nicht angesprochen hat."
REPEATED = "Auf X steht schon ein Beitrag mit diesen Worten, und X nimmt keinen zweiten an. Bitte den Text ändern."


class Gone(Rejected):
    """The post does not exist (any more)."""


class Repetition(Unclear):
    """X takes the post for one it has already; perhaps because it has."""


def reads(answer: Answer) -> Trouble | None:
    body, diagnostic = answer.peek(), answer.excerpt
    kind, said = str(body.get("type", "")), f"{body.get('title', '')} {body.get('detail', '')}".lower()
    if answer.status == 402 or kind.endswith("/usage-capped") or "credit" in said:
        text = "Das Guthaben bei X ist aufgebraucht."
        return TryLater(text, seconds=NO_CREDIT_WAIT, holds=Holds.WRITING, diagnostic=diagnostic)
    if answer.status == 429:
        seconds = until_reset(answer)
        return TryLater("X bittet um Geduld.", seconds=seconds, holds=Holds.WRITING, diagnostic=diagnostic)
    if answer.status == 403 and "duplicate" in said:
        return Repetition("X meint, diesen Beitrag schon zu haben.", diagnostic=diagnostic)
    if answer.status == 403 and ("suspended" in said or "temporarily locked" in said):
        return Banned("X hat das Konto gesperrt.", diagnostic=diagnostic)
    if answer.status == 403 and not kind.endswith("/client-forbidden") and SUMMONED.search(said):
        return Rejected(NOT_SUMMONED, diagnostic=diagnostic)  # platform sheet, section 8: "not summoned"
    if answer.status == 404:
        return Gone("Der Beitrag ist auf X nicht mehr da.", diagnostic=diagnostic)
    return None


def reads_list(answer: Answer) -> Trouble | None:
    """Of a list, "gone" says nothing about any post, so it must refuse none."""
    trouble = reads(answer)
    if isinstance(trouble, Gone):
        odd = Sentence("{platform} antwortet anders als erwartet.", {"platform": answer.platform})
        return TryLater(odd, seconds=LIMITED_WAIT, diagnostic=answer.excerpt)
    return trouble


def reads_media(answer: Answer) -> Trouble | None:
    if answer.status in (400, 413, 415, 422):
        return Rejected("X nimmt das Bild oder Video nicht an.", diagnostic=answer.excerpt)
    return reads(answer)


def reads_captions(answer: Answer) -> Trouble | None:
    """Whoever may not bring captions may bring the post all the same."""
    if 400 <= answer.status < 500 and answer.status not in (401, 402, 429):
        return Rejected("X nimmt die Untertitel nicht an.", diagnostic=answer.excerpt)
    return reads(answer)


def until_reset(answer: Answer) -> float:
    reset = answer.headers.get("x-rate-limit-reset", "")
    if reset.isascii() and reset.isdigit():
        return max(1.0, float(reset) - utc_now().timestamp())
    return retry_after(answer.headers) or LIMITED_WAIT


def data_of(answer: Answer) -> dict[str, Any]:
    """Raises TryLater or Unclear when the answer names nothing with an id."""
    body = answer.json()
    data = body.get("data") if isinstance(body, dict) else None
    if not isinstance(data, dict) or not isinstance(data.get("id"), str):
        raise answer.broken("{platform} antwortet unverständlich.", f"no id: {answer.excerpt}")
    return data


def processing_of(answer: Answer) -> tuple[str, float]:
    """(pending | in_progress | succeeded | failed, seconds until the next look); without a word it is done."""
    info = data_of(answer).get("processing_info")
    if not isinstance(info, dict):
        return "succeeded", 0.0
    after = info.get("check_after_secs")
    return str(info.get("state")), float(after) if isinstance(after, int | float) and 0 < after < 3600 else 5.0


def lifetime_of(body: dict[str, Any]) -> float:
    """Seconds a token lives; two hours is what X gives."""
    seconds = body.get("expires_in")
    return float(seconds) if isinstance(seconds, int | float) and 0 < seconds < YEAR else 7200.0


def posts_of(answer: Answer) -> list[dict[str, Any]]:
    body = answer.json()
    if not isinstance(body, dict):
        raise answer.broken("{platform} antwortet unverständlich.", answer.excerpt)
    data = body.get("data")
    found = [each for each in data if isinstance(each, dict)] if isinstance(data, list) else []
    return [each | {"id": str(each["id"])} for each in found if str(each.get("id", "")).isdecimal()]


def words_of(post: dict[str, Any]) -> str:
    """As it was written: X shows short addresses of its own, and one more for pictures."""
    text = unescape(str(post.get("text", "")))
    entities = post.get("entities")
    urls = entities.get("urls") if isinstance(entities, dict) else None
    for url in urls if isinstance(urls, list) else []:
        match url:
            case {"url": str(short), "expanded_url": str(whole)} if short:
                text = text.replace(short, "" if "/photo/" in whole or "/video/" in whole else whole)
    return text


def same_text(one: str, other: str) -> bool:
    return "".join(SCHEME.sub("", one).split()) == "".join(SCHEME.sub("", other).split())


def locked(said: str) -> LockedOut:
    return LockedOut("X lässt uns nicht mehr hinein.", diagnostic=said)
