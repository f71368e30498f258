"""`python -m sandbox.telegram --port N`: the Bot API and t.me/s of one channel."""

from __future__ import annotations

import json
import re
import time
from typing import Any

from sandbox.http import Reply, Request, as_json
from sandbox.misbehaving import Faults
from sandbox.playing import opening, parts, play
from sandbox.telegram import channel_page
from sandbox.telegram.channel_page import CHANNEL, Shown
from sandbox.telegram.checks import check_album, check_caption, check_file, check_options, check_text
from sandbox.telegram.entities import entities_of
from sandbox.telegram.errors import Refused, limited
from sandbox.telegram.flood import Flood

TOKEN = "4711:demo-token"
LEFT_OUT = re.compile("[\u2028-\u202e\u0333\u033f\u030a]")  # as TDLib's clean_input_string does it
MAX_UPLOAD = 51_000_000  # bytes of one call: a film of 50 MB, and the form around it
MAX_READ = 60_000_000  # bytes; of a longer call nothing is heard
DELETABLE = 48 * 3600.0  # seconds


class Telegram:
    kept_as = Shown

    def __init__(self) -> None:
        self.flood = Flood()
        self.faults = Faults(lambda seconds: limited(seconds).reply(), self.flood.calm)
        self.posts: channel_page.Posts = {}
        self.last = 0

    async def played(self, request: Request) -> Reply:
        try:
            token, _, method = request.path.removeprefix("/bot").partition("/")
            if token != TOKEN:
                raise Refused("Unauthorized", 401)
            if len(request.body) > MAX_UPLOAD:
                raise Refused("Request Entity Too Large", 413)
            return as_json({"ok": True, "result": self.call(method, parts(request), time.time())})
        except Refused as refused:
            return refused.reply()

    def call(self, method: str, said: dict[str, Any], now: float) -> Any:
        """Raises Refused."""
        if method == "getMe":
            return {"id": 4711, "is_bot": True, "first_name": "Ausrufer", "username": "ausrufer_bot"}
        if str(said.get("chat_id")) != f"@{CHANNEL}":
            raise Refused("Bad Request: chat not found")
        match method:
            case "getChat":
                return {"id": -1001, "type": "channel", "title": "Stadt Trier", "username": CHANNEL}
            case "sendMessage" | "sendPhoto" | "sendVideo":
                return facts(self.send([single(said, method.removeprefix("send").lower())], said, now)[0])
            case "sendMediaGroup":
                return [facts(each) for each in self.send(album(said), said, now)]
            case "editMessageText" | "editMessageCaption":
                return self.edit(said, is_text=method == "editMessageText")
            case "deleteMessage":
                return self.delete(said, now)
        raise Refused("Not Found", 404)

    def send(self, fresh: list[Shown], said: dict[str, Any], now: float) -> list[Shown]:
        """All of them, or none. Raises Refused."""
        check_options(said)
        reply = said.get("reply_parameters")
        reply = json.loads(reply) if isinstance(reply, str) else reply or {}
        if reply and reply["message_id"] not in self.posts:
            raise Refused("Bad Request: message to be replied not found")
        self.flood.take(len(fresh), now)
        group = self.last + 1 if len(fresh) > 1 else 0
        for each in fresh:
            self.last += 1
            each.id, each.group, each.reply_to, each.at = self.last, group, reply.get("message_id", 0), now
            self.posts[each.id] = each
        return fresh

    def edit(self, said: dict[str, Any], *, is_text: bool) -> dict[str, Any]:
        """Raises Refused."""
        post = self.posts.get(int(said["message_id"]))
        if post is None:
            raise Refused("Bad Request: message to edit not found")
        if is_text == bool(post.kind):
            raise Refused("Bad Request: there is no text in the message to edit")
        check_options(said)
        fresh = worded(post.kind, said)
        if (fresh.text, fresh.entities) == (post.text, post.entities):
            raise Refused("Bad Request: message is not modified")
        post.text, post.entities = fresh.text, fresh.entities
        return facts(post)

    def delete(self, said: dict[str, Any], now: float) -> bool:
        """Raises Refused."""
        post = self.posts.get(int(said["message_id"]))
        if post is None:
            raise Refused("Bad Request: message to delete not found")
        if now - post.at > DELETABLE:
            raise Refused("Bad Request: message can't be deleted")
        del self.posts[post.id]
        return True

    def page(self, request: Request) -> Reply | None:
        return channel_page.answer(self.posts, request.path)

    def shown(self) -> list[dict[str, Any]]:
        return [{"id": each.id, "text": each.text, "kind": each.kind} for each in self.posts.values()]


def single(said: dict[str, Any], kind: str) -> Shown:
    """`kind`: message, photo or video. Raises Refused."""
    if kind == "message":
        return worded("", said)
    check_file(said.get(kind), kind)
    return worded(kind, said)


def album(said: dict[str, Any]) -> list[Shown]:
    """Raises Refused."""
    media = json.loads(said.get("media", "[]"))
    check_album(media, said)
    return [worded(each["type"], each) for each in media]


def worded(kind: str, said: dict[str, Any]) -> Shown:
    """Raises Refused."""
    text = LEFT_OUT.sub("", str(said.get("caption" if kind else "text", ""))).strip()
    (check_caption if kind else check_text)(text)
    return Shown(0, text, kind, entities=entities_of(text, said.get("caption_entities" if kind else "entities")))


def facts(post: Shown) -> dict[str, Any]:
    name = "caption" if post.kind else "text"
    words = {name: post.text, "caption_entities" if post.kind else "entities": post.entities}
    return {"message_id": post.id, "date": int(post.at), "chat": {"id": -1001, "username": CHANNEL}} | words


opened = opening(Telegram, largest=MAX_READ)

if __name__ == "__main__":
    play("telegram", opened)
