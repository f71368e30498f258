"""What was changed on a post after it went out, as its page shows it: when, why, and word for word."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from datetime import datetime

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from ausrufer.public import dates
from ausrufer.public.told import Told

WORDS = re.compile(r"\S+|\s+")


@dataclass(frozen=True)
class Corrected:
    at: datetime
    time: str  # "23. November, 15:06"
    moment: str  # for machines
    reason: str
    difference: SafeString  # the text with what was struck and what is new


def corrected(change: Told) -> Corrected:
    assert change.changed_at
    moment = change.changed_at.isoformat(timespec="seconds")
    told = difference(change.before or "", change.after or "")
    return Corrected(change.changed_at, dates.stand(change.changed_at), moment, change.reason or "", told)


def difference(before: str, after: str) -> SafeString:
    """Old words struck, new words marked, each with a prefix for those who listen."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    parts: list[str] = []
    for kind, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        unchanged = kind == "equal"
        parts.append(escape("".join(old[i:j])) if unchanged else changed("".join(old[i:j]), "".join(new[k:m])))
    return mark_safe("".join(parts).replace("\n", "<br>"))  # every part is escaped above


def changed(gone: str, fresh: str) -> str:
    """A space in front is kept, since neither marks nor words may touch the word before."""
    struck = f'<del><span class="sr">bisher: </span>{escape(gone.strip())}</del> ' if gone.strip() else ""
    marked = f'<ins><span class="sr">jetzt: </span>{escape(fresh.strip())}</ins> ' if fresh.strip() else ""
    return (" " if gone[:1].isspace() or fresh[:1].isspace() else "") + struck + marked
