"""The channel as a citizen sees it without a login: t.me/s, and one post of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

from sandbox.http import Reply
from sandbox.pages import framed, page
from sandbox.telegram.entities import Entity

CHANNEL = "stadt_trier"
WORDS = {"photo": "Bild", "video": "Video"}
NEWEST = 20  # posts on the page


@dataclass
class Shown:
    id: int
    text: str = ""
    kind: str = ""  # "" | photo | video
    reply_to: int = 0
    group: int = 0  # id of the first of an album
    at: float = 0.0
    entities: list[Entity] = field(default_factory=list)


Posts = dict[int, Shown]


def answer(posts: Posts, path: str) -> Reply | None:
    """None when the address is no page for people."""
    first, _, last = path.strip("/").rpartition("/")
    if last in ("", CHANNEL) and first in ("", "s"):
        firsts = [each for each in posts.values() if each.group in (0, each.id)]
        drawn_ones = "".join(drawn(posts, each) for each in firsts[-NEWEST:])
        return page("Telegram", "Stadt Trier", [f'<section class="tgme_channel_history">{drawn_ones}</section>'])
    if first == CHANNEL and last.isdecimal():
        post = posts.get(int(last))
        missing = '<div class="tgme_widget_message_error">Post not found</div>'
        return framed("Telegram", "Stadt Trier", drawn(posts, post) if post else missing)
    return None


def drawn(posts: Posts, post: Shown) -> str:
    album = [each for each in posts.values() if post.group and each.group == post.group] or [post]
    pieces = [
        f'<a class="tgme_widget_message_{each.kind}_wrap" href="https://t.me/{CHANNEL}/{each.id}?single">'
        f"▧ {WORDS[each.kind]}</a>"
        for each in album
        if each.kind
    ]
    words = linked(post).replace("\n", "<br/>")
    text = f'<div class="tgme_widget_message_text js-message_text" dir="auto">{words}</div>' if words else ""
    head = f'<article><div class="tgme_widget_message" data-post="{CHANNEL}/{post.id}">'
    return f"{head}{quoted(posts, post)}{''.join(pieces)}{text}</div></article>"


def linked(post: Shown) -> str:
    """Addresses can be clicked as far as the post has entities for them."""
    content, shown, place = post.text.encode("utf-16-le"), "", 0
    for each in post.entities:
        start, stop = 2 * each["offset"], 2 * (each["offset"] + each["length"])
        if each["type"] == "url" and start >= place:
            address = escape(content[start:stop].decode("utf-16-le"))
            shown += escape(content[place:start].decode("utf-16-le")) + f'<a href="{address}">{address}</a>'
            place = stop
    return shown + escape(content[place:].decode("utf-16-le"))


def quoted(posts: Posts, post: Shown) -> str:
    """What an answer answers stands above it, in the same class as its own words."""
    above = posts.get(post.reply_to)
    if above is None:
        return ""
    words = f'<div class="tgme_widget_message_text js-message_reply_text" dir="auto">{escape(above.text)}</div>'
    return f'<a class="tgme_widget_message_reply" href="https://t.me/{CHANNEL}/{above.id}">{words}</a>'
