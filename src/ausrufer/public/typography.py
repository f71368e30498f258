"""Text for the page only: escaped, with links, and with spaces that keep numbers and units together."""

from __future__ import annotations

import re

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from ausrufer.kernel.text import LINK
from ausrufer.public.dates import MONTHS, NO_BREAK

UNITS = "Uhr|Euro|€|%|km/h|km|m|cm|mm|kg|t|°C|Grad|Prozent|Tausend|Millionen|Milliarden|Mio\\.|Mrd\\."
TOGETHER = re.compile(
    rf"(?<=\d\.) (?={'|'.join(MONTHS)})|(?<=\d) (?=(?:{UNITS})(?!\w))"
    r"|(?<=\bz\.) (?=B\.)|(?<=\bNr\.) (?=\d)|(?<=§) (?=\d)"
)


def kept_together(text: str) -> str:
    """With no-break spaces; never in a sent text, where each would cost an extra byte."""
    return TOGETHER.sub(NO_BREAK, text)


def with_links(text: str) -> SafeString:
    """Escaped, addresses as links. Whatever somebody typed, nothing of it is markup."""
    parts: list[str] = []
    position = 0
    for link in LINK.finditer(text):
        parts.append(escape(kept_together(text[position : link.start()])))
        parts.append(format_html('<a href="{}" rel="noopener">{}</a>', link.group(), shown(link.group())))
        position = link.end()
    parts.append(escape(kept_together(text[position:])))
    return mark_safe("".join(parts))  # every part is escaped above


def shown(address: str) -> str:
    return address.split("://", 1)[1].removeprefix("www.").rstrip("/")


def paragraphs(text: str) -> list[SafeString]:
    """A blank line begins a paragraph, a single one breaks the line."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text) if block.strip()]
    return [mark_safe(with_links(block).replace("\n", "<br>")) for block in blocks]
