"""What a citizen sees of a small stand-in: plain, readable, and plainly played."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from sandbox.http import Reply, as_html

FRAME = """<!doctype html>
<html lang="de">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · nachgestelltes {platform}</title>
<style>
:root {{ color-scheme: light dark; font: 1.0625rem/1.5 system-ui, sans-serif; }}
body {{ margin: 0 auto; max-width: 38rem; padding: 1rem; }}
article {{ border: 1px solid GrayText; border-radius: .75rem; margin: 1rem 0; padding: 1rem; overflow-wrap: anywhere; }}
article p {{ white-space: pre-line; }}
img, video {{ max-width: 100%; border-radius: .5rem; }}
</style>
</head>
<body>
<p><small>Nachgestelltes {platform}. Mit dem echten {platform} hat diese Seite nichts zu tun.</small></p>
<main><h1>{title}</h1>
{content}
</main>
</body>
</html>
"""


def page(platform: str, title: str, articles: Iterable[str]) -> Reply:
    content = "\n".join(articles) or "<p>Noch keine Beiträge.</p>"
    return as_html(FRAME.format(platform=platform, title=escape(title), content=content))


def missing(platform: str) -> Reply:
    content = "<p>Diesen Beitrag gibt es nicht (mehr).</p>"
    return as_html(FRAME.format(platform=platform, title="Nicht gefunden", content=content), 404)


def article(address: str, text: str, *pieces: str) -> str:
    below = "".join(pieces)
    return f'<article><p>{escape(text)}</p>{below}<p><a href="{escape(address)}">Zum Beitrag</a></p></article>'
