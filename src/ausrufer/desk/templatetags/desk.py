"""Filters for times and words, shapes of states, and pieces of a page that are replaced only when they changed."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from ausrufer.adapter.contract import Picture, Video
from ausrufer.desk import moments
from ausrufer.desk.shapes import shape_of
from ausrufer.kernel.sentence import Sentence, Words
from ausrufer.kernel.text import first_sentence
from ausrufer.posts.models import Attachment, Post
from ausrufer.posts.pictures import ENDINGS
from ausrufer.public.typography import kept_together

register = template.Library()
NUMBER = re.compile(r"\d{1,2}\.\d{1,2}\. [\d:]+|\d[\d:]*")  # "1.12. 14:31" is one: `kernel.clock.clock_words`
SENTENCE_END = re.compile(r"(?<=\D[.?!]) ")  # not the dot of a date

register.filter("at", moments.at)
register.filter("at_seconds", moments.at_seconds)
register.filter("at_tenths", moments.at_tenths)
register.filter("clock", moments.clock)
register.filter("clock_seconds", moments.clock_seconds)
register.filter("clock_tenths", moments.clock_tenths)
register.filter("day", moments.day)
register.filter("day_and_clock", moments.day_and_clock)
register.filter("day_and_tenths", moments.day_and_tenths)
register.filter("seconds", moments.seconds)
register.filter("seconds_with_unit", moments.seconds_with_unit)


@register.filter
def first(text: str) -> str:
    """The sentence that carries."""
    return first_sentence(text)[0]


@register.filter
def shown_text(post: Post) -> str:
    """As it was corrected last."""
    return str(post.release.shown_text) if hasattr(post, "release") else post.text


@register.filter
def kept(text: str) -> str:
    """Dates, times and numbers with their unit do not break over lines; for the page only."""
    return kept_together(text)


@register.filter
def rest(text: str) -> str:
    return first_sentence(text)[1]


@register.filter
def said(words: Words) -> str:
    """A sentence from the core, or several, in the reader's language."""
    if isinstance(words, tuple):
        return " ".join(filter(None, map(said, words)))
    if isinstance(words, Sentence):
        return gettext(words.text).format_map(words.values)
    return " ".join(in_words(part) for part in re.split(SENTENCE_END, words)) if words else ""


@register.filter
def translated(words: str) -> str:
    """A label or hint of a platform, as it stands in the catalogue."""
    return gettext(words) if words else ""


@register.filter
def said_json(stored: dict[str, Any]) -> str:
    return said(Sentence.from_json(stored))


@register.filter
def progress_id(video: Attachment) -> str:
    return f"video-progress-{video.pk}"


def in_words(words: str) -> str:
    """Times and numbers stand as {} in the catalogue: "bittet um Geduld bis {}"."""
    pattern = NUMBER.sub("{}", words)
    translated = gettext(pattern)
    if translated == pattern:  # "ganzer Text, 1 Bild, 1 Video": each piece stands there for itself
        translated = ", ".join(gettext(piece) for piece in pattern.split(", "))
    values = map(moments.in_readers_form, NUMBER.findall(words))
    return words if translated == pattern else translated.format(*values)


@register.filter
def machine(moment: datetime) -> str:
    """For `datetime` attributes."""
    return moment.isoformat(timespec="milliseconds")


@register.filter
def file_name(media: Attachment | Picture | Video) -> str:
    return f"{media.digest}.{ENDINGS[media.mime]}"


@register.filter
def bare(address: str) -> str:
    """As a person would write it down."""
    return address.split("://", 1)[-1]


@register.simple_tag
def shape(name: str) -> SafeString:
    """The shape of a state; its word stands beside it, so it is silent for screen readers."""
    return shape_of(name)


@register.tag
def piece(parser: Parser, token: Token) -> Piece:
    """`{% piece "p" id="saved" class="quiet" %}…{% endpiece %}`: an element that carries the print of its content."""
    name, tag, *rest_of = token.split_contents()
    attributes = token_kwargs(rest_of, parser)
    if "id" not in attributes:
        raise template.TemplateSyntaxError(f"{name} needs an id, since it is found again by it")
    content = parser.parse(("endpiece",))
    parser.delete_first_token()
    return Piece(parser.compile_filter(tag), attributes, content)


class Piece(template.Node):
    """With `pieces_only` in the context it tells htmx to replace its namesake; the script leaves equal prints alone."""

    def __init__(self, tag: FilterExpression, attributes: dict[str, FilterExpression], nodelist: NodeList) -> None:
        self.tag = tag
        self.attributes = attributes
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        content = self.nodelist.render(context)
        values: dict[str, Any] = {
            key.replace("_", "-"): value.resolve(context) for key, value in self.attributes.items()
        }
        values = {key: value for key, value in values.items() if value not in (None, "", False)}
        seen = f"{sorted(values.items())}{content}"
        values["data-print"] = hashlib.sha256(seen.encode()).hexdigest()[:10]
        if context.get("pieces_only"):
            values["hx-swap-oob"] = "true"
        drawn = format_html_join("", ' {}="{}"', values.items())
        return format_html("<{0}{1}>{2}</{0}>", self.tag.resolve(context), drawn, content)
