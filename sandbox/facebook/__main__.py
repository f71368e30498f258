"""`python -m sandbox.facebook --port N`: the Graph API of one page, and the page as a citizen sees it."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import urlsplit

from sandbox.facebook.login import Login
from sandbox.fetching import fetch
from sandbox.graph import BAD_TOKEN, UNKNOWN, Refused, limited, wrong
from sandbox.http import Reply, Request, as_json
from sandbox.misbehaving import Faults
from sandbox.pages import article, missing, page
from sandbox.pictures import dimensions
from sandbox.playing import named_file, opening, parts, play

PAGE, NAME, TOKEN = "100200300", "Stadt Trier", "demo-page-token"
MAX_TEXT = 63_206
MAX_PHOTO = 4_000_000  # bytes; subcode 1366046
MAX_CAPTIONS = 200_000  # bytes
LOCALE = re.compile(r"\w+\.([a-z]{2}_[A-Z]{2})\.srt")
SRT = re.compile(rb"1\r?\n\d{2,}:\d\d:\d\d,\d{3} --> \d{2,}:\d\d:\d\d,\d{3}\r?\n\S")
VERSION = re.compile(r"^/v\d+\.\d+(?=/)")


@dataclass
class Post:
    id: str
    text: str
    kind: str = "post"  # post | video
    link: str = ""
    pictures: list[str] = field(default_factory=list)  # alternative texts
    is_published: bool = True
    at: float = field(default_factory=time.time)
    captions: dict[str, bytes] = field(default_factory=dict)  # of a video, by locale

    def as_json(self, host: str) -> dict[str, Any]:
        words = {"description" if self.kind == "video" else "message": self.text}
        when = datetime.fromtimestamp(self.at, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
        facts: dict[str, Any] = {"id": self.id, "created_time": when, "permalink_url": f"http://{host}/posts/{self.id}"}
        counted = {"summary": {"total_count": 0}}
        state = {"is_published": self.is_published, "published": self.is_published, "status": {"video_status": "ready"}}
        return facts | words | state | {"reactions": counted, "comments": counted}


class Facebook:
    kept_as = Post

    def __init__(self) -> None:
        self.faults = Faults(limited)
        self.login = Login({"id": PAGE, "name": NAME, "access_token": TOKEN})
        self.posts: dict[str, Post] = {}  # those that are not published, too
        self.photos: dict[str, str] = {}  # uploaded and not shown yet: id, alternative text
        self.last = 900_000

    async def played(self, request: Request) -> Reply:
        try:
            path = VERSION.sub("", request.path)
            if (reply := self.login.answer(request, path)) is not None:
                return reply
            said = parts(request) if request.method == "POST" else dict(request.params)
            if said.get("access_token", request.params.get("access_token")) != TOKEN:
                raise Refused(*BAD_TOKEN)
            steps = [PAGE if step == "me" else step for step in path.strip("/").split("/")]
            return as_json(await self.call(request, steps, said))
        except Refused as refused:
            return refused.reply()

    async def call(self, request: Request, path: list[str], said: dict[str, Any]) -> Any:
        host = request.headers.get("host", "")
        match request.method, path:
            case "GET", [page] if page == PAGE:
                return {"id": PAGE, "name": NAME, "link": f"http://{host}/"}
            case "GET", [page, "feed" | "videos" as kind] if page == PAGE:
                shown = [each for each in self.readable() if (each.kind == "video") == (kind == "videos")]
                return {"data": [each.as_json(host) for each in shown[::-1][: int(said.get("limit", 25))]]}
            case "POST", [page, "photos"] if page == PAGE:
                return {"id": self.photo(said)}
            case "POST", [page, "feed"] if page == PAGE:
                return {"id": self.publish(said).id}
            case "POST", [video, "captions"]:
                return self.caption(self.known(video), request, said)
            case "POST", [page, "videos"] if page == PAGE:
                return {"id": (await self.video(said)).id}
            case "GET", [post, "comments"]:
                self.known(post)
                return {"data": []}
            case "GET", [post]:
                return self.known(post).as_json(host)
            case "POST", [post]:
                return self.edit(self.known(post), said)
            case "DELETE", [post]:
                del self.posts[self.known(post).id]
                return {"success": True}
        raise wrong("Unknown path components")

    def known(self, post: str) -> Post:
        if post not in self.posts:
            raise Refused(*UNKNOWN)
        return self.posts[post]

    def photo(self, said: dict[str, Any]) -> str:
        content = said.get("source")
        is_picture = isinstance(content, bytes) and (content[:3] == b"\xff\xd8\xff" or dimensions(content))
        if not is_picture or len(content or b"") > MAX_PHOTO:
            raise Refused("Invalid parameter", 100, 1366046)
        if said.get("published") != "false":
            raise wrong("This stand-in takes photos that are not published yet.")
        self.photos[self.next()] = str(said.get("alt_text_custom", ""))
        return str(self.last)

    def publish(self, said: dict[str, Any]) -> Post:
        text = self.checked(said.get("message", ""))
        attached = [str(each["media_fbid"]) for each in json.loads(said.get("attached_media") or "[]")]
        if not all(each in self.photos for each in attached):
            raise Refused("Photos were already posted.", 100, 1366051)
        if attached and said.get("link"):
            raise wrong("link and attached_media cannot be combined.")
        self.check_link(said.get("link", ""))
        pictures = [self.photos.pop(each) for each in attached]
        is_published = said.get("published") != "false"
        post = Post(f"{PAGE}_{self.next()}", text, "post", said.get("link", ""), pictures, is_published)
        return self.add(post)

    def check_link(self, link: str) -> None:
        parts = urlsplit(link)
        if link and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise Refused("The url you supplied is invalid.", 100, 2061006)
        if parts.hostname and parts.hostname.endswith("facebook.com"):
            raise Refused("Links to facebook.com are not allowed.", 100, 1609008)

    async def video(self, said: dict[str, Any]) -> Post:
        text = self.checked(said.get("description", ""))
        found = await fetch(said.get("file_url", ""), 16)
        if found is None or found.body[4:8] != b"ftyp":
            raise Refused("Unable to fetch video file from URL.", 389)
        return self.add(Post(self.next(), text, "video"))

    def caption(self, video: Post, request: Request, said: dict[str, Any]) -> dict[str, Any]:
        name, kind = named_file(request, "captions_file")
        locale, content = LOCALE.fullmatch(name), said.get("captions_file")
        if video.kind != "video" or not locale or said.get("default_locale", "none") not in ("none", locale.group(1)):
            raise wrong("captions_file")
        is_taken = isinstance(content, bytes) and len(content) <= MAX_CAPTIONS and kind == "application/octet-stream"
        if not is_taken or not SRT.match(content or b""):
            raise Refused("Sorry, the captions file you selected is in a format that we don't support.", 385)
        video.captions[locale.group(1)] = content or b""
        return {"success": True}

    def readable(self) -> list[Post]:
        """Oldest first."""
        return [each for each in self.posts.values() if each.is_published]

    def checked(self, text: str) -> str:
        if not text.strip():
            raise wrong("You must provide content.")
        if len(text) > MAX_TEXT:
            raise wrong("The message is too long.")
        return text.strip()

    def add(self, post: Post) -> Post:
        self.posts[post.id] = post
        return post

    def edit(self, post: Post, said: dict[str, Any]) -> dict[str, Any]:
        post.text = self.checked(said.get("description" if post.kind == "video" else "message", ""))
        return {"success": True}

    def next(self) -> str:
        self.last += 1
        return str(self.last)

    def page(self, request: Request) -> Reply | None:
        if request.path == "/":
            return page("Facebook", NAME, (self.drawn(each) for each in reversed(self.readable())))
        if request.path.startswith("/posts/"):
            post = self.posts.get(request.path.removeprefix("/posts/"))
            return page("Facebook", NAME, [self.drawn(post)]) if post and post.is_published else missing("Facebook")
        return None

    def drawn(self, post: Post) -> str:
        pictures = "".join(f"<p>▧ {escape(alt or 'Bild')}</p>" for alt in post.pictures)
        card = f'<p><a href="{escape(post.link)}">{escape(post.link)}</a></p>' if post.link else ""
        film = "".join(["<p>▶ Video</p>", *(f"<p>Untertitel: {each}</p>" for each in post.captions)])
        film = film if post.kind == "video" else ""
        return article(f"/posts/{post.id}", post.text, pictures, card, film)

    def shown(self) -> list[dict[str, Any]]:
        return [
            {"id": each.id, "text": each.text, "pictures": each.pictures, "captions": list(each.captions)}
            for each in self.readable()
        ]


opened = opening(Facebook)

if __name__ == "__main__":
    play("facebook", opened)
