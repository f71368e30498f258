"""What an instance answers, read into plain records; and what its refusals mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from ausrufer.adapter.contract import Metric, Profile, Reply
from ausrufer.adapter.errors import Holds, LockedOut, Rejected, Trouble, TryLater
from ausrufer.adapter.http import LIMITED_WAIT, Answer, retry_after, trouble_of
from ausrufer.kernel.clock import utc_now
from ausrufer.platforms.mastodon.text import plain

TOO_LONG = re.compile(r"character limit|too long|zu lang|Zeichenlimit", re.IGNORECASE)
UNFINISHED_MEDIA = re.compile(r"not finished processing|noch nicht verarbeitet", re.IGNORECASE)
MEDIA_WAIT = 5.0  # seconds
NO_MASTODON = "Unter der eingetragenen Adresse antwortet kein Mastodon."


class Gone(Rejected):
    """What we ask for does not exist (any more)."""


@dataclass(frozen=True)
class Status:
    """A post as the instance shows it."""

    id: str
    address: str  # "" when the instance names none
    html: str
    source: str  # the text as it was sent; most instances do not show it
    visibility: str
    created_at: datetime


def status_of(answer: Answer) -> Status:
    """Raises TryLater or Unclear when the answer is no post."""
    return _status(answer, answer.json())


def statuses_of(answer: Answer) -> list[Status]:
    found = answer.json()
    if not isinstance(found, list):
        raise answer.broken("{platform} antwortet unverständlich.", f"no list: {answer.excerpt}")
    return [_status(answer, body) for body in found]


def id_of(answer: Answer) -> str:
    """The id of an account or a picture."""
    body = answer.json()
    if not isinstance(body, dict) or not body.get("id"):
        raise answer.broken("{platform} antwortet unverständlich.", f"no id: {answer.excerpt}")
    return str(body["id"])


def profile_of(answer: Answer) -> Profile:
    body = answer.json()
    account = id_of(answer)
    name, handle = str(body.get("display_name") or body.get("username") or account), str(body.get("acct") or "")
    return Profile(name, f"@{handle}" if handle else "", str(body.get("url") or ""))


def replies_of(answer: Answer) -> list[Reply]:
    found = _inside({"": answer.json()}, "").get("descendants")
    return sorted(
        (_reply(answer, each) for each in found if isinstance(each, dict)) if isinstance(found, list) else [],
        key=lambda reply: reply.at,
    )


def _reply(answer: Answer, body: dict[str, Any]) -> Reply:
    status = _status(answer, body)
    author = str(_inside(body, "account").get("acct") or "")
    answers = str(body.get("in_reply_to_id") or "")
    return Reply(status.id, author, plain(status.html), status.created_at, status.address, answers)


def metrics_of(answer: Answer) -> list[Metric]:
    body = answer.json()
    counted = {"likes": "favourites_count", "reposts": "reblogs_count", "replies": "replies_count"}
    found = {name: body.get(field) for name, field in counted.items()} if isinstance(body, dict) else {}
    return [Metric(name, value) for name, value in found.items() if isinstance(value, int)]


def limits_of(answer: Answer) -> dict[str, Any]:
    """Named as in Capabilities; what the instance does not state is left out."""
    body = answer.json()
    configuration = _inside(body, "configuration")
    statuses = _inside(configuration, "statuses")
    media = _inside(configuration, "media_attachments")
    stated = {
        "max_text": statuses.get("max_characters"),
        "max_pictures": statuses.get("max_media_attachments"),
        "max_alt": media.get("description_limit"),
        "max_video": media.get("video_size_limit"),
        "link_length": statuses.get("characters_reserved_per_url"),
    }
    limits: dict[str, Any] = {name: value for name, value in stated.items() if isinstance(value, int) and value > 0}
    return limits | {"version": str(_inside({"": body}, "").get("version", ""))}


def reads_post(answer: Answer) -> Trouble | None:
    """For the one publishing call. None: `adapter.http` knows what it means."""
    refusal = str(answer.peek().get("error", ""))
    if answer.status == 422 and UNFINISHED_MEDIA.search(refusal):
        return TryLater("Mastodon verarbeitet den Beitrag noch.", seconds=MEDIA_WAIT, diagnostic=answer.excerpt)
    if answer.status == 422 and TOO_LONG.search(refusal):
        return Rejected("Mastodon findet den Text zu lang.", diagnostic=answer.excerpt)
    if answer.status in (405, 410) or (answer.status == 404 and not refusal):
        return LockedOut(NO_MASTODON, diagnostic=answer.excerpt)
    return reads_any(answer)


def reads_upload(answer: Answer) -> Trouble | None:
    """Uploads have a limit of their own, so posts without pictures need not wait."""
    trouble = reads_any(answer)
    if isinstance(trouble, TryLater):
        trouble.holds = Holds.DELIVERY
    if answer.status in (413, 415, 422):
        return Rejected("Mastodon nimmt das Bild nicht an.", diagnostic=answer.excerpt)
    return trouble


def reads_media(answer: Answer) -> Trouble | None:
    """A look at what was uploaded. 422: it arrived, and cannot be made ready."""
    if answer.status == 422:
        return Rejected("Mastodon kann das Bild nicht verarbeiten.", diagnostic=answer.excerpt)
    return reads_look(answer)


def reads_account(answer: Answer) -> Trouble | None:
    """Who we are. 422: the token belongs to no person ("requires an authenticated user"), or to nobody (snac2)."""
    if answer.status == 422:
        return LockedOut("Mastodon lässt uns nicht mehr hinein.", diagnostic=answer.excerpt)
    if answer.status in (404, 405, 410):
        return LockedOut(NO_MASTODON, diagnostic=answer.excerpt)
    return reads_look(answer)


def reads_look(answer: Answer) -> Trouble | None:
    """Never refuses content: it only looks. A limit on looking must not hold what is to be published."""
    trouble = reads_any(answer) or reads_deletion(answer)
    if isinstance(trouble, TryLater):
        trouble.holds = Holds.READING
    if trouble is None and 400 <= answer.status < 500 and answer.status not in (401, 403):
        return TryLater("Mastodon antwortet anders als erwartet.", seconds=LIMITED_WAIT, diagnostic=answer.excerpt)
    return trouble


def reads_deletion(answer: Answer) -> Trouble | None:
    if answer.status in (404, 410):
        return Gone("Auf Mastodon ist der Beitrag nicht zu finden.", diagnostic=answer.excerpt)
    trouble = reads_any(answer)
    if isinstance(trouble, TryLater):
        trouble.holds = Holds.DELIVERY
    return trouble


def reads_any(answer: Answer) -> Trouble | None:
    if answer.status != 429:
        return None
    trouble = trouble_of(answer)
    seconds = retry_after(answer.headers)
    if isinstance(trouble, TryLater):
        trouble.seconds = seconds if seconds is not None else limit_reset(answer.headers)
    return trouble


def limit_reset(headers: Mapping[str, str]) -> float:
    """Seconds from X-RateLimit-Reset, measured against the instance's own Date: its clock is not ours."""
    try:
        reset = datetime.fromisoformat(headers["x-ratelimit-reset"])
        now = parsedate_to_datetime(headers["date"]) if "date" in headers else utc_now()
        return max(1.0, (aware(reset) - aware(now)).total_seconds())
    except (KeyError, ValueError, TypeError):
        return LIMITED_WAIT


def aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _status(answer: Answer, body: Any) -> Status:
    try:
        return Status(
            id=str(body["id"]),
            address=str(body.get("url") or ""),
            html=str(body.get("content") or ""),
            source=str(body.get("text") or ""),
            visibility=str(body.get("visibility") or "public"),
            created_at=aware(datetime.fromisoformat(body["created_at"])),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise answer.broken("{platform} antwortet unverständlich.", f"no post: {answer.excerpt}") from error


def _inside(body: Any, name: str) -> dict[str, Any]:
    found = body.get(name) if isinstance(body, dict) else None
    return found if isinstance(found, dict) else {}
