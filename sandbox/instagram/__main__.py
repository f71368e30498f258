"""`python -m sandbox.instagram --port N`: publishing for one professional account, and its profile."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from typing import Any

from sandbox.graph import BAD_TOKEN, UNKNOWN, Refused, limited, wrong
from sandbox.http import Reply, Request, as_json
from sandbox.instagram import containers
from sandbox.instagram.containers import Container
from sandbox.instagram.login import PUBLISH, Login
from sandbox.misbehaving import Faults
from sandbox.pages import article, missing, page
from sandbox.playing import opening, play

NAME, HANDLE, TOKEN = "Stadt Trier", "stadt_trier", "demo-token"
A_DAY, QUOTA = 86_400.0, 100
VERSION = re.compile(r"^/v\d+\.\d+(?=/)")


@dataclass
class Post:
    id: str
    caption: str
    pictures: list[str]  # alternative texts
    at: float = field(default_factory=time.time)

    def as_json(self, host: str) -> dict[str, Any]:
        when = datetime.fromtimestamp(self.at, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
        return {"id": self.id, "caption": self.caption, "timestamp": when, "permalink": f"http://{host}/p/{self.id}/"}


class Instagram:
    kept_as = Post

    def __init__(self) -> None:
        self.faults = Faults(limited)
        self.login = Login(TOKEN)
        self.containers: dict[str, Container] = {}
        self.posts: dict[str, Post] = {}
        self.last = 17_900_000_000_000_000

    async def played(self, request: Request) -> Reply:
        try:
            path = VERSION.sub("", request.path)
            if (reply := self.login.answer(request, path)) is not None:
                return reply
            if (token := request.params.get("access_token", "")) not in self.login.tokens:
                raise Refused(*BAD_TOKEN)
            scopes = self.login.scopes(token)
            if request.method == "POST" and PUBLISH not in scopes:
                raise Refused("Application does not have permission for this action", 10, status=403)
            host = request.headers.get("host", "")
            return as_json(await self.call(request.method, path.strip("/").split("/"), request.params, host))
        except Refused as refused:
            return refused.reply()

    async def call(self, method: str, path: list[str], said: dict[str, str], host: str) -> Any:
        match method, path:
            case "GET", ["me"]:
                return {"user_id": "4711", "username": HANDLE, "name": NAME}
            case "GET", ["me", "media"]:
                newest = list(self.posts.values())[::-1][: int(said.get("limit", 25))]
                return {"data": [each.as_json(host) for each in newest]}
            case "GET", ["me", "content_publishing_limit"]:
                config = {"quota_total": QUOTA, "quota_duration": int(A_DAY)}
                return {"data": [{"quota_usage": self.used(), "config": config}]}
            case "POST", ["me", "media"]:
                trouble = await containers.check(said, self.containers)
                made = Container(self.next(), dict(said), time.time(), trouble)
                self.containers[made.id] = made
                return {"id": made.id}
            case "POST", ["me", "media_publish"]:
                return {"id": self.publish(said.get("creation_id", "")).id}
            case "GET", [one] if one in self.containers:
                return {"id": one, "status_code": self.containers[one].status, "status": self.containers[one].trouble}
            case "GET", [one, "comments"] if one in self.posts:
                return {"data": []}
            case "GET", [one, "insights"] if one in self.posts:
                names = said.get("metric", "").split(",")
                return {"data": [{"name": each, "period": "lifetime", "values": [{"value": 0}]} for each in names]}
            case "GET", [one] if one in self.posts:
                return self.posts[one].as_json(host)
            case "GET", [_, *_]:
                raise Refused(*UNKNOWN)
        raise wrong("Unsupported request")

    def publish(self, container: str) -> Post:
        found = self.containers.get(container)
        if found is None:
            raise Refused("The media with this ID cannot be found.", 100, 2207006)
        if found.status == "EXPIRED":
            raise Refused("The media builder with this creation id has expired.", 24, 2207008)
        if found.status != "FINISHED":
            raise Refused("The media is not ready for publishing.", 9007, 2207027)
        if self.used() >= QUOTA:
            raise Refused("You reached the maximum number of posts.", 9, 2207042, status=403)
        found.is_published = True
        children = found.fields.get("children")
        items = [self.containers[each] for each in children.split(",")] if children else [found]
        pictures = [each.fields.get("alt_text", "") for each in items]
        post = Post(self.next(), found.fields.get("caption", "").strip(), pictures)
        self.posts[post.id] = post
        return post

    def used(self) -> int:
        return sum(each.at > time.time() - A_DAY for each in self.posts.values())

    def next(self) -> str:
        self.last += 7
        return str(self.last)

    def page(self, request: Request) -> Reply | None:
        if request.path in ("/", f"/{HANDLE}", f"/{HANDLE}/"):
            return page("Instagram", NAME, (self.drawn(each) for each in reversed(self.posts.values())))
        if request.path.startswith("/p/"):
            post = self.posts.get(request.path.removeprefix("/p/").strip("/"))
            return page("Instagram", NAME, [self.drawn(post)]) if post else missing("Instagram")
        return None

    def drawn(self, post: Post) -> str:
        return article(f"/p/{post.id}/", post.caption, *(f"<p>▧ {escape(alt or 'Bild')}</p>" for alt in post.pictures))

    def shown(self) -> list[dict[str, Any]]:
        return [{"id": each.id, "text": each.caption, "pictures": each.pictures} for each in self.posts.values()]


opened = opening(Instagram)

if __name__ == "__main__":
    play("instagram", opened)
