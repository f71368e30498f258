"""The profile as a citizen would see it: a look of its own, and plainly a stand-in."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from zoneinfo import ZoneInfo

from sandbox import pages
from sandbox.http import Reply
from sandbox.pages import STYLE, framed
from sandbox.threads.accounts import Account
from sandbox.threads.counting import AFTER, LINK
from sandbox.threads.world import Post, World

LOCAL = ZoneInfo("Europe/Berlin")
SHOWN = 100  # posts on the profile


def answer(world: World, path: str) -> Reply | None:
    """None when the address is no page for people."""
    if path == "/":
        return Reply(302, headers={"Location": "/@stadt_trier"})
    if path == "/style.css":
        return STYLE
    if not path.startswith("/@"):
        return None
    username, _, rest = path[2:].rstrip("/").partition("/")
    account = world.account_named(username)
    if account and not rest:
        return profile(world, account)
    code = rest.removeprefix("post/")
    for post in world.posts.values():
        if account and post.shortcode == code and post.owner == account.id and world.is_shown(post):
            return single(world, post)
    return missing()


def profile(world: World, account: Account) -> Reply:
    posts = [article(world, each) for each in world.newest_first(account.id)[:SHOWN]]
    head = f"<h1>{escape(account.name)}</h1><p>@{escape(account.username)}</p>"
    return page(f"@{account.username}", head + ("".join(posts) or "<p>Noch keine Beiträge.</p>"))


def single(world: World, post: Post) -> Reply:
    back = f'<p><a href="/@{escape(post.username)}">@{escape(post.username)}</a></p>'
    answers = [each for each in world.posts.values() if each.reply_to == post.id and world.is_shown(each)]
    below = "".join(article(world, each) for each in answers)
    return page(f"@{post.username}", f"<h1>Beitrag</h1>{back}{article(world, post)}{below}")


def article(world: World, post: Post) -> str:
    moment = datetime.fromtimestamp(post.published_at, UTC).astimezone(LOCAL)
    shown = f"{moment:%d.%m.%Y, %H:%M:%S} Uhr"
    when = f'<a href="{escape(world.permalink(post))}"><time datetime="{moment.isoformat()}">{shown}</time></a>'
    tag = f' <span class="topic">{escape(post.topic_tag)}</span>' if post.topic_tag else ""
    answer = '<p class="soft">Antwort</p>' if post.reply_to else ""
    return f'<article lang="de">{when}{tag}{answer}<p>{linked(post.text)}</p>{card(post)}{pictures(post)}</article>'


def linked(text: str) -> str:
    shown, place = "", 0
    for found in LINK.finditer(text):
        address = found.group().rstrip(AFTER)
        target = address if "://" in address else f"https://{address}"
        shown += escape(text[place : found.start()])
        shown += f'<a href="{escape(target)}" rel="nofollow">{escape(address)}</a>'
        place = found.start() + len(address)
    return shown + escape(text[place:])


def card(post: Post) -> str:
    return f'<p class="card">{linked(post.link)}</p>' if post.link else ""


def pictures(post: Post) -> str:
    shown = [
        f'<img src="{escape(each["url"])}" alt="{escape(each["alt"])}" loading="lazy">'
        + (
            f'<figcaption aria-hidden="true">Bildbeschreibung: {escape(each["alt"])}</figcaption>'
            if each["alt"]
            else ""
        )
        for each in post.images
    ]
    film = f'<video src="{escape(post.video)}" controls></video>' if post.video else ""
    return film + "".join(f"<figure>{each}</figure>" for each in shown)


def missing() -> Reply:
    return pages.missing("Threads")


def page(title: str, content: str) -> Reply:
    return framed("Threads", title, content)
