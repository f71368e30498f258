"""`python -m sandbox.x --port N`: posts, media and the own timeline of one account, with a price meter."""

from __future__ import annotations

import time
from html import escape
from typing import Any

from twitter_text import extract_urls, parse_tweet

from sandbox.http import Reply, Request, as_html, as_json
from sandbox.misbehaving import Faults
from sandbox.playing import parts, play

TOKEN, USER = "demo-token", "4711"
KEYS = {"text", "media"}


def limited(seconds: float) -> Reply:
    return problem(429, "rate-limit-exceeded", **{"x-rate-limit-reset": str(int(time.time() + seconds) + 1)})


def problem(status: int, kind: str, detail: str = "", **headers: str) -> Reply:
    body = {"type": f"https://api.x.com/2/problems/{kind}", "title": kind, "detail": detail, "status": status}
    return as_json(body, status, **headers)


class X:
    def __init__(self) -> None:
        self.faults = Faults(limited)
        self.posts: dict[str, dict[str, Any]] = {}
        self.media: dict[str, str] = {}  # id: alternative text
        self.last = 10**18
        self.cents = 0.0

    async def played(self, request: Request) -> Reply:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return problem(401, "unauthorized")
        match request.method, request.path:
            case "POST", "/2/tweets":
                return self.create(parts(request))
            case "GET", "/2/tweets":
                wanted = request.params["ids"].split(",")
                return as_json({"data": [self.posts[each] for each in wanted if each in self.posts]})
            case "GET", "/2/users/me":
                return as_json({"data": {"id": USER, "name": "Stadt Trier", "username": "stadt_trier"}})
            case "GET", path if path == f"/2/users/{USER}/tweets":
                most = int(request.params.get("max_results", "10"))
                return as_json({"data": list(self.posts.values())[::-1][:most]})
            case "POST", "/2/media/upload":
                if not isinstance(parts(request).get("media"), bytes):
                    return problem(400, "invalid-request", "media is missing")
                self.media[self.next()] = ""
                return as_json({"data": {"id": str(self.last), "media_key": f"3_{self.last}"}})
            case "POST", "/2/media/metadata":
                said = parts(request)
                self.media[said["id"]] = said["metadata"]["alt_text"]["text"]
                return as_json({"data": {"id": said["id"]}})
        if request.method == "DELETE":
            found = self.posts.pop(request.path.rpartition("/")[2], None)
            return as_json({"data": {"deleted": True}}) if found else problem(404, "resource-not-found")
        return problem(404, "resource-not-found")

    def create(self, said: dict[str, Any]) -> Reply:
        media = said.get("media", {}).get("media_ids", [])
        if set(said) - KEYS or len(media) > 4 or not set(media) <= set(self.media):
            return problem(400, "invalid-request")
        if not parse_tweet(said["text"]).valid:
            return problem(400, "invalid-request", "The text is too long")
        urls = extract_urls(said["text"])
        self.cents += 20.0 if urls else 1.5
        number, text, shown = self.next(), escape(said["text"], quote=False), []
        for place, url in enumerate(urls):
            short = f"https://t.co/{number[-6:]}{place}"
            text = text.replace(escape(url, quote=False), short, 1)
            shown.append({"url": short, "expanded_url": url if "://" in url else f"http://{url}"})
        self.posts[number] = {"id": number, "text": text, "entities": {"urls": shown}, "written": said["text"]}
        return as_json({"data": {"id": number, "text": text}}, 201)

    def next(self) -> str:
        self.last += 1
        return str(self.last)

    def page(self, request: Request) -> Reply | None:
        if request.path != "/stadt_trier":
            return None
        return as_html("<!doctype html><h1>Stadt Trier</h1>" + "".join(f"<p>{each['text']}" for each in self.shown()))

    def shown(self) -> list[dict[str, Any]]:
        return [{"id": each["id"], "text": each["written"]} for each in self.posts.values()]


if __name__ == "__main__":
    play("x", X())
