"""The profile as a citizen would see it: a look of its own, and plainly a stand-in."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from sandbox import pages
from sandbox.bluesky.accounts import Account
from sandbox.bluesky.world import Record, World
from sandbox.http import Reply
from sandbox.pages import STYLE, framed

LOCAL = ZoneInfo("Europe/Berlin")
SHOWN = 100  # posts on the profile


def answer(world: World, path: str) -> Reply | None:
    """None when the address is no page for people."""
    if path == "/style.css":
        return STYLE
    if path.startswith("/blob/"):
        blob = world.blobs.get(path.removeprefix("/blob/"))
        return Reply(200, blob.content, blob.mime) if blob else missing()
    if path == "/":
        first = next(iter(world.accounts.values()), None)
        return Reply(302, headers={"Location": f"/profile/{first.handle}"}) if first else missing()
    if not path.startswith("/profile/"):
        return None
    who, _, rest = path.removeprefix("/profile/").rstrip("/").partition("/")
    account = world.account_named(who)
    if account and not rest:
        return profile(world, account)
    key = rest.removeprefix("post/")
    for record in world.shown_posts():
        if account and record.did == account.did and record.uri.endswith(f"/{key}"):
            return single(world, record)
    return missing()


def profile(world: World, account: Account) -> Reply:
    mine = [each for each in world.shown_posts() if each.did == account.did][-SHOWN:]
    posts = "".join(article(world, each) for each in reversed(mine)) or "<p>Noch keine Beiträge.</p>"
    return page(f"@{account.handle}", f"<h1>{escape(account.name)}</h1><p>@{escape(account.handle)}</p>{posts}")


def single(world: World, record: Record) -> Reply:
    handle = escape(world.accounts[record.did].handle)
    back = f'<p><a href="/profile/{handle}">@{handle}</a></p>'
    return page(f"@{handle}", f"<h1>Beitrag</h1>{back}{thread(world, record)}")


def thread(world: World, record: Record) -> str:
    return article(world, record) + "".join(thread(world, each) for each in world.replies_to(record.uri))


def article(world: World, record: Record) -> str:
    account = world.accounts[record.did]
    moment = datetime.fromtimestamp(record.indexed_at, UTC).astimezone(LOCAL)
    address = f"/profile/{escape(account.handle)}/post/{escape(record.uri.rsplit('/', 1)[-1])}"
    shown = f"{moment:%d.%m.%Y, %H:%M:%S} Uhr"
    when = f'<a href="{address}"><time datetime="{moment.isoformat()}">{shown}</time></a>'
    answer = '<p class="soft">Antwort</p>' if "reply" in record.value else ""
    language = escape((record.value.get("langs") or ["de"])[0])
    text = linked(record.value["text"], record.value.get("facets", []))
    return f'<article lang="{language}">{when}{answer}<p>{text}</p>{embed(record.value.get("embed", {}))}</article>'


def linked(text: str, facets: list[dict[str, Any]]) -> str:
    """By bytes, as the facets count."""
    content, shown, place = text.encode(), "", 0
    for facet in facets:
        start, stop = facet["index"]["byteStart"], facet["index"]["byteEnd"]
        feature = facet["features"][0]
        target = feature.get("uri") or (f"/profile/{feature['did']}" if "did" in feature else f"#{feature.get('tag')}")
        shown += escape(content[place:start].decode())
        shown += f'<a href="{escape(target)}" rel="nofollow">{escape(content[start:stop].decode())}</a>'
        place = stop
    return shown + escape(content[place:].decode())


def embed(said: dict[str, Any]) -> str:
    shown = "".join(
        f'<figure><img src="/blob/{escape(image["image"]["ref"]["$link"])}" alt="{escape(image["alt"])}" '
        f'loading="lazy"><figcaption aria-hidden="true">Bildbeschreibung: {escape(image["alt"])}</figcaption></figure>'
        for image in said.get("images", [])
    )
    if video := said.get("video"):
        tracks = "".join(
            f'<track kind="captions" srclang="{escape(each["lang"])}" '
            f'src="/blob/{escape(each["file"]["ref"]["$link"])}">'
            for each in said.get("captions", [])
        )
        shown += f'<video src="/blob/{escape(video["ref"]["$link"])}" controls>{tracks}</video>'
    if card := said.get("external"):
        title, description = escape(card["title"]), escape(card["description"])
        shown += f'<p class="card"><a href="{escape(card["uri"])}">{title}</a><br>{description}</p>'
    return shown


def missing() -> Reply:
    return pages.missing("Bluesky")


def page(title: str, content: str) -> Reply:
    return framed("Bluesky", title, content)
