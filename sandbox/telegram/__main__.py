"""`python -m sandbox.telegram --port N`: the Bot API and t.me/s of one channel."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field
from html import escape
from typing import Any

from sandbox.http import Reply, Request, as_json
from sandbox.misbehaving import Faults
from sandbox.pages import framed, page
from sandbox.pictures import dimensions
from sandbox.playing import opening, parts, play

TOKEN = "4711:demo-token"
CHANNEL = "stadt_trier"
WORDS = {"photo": "Bild", "video": "Video"}
LEFT_OUT = re.compile("[\u2028-\u202e\u0333\u033f\u030a]")  # as TDLib's clean_input_string does it
MAX_PHOTO = 10_000_000  # bytes
MAX_UPLOAD = 51_000_000  # bytes of one call: a film of 50 MB, and the form around it
MAX_READ = 60_000_000  # bytes; of a longer call nothing is heard
MAX_SIDES, MAX_RATIO = 10_000, 20  # pixels of both sides together; of the longer to the shorter
DELETABLE = 48 * 3600.0  # seconds


class Refused(Exception):
    def __init__(self, description: str, code: int = 400, **parameters: Any) -> None:
        self.body = {"ok": False, "error_code": code, "description": description}
        if parameters:
            self.body["parameters"] = parameters
        self.code = code


@dataclass
class Shown:
    id: int
    text: str = ""
    kind: str = ""  # "" | photo | video
    reply_to: int = 0
    group: int = 0  # id of the first of an album
    at: float = field(default_factory=time.time)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def limited(seconds: float) -> Reply:
    refused = Refused(f"Too Many Requests: retry after {seconds:.0f}", 429, retry_after=int(seconds))
    return as_json(refused.body, 429)


class Telegram:
    kept_as = Shown

    def __init__(self) -> None:
        self.faults = Faults(limited)
        self.posts: dict[int, Shown] = {}
        self.last = 0

    async def played(self, request: Request) -> Reply:
        try:
            token, _, method = request.path.removeprefix("/bot").partition("/")
            if token != TOKEN:
                raise Refused("Unauthorized", 401)
            if len(request.body) > MAX_UPLOAD:
                raise Refused("Request Entity Too Large", 413)
            return as_json({"ok": True, "result": self.call(method, parts(request))})
        except Refused as refused:
            return as_json(refused.body, refused.code)

    def call(self, method: str, said: dict[str, Any]) -> Any:
        if method == "getMe":
            return {"id": 4711, "is_bot": True, "first_name": "Ausrufer", "username": "ausrufer_bot"}
        if str(said.get("chat_id")) != f"@{CHANNEL}":
            raise Refused("Bad Request: chat not found")
        match method:
            case "getChat":
                return {"id": -1001, "type": "channel", "title": "Stadt Trier", "username": CHANNEL}
            case "sendMessage":
                return self.facts(self.add(said, self.checked(said.get("text", ""), 4096), ""))
            case "sendPhoto" | "sendVideo":
                kind = method.removeprefix("send").lower()
                self.check_file(said.get(kind), kind)
                return self.facts(self.add(said, self.caption(said), kind))
            case "sendMediaGroup":
                return [self.facts(each) for each in self.album(said)]
            case "editMessageText" | "editMessageCaption":
                return self.edit(said, is_text=method == "editMessageText")
            case "deleteMessage":
                return self.delete(said)
        raise Refused("Not Found", 404)

    def checked(self, text: str, limit: int) -> str:
        if not text.strip():
            raise Refused("Bad Request: message text is empty")
        if units(text) > limit:
            raise Refused("Bad Request: message is too long")
        return text

    def caption(self, said: dict[str, Any]) -> str:
        text = str(said.get("caption", ""))
        if units(text) > 1024:
            raise Refused("Bad Request: message caption is too long")
        return text

    def check_file(self, content: object, kind: str) -> None:
        if not isinstance(content, bytes) or not content:
            raise Refused("Bad Request: there is no photo in the request")
        if kind == "photo" and len(content) > MAX_PHOTO:
            raise Refused(f"Bad Request: file of size {len(content)} bytes is too big for a photo")
        sides = dimensions(content) if kind == "photo" else None
        if sides and (sum(sides) > MAX_SIDES or max(sides) > min(sides) * MAX_RATIO):
            raise Refused("Bad Request: PHOTO_INVALID_DIMENSIONS")

    def album(self, said: dict[str, Any]) -> list[Shown]:
        media = json.loads(said.get("media", "[]"))
        if not 2 <= len(media) <= 10:
            raise Refused("Bad Request: group send failed")
        for each in media:
            self.check_file(said.get(str(each["media"]).removeprefix("attach://")), each["type"])
            self.caption(each)
        found = [self.add(said, each.get("caption", ""), each["type"]) for each in media]
        for each in found:
            each.group = found[0].id
        return found

    def add(self, said: dict[str, Any], text: str, kind: str) -> Shown:
        reply = said.get("reply_parameters")
        reply = json.loads(reply) if isinstance(reply, str) else reply or {}
        if reply and reply["message_id"] not in self.posts:
            raise Refused("Bad Request: message to be replied not found")
        self.last += 1
        self.posts[self.last] = Shown(self.last, LEFT_OUT.sub("", text).strip(), kind, reply.get("message_id", 0))
        return self.posts[self.last]

    def edit(self, said: dict[str, Any], *, is_text: bool) -> dict[str, Any]:
        post = self.posts.get(int(said["message_id"]))
        if post is None:
            raise Refused("Bad Request: message to edit not found")
        if is_text == bool(post.kind):
            raise Refused("Bad Request: there is no text in the message to edit")
        text = self.checked(said["text"], 4096) if is_text else self.caption(said)
        if text.strip() == post.text:
            raise Refused("Bad Request: message is not modified")
        post.text = text.strip()
        return self.facts(post)

    def delete(self, said: dict[str, Any]) -> bool:
        post = self.posts.get(int(said["message_id"]))
        if post is None:
            raise Refused("Bad Request: message to delete not found")
        if time.time() - post.at > DELETABLE:
            raise Refused("Bad Request: message can't be deleted")
        del self.posts[post.id]
        return True

    def facts(self, post: Shown) -> dict[str, Any]:
        words = {"caption" if post.kind else "text": post.text}
        return {"message_id": post.id, "date": int(post.at), "chat": {"id": -1001, "username": CHANNEL}} | words

    def page(self, request: Request) -> Reply | None:
        first, _, last = request.path.strip("/").rpartition("/")
        if last in ("", CHANNEL) and first in ("", "s"):
            firsts = [each for each in self.posts.values() if each.group in (0, each.id)]
            history = f'<section class="tgme_channel_history">{"".join(map(self.drawn, firsts[-20:]))}</section>'
            return page("Telegram", "Stadt Trier", [history])
        if first == CHANNEL and last.isdecimal():
            post = self.posts.get(int(last))
            missing = '<div class="tgme_widget_message_error">Post not found</div>'
            return framed("Telegram", "Stadt Trier", self.drawn(post) if post else missing)
        return None

    def drawn(self, post: Shown) -> str:
        album = [each for each in self.posts.values() if post.group and each.group == post.group] or [post]
        pieces = [
            f'<a class="tgme_widget_message_{each.kind}_wrap" href="https://t.me/{CHANNEL}/{each.id}?single">'
            f"▧ {WORDS[each.kind]}</a>"
            for each in album
            if each.kind
        ]
        words = escape(post.text).replace("\n", "<br/>")
        text = f'<div class="tgme_widget_message_text js-message_text" dir="auto">{words}</div>' if words else ""
        head = f'<article><div class="tgme_widget_message" data-post="{CHANNEL}/{post.id}">'
        return f"{head}{self.quoted(post)}{''.join(pieces)}{text}</div></article>"

    def quoted(self, post: Shown) -> str:
        """What an answer answers stands above it, in the same class as its own words."""
        above = self.posts.get(post.reply_to)
        if above is None:
            return ""
        words = f'<div class="tgme_widget_message_text js-message_reply_text" dir="auto">{escape(above.text)}</div>'
        return f'<a class="tgme_widget_message_reply" href="https://t.me/{CHANNEL}/{above.id}">{words}</a>'

    def shown(self) -> list[dict[str, Any]]:
        return [{"id": each.id, "text": each.text, "kind": each.kind} for each in self.posts.values()]


opened = opening(Telegram, largest=MAX_READ)

if __name__ == "__main__":
    play("telegram", opened)
