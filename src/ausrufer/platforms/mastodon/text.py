"""How Mastodon counts a text, and how its HTML becomes the text again."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from ausrufer.kernel.text import LINK, graphemes, normal

LINK_LENGTH = 23  # characters, however long the address is (StatusLengthValidator)
MENTION = re.compile(r"(?<![\w/@])@(\w[\w.-]*)@[\w.-]*\w")
BREAKS = {"p", "br", "div", "li", "blockquote"}
# White space, joiners' neighbours and the marks that some instances read as emphasis.
NOT_COMPARED = re.compile(r"[\s\u200b\u2060*_~`]+")


def measured(text: str, link_length: int = LINK_LENGTH) -> int:
    """Graphemes; an address with a scheme counts 23, and of @user@domain only @user."""
    return len(graphemes(MENTION.sub(r"@\1", LINK.sub("x" * link_length, text))))


def plain(html: str) -> str:
    """The text of a post's HTML; parts an instance hides inside long addresses are kept."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return normal("".join(reader.parts))


def same_text(sent: str, shown: str) -> bool:
    """Equal but for white space, emphasis marks and the domains of mentions, which instances change."""
    return compared(sent) == compared(shown)


def compared(text: str) -> str:
    return NOT_COMPARED.sub("", MENTION.sub(r"@\1", normal(text)))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)
