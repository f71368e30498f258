"""The profile as a citizen would see it: a look of its own, and plainly a stand-in."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

from sandbox.http import Reply, as_html
from sandbox.threads.world import Account, Post, World

LOCAL = ZoneInfo("Europe/Berlin")
HERE = Path(__file__).parent


def profile(world: World, account: Account) -> Reply:
    posts = "".join(article(world, each) for each in world.newest_first(account.id)) or "<p>Noch keine Beiträge.</p>"
    return page(f"@{account.username}", f"<h1>{escape(account.name)}</h1><p>@{escape(account.username)}</p>{posts}")


def single(world: World, post: Post) -> Reply:
    return page(f"@{post.username}", f"<h1>@{escape(post.username)}</h1><p>Ein Beitrag</p>{article(world, post)}")


def article(world: World, post: Post) -> str:
    moment = datetime.fromtimestamp(post.published_at, UTC).astimezone(LOCAL)
    pictures = "".join(
        f'<img src="{escape(each["url"])}" alt="{escape(each["alt"])}" loading="lazy">' for each in post.images
    )
    shown = f"{moment:%d.%m.%Y, %H:%M:%S} Uhr"
    when = f'<a href="{world.permalink(post)}"><time datetime="{moment.isoformat()}">{shown}</time></a>'
    return f'<article lang="de">{when}<p>{escape(post.text)}</p>{pictures}</article>'


def missing() -> Reply:
    reply = page("Nicht gefunden", "<h1>Nicht gefunden</h1><p>Diesen Beitrag gibt es nicht.</p>")
    return Reply(404, reply.body, reply.type)


def page(title: str, content: str) -> Reply:
    frame = (HERE / "page.html").read_text()
    return as_html(frame.replace("{title}", escape(title)).replace("{content}", content))


def style() -> Reply:
    return Reply(200, (HERE / "style.css").read_bytes(), "text/css; charset=utf-8")
