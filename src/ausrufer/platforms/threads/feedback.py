"""What citizens answered, and what Threads counts (sheet, sections 7 and 9)."""

from __future__ import annotations

from typing import Any

from ausrufer.adapter.contract import Metric, Reply
from ausrufer.adapter.graph import number
from ausrufer.adapter.http import Answer
from ausrufer.kernel.clock import utc_now
from ausrufer.platforms.threads.reading import threads_of

REPLY_FIELDS = "id,text,username,timestamp,permalink,replied_to,hide_status,is_reply_owned_by_me"
METRICS = "views,likes,replies,reposts,quotes,shares"
HIDDEN = {"HIDDEN", "COVERED", "BLOCKED", "RESTRICTED"}
MOST_PAGES = 5  # of a hundred answers each


def replies_of(answer: Answer, ours: set[str]) -> tuple[list[Reply], str]:
    """One page without what is ours, and the cursor of the next; "" when it is the last."""
    threads = {each.id: each for each in threads_of(answer)}
    found = []
    for entry in answer.json()["data"]:
        thread = threads.get(str(entry.get("id"))) if isinstance(entry, dict) else None
        if thread is None or thread.id in ours or entry.get("is_reply_owned_by_me") is True:
            continue
        is_hidden, at = entry.get("hide_status") in HIDDEN, thread.timestamp or utc_now()
        author = str(entry.get("username") or "")
        found.append(Reply(thread.id, author, thread.text, at, thread.address, thread.answers, is_hidden))
    return found, cursor(answer.json()) if threads else ""


def cursor(body: dict[str, Any]) -> str:
    paging = body.get("paging")
    cursors = paging.get("cursors") if isinstance(paging, dict) else None
    return str(cursors.get("after") or "") if isinstance(cursors, dict) else ""


def metrics_of(answer: Answer) -> list[Metric]:
    body = answer.json()
    entries = body.get("data") if isinstance(body, dict) else None
    if not isinstance(entries, list):
        raise answer.broken("{platform} antwortet unverständlich.", f"no list: {answer.excerpt}")
    return [metric for entry in entries if isinstance(entry, dict) and (metric := metric_of(entry))]


def metric_of(entry: dict[str, Any]) -> Metric | None:
    values = entry.get("values")
    first = values[0] if isinstance(values, list) and values else None
    if entry.get("name") not in METRICS.split(",") or not isinstance(first, dict) or "value" not in first:
        return None
    return Metric(str(entry["name"]), number(first["value"]))
