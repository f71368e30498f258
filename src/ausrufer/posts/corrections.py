"""What a reply says that corrects the post above it: the whole new text where it fits, else what changed in it."""

from __future__ import annotations

import difflib
from dataclasses import replace
from itertools import takewhile

from ausrufer.adapter.contract import Draft, Rendition
from ausrufer.channels.models import Channel
from ausrufer.kernel.text import sentences
from ausrufer.posts.render import rendered

CORRECTS = {"de": "Berichtigung:", "en": "Correction:"}  # by language; German for any other
STRUCK = {"de": "Entfällt: „{}“", "en": "No longer valid: “{}”"}
LONG = 160  # characters of a sentence that may push what changed in it over a limit
LEAD = 5  # words before a change, for its sense


def reply(channel: Channel, draft: Draft, *, before: str, reason: str) -> list[Rendition]:
    """`draft` has the new text, `before` is what stands there. Its pictures stay with the post above."""
    draft = replace(draft, pictures=(), videos=())
    head = CORRECTS.get(draft.language, CORRECTS["de"])
    whole = rendered(channel, replace(draft, text=f"{head} {draft.text}")).renditions
    changed = what_changed(before, draft.text, draft.language)
    said = [note] if (note := as_sentence(reason)) else []
    if not (changed or said):
        return whole  # only line breaks
    short = rendered(channel, replace(draft, text=f"{' '.join([head, *said, *changed])}\n{draft.page}")).renditions
    short = [linked_once(each, whole) for each in short]
    if whole[0].wording == "shortened":
        return short
    return [whole[0], *(each for each in short if whole[1:] and each.count < whole[0].count)]


def linked_once(rendition: Rendition, whole: list[Rendition]) -> Rendition:
    """Where a card leads to the own page, the words need not; and it tells of the new text, not of the change."""
    card = rendition.card and next((each.card for each in whole if each.card), rendition.card)
    has_card = card or rendition.link == rendition.page
    text = rendition.text.removesuffix(f"\n{rendition.page}") if has_card else rendition.text
    return replace(rendition, text=text, card=card, wording="shortened")  # `count` stays an upper bound


def what_changed(before: str, after: str, language: str) -> list[str]:
    """The sentences that are new, in order; when there are none, those that are gone."""
    old, new = pieces(before), pieces(after)
    struck = [each for each in old if each not in new]
    found = [from_the_change(each, struck) for each in new if each not in old]
    return found or [STRUCK.get(language, STRUCK["de"]).format(each) for each in struck]


def pieces(text: str) -> list[str]:
    return [each.strip() for line in text.split("\n") for each in sentences(line.strip())]


def from_the_change(sentence: str, struck: list[str]) -> str:
    """Of a long sentence that is much like an old one, what is new and a little before it."""
    alike = difflib.get_close_matches(sentence, struck, n=1) if len(sentence) > LONG else []
    words = sentence.split(" ")
    pairs = zip(words, alike[0].split(" "), strict=False) if alike else ()
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return f"… {' '.join(words[same - LEAD :])}" if same > LEAD else sentence


def as_sentence(reason: str) -> str:
    words = " ".join(reason.split())
    return words if not words or words[-1] in ".!?…" else f"{words}."
