"""Captions of a film on Facebook: `POST /{video}/captions` with a SubRip file whose name tells the language.

Source: developers.facebook.com/docs/graph-api/reference/video/captions (v25.0: `captions_file` named
"filename.locale.srt", at most 200K, `default_locale`; the answer is `success`). Locales are `ll_CC`, as
developers.facebook.com/docs/javascript/internationalization has it. A file that is not sent as
`application/octet-stream` is refused (facebookarchive/php-graph-sdk, issue 731), with code 385 (restfb, issue 753).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ausrufer.adapter.captions import stored_srt
from ausrufer.adapter.contract import Captions, Video
from ausrufer.adapter.errors import Rejected, Trouble
from ausrufer.adapter.graph import reads_any
from ausrufer.adapter.http import Answer
from ausrufer.adapter.supplies import Supplies

MAX_SIZE = 200_000  # bytes
DEADLINE = 5.0  # seconds for one file; a film may have five
LOCALES = {"de": "de_DE", "en": "en_US", "fr": "fr_FR", "uk": "uk_UA", "ar": "ar_AR"}  # Luxembourgish is none of them


def shown(video: Video) -> Video:
    """With the captions Facebook takes."""
    return replace(video, captions=tuple(each for each in video.captions if takes(each)))


def takes(captions: Captions) -> bool:
    """As SubRip they are not much longer than they are now: each gets a number."""
    return captions.language in LOCALES and captions.size <= MAX_SIZE


def request(supplies: Supplies, captions: Captions, *, is_default: bool) -> dict[str, Any]:
    """Raises Rejected when they are gone, or are none that Facebook takes: what was approved long ago may have such."""
    locale, content = LOCALES.get(captions.language, ""), stored_srt(supplies, captions)
    if not locale or len(content) > MAX_SIZE:
        said = f"{captions.language}, {len(content)} bytes"
        raise Rejected("Facebook nimmt die Untertitel nicht an.", diagnostic=said)
    file = (f"untertitel.{locale}.srt", content, "application/octet-stream")
    return {"files": {"captions_file": file}, "data": {"default_locale": locale} if is_default else {}}


def reads(answer: Answer) -> Trouble | None:
    if answer.status == 400:
        return Rejected("Facebook nimmt die Untertitel nicht an.", diagnostic=answer.excerpt)
    return reads_any(answer)
