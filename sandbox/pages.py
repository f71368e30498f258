"""What a citizen sees of a stand-in: plain, readable, and plainly played."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path

from sandbox.http import Reply, as_html

FRAME = (Path(__file__).parent / "page.html").read_text()
STYLE = Reply(200, (Path(__file__).parent / "style.css").read_bytes(), "text/css; charset=utf-8")


def framed(platform: str, title: str, content: str, status: int = 200) -> Reply:
    """`content` is HTML."""
    named = FRAME.replace("{platform}", platform).replace("{title}", escape(title))
    return as_html(named.replace("{content}", content), status)


def page(platform: str, title: str, articles: Iterable[str]) -> Reply:
    content = "\n".join(articles) or "<p>Noch keine Beiträge.</p>"
    return framed(platform, title, f"<h1>{escape(title)}</h1>{content}")


def missing(platform: str) -> Reply:
    return framed(platform, "Nicht gefunden", "<h1>Nicht gefunden</h1><p>Diesen Beitrag gibt es nicht (mehr).</p>", 404)


def article(address: str, text: str, *pieces: str) -> str:
    below = "".join(pieces)
    return f'<article><p>{escape(text)}</p>{below}<p><a href="{escape(address)}">Zum Beitrag</a></p></article>'
