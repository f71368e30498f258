"""Text in a letter: escaped, with links and line breaks."""

from __future__ import annotations

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from ausrufer.kernel.text import LINK

register = template.Library()


@register.filter
def linked(text: str) -> SafeString:
    """Whatever somebody typed, nothing of it is markup."""
    parts: list[str] = []
    position = 0
    for link in LINK.finditer(text):
        parts.append(escape(text[position : link.start()]))
        parts.append(format_html('<a href="{}">{}</a>', link.group(), link.group()))
        position = link.end()
    parts.append(escape(text[position:]))
    return mark_safe("".join(parts).replace("\n", "<br>\n"))  # every part is escaped above
