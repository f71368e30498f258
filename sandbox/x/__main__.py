"""`python -m sandbox.x --port N`: posts, media and the own timeline of one account, paid for out of prepaid credit.

`GET` and `POST /console/credit` are what a person sees and buys at X's developer console: {"cents": 500}.
"""

from __future__ import annotations

import time
from html import escape
from typing import Any
from unicodedata import normalize

from sandbox.http import Reply, Request, as_json, json_object
from sandbox.misbehaving import Faults
from sandbox.pages import article, missing, page
from sandbox.playing import opening, parts, play
from sandbox.x import credit
from sandbox.x.credit import Credit
from sandbox.x.login import Login
from sandbox.x.media import CATEGORIES, BadMedia, Media, is_picture, may_stand_together

TOKEN, USER = "demo-token", "4711"
KEYS = {"text", "media"}


def limited(seconds: float) -> Reply:
    return problem(429, "rate-limit-exceeded", **{"x-rate-limit-reset": str(int(time.time() + seconds) + 1)})


def problem(status: int, kind: str, detail: str = "", **headers: str) -> Reply:
    body = {"type": f"https://api.x.com/2/problems/{kind}", "title": kind, "detail": detail, "status": status}
    return as_json(body, status, **headers)


class X:
    kept_as = dict

    def __init__(self) -> None:
        self.faults = Faults(limited)
        self.posts: dict[str, dict[str, Any]] = {}
        self.login = Login(TOKEN)
        self.media: dict[str, Media] = {}
        self.last = 10**18
        self.credit = Credit()

    async def played(self, request: Request) -> Reply:
        if (reply := self.login.answer(request)) is not None:
            return reply
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.login.tokens:
            return problem(401, "unauthorized")
        if self.credit.is_used_up:
            return problem(402, "client-forbidden", "Your credits are depleted.")
        match request.method, request.path:
            case "POST", "/2/tweets":
                return self.create(parts(request))
            case "GET", "/2/tweets":
                wanted = request.params["ids"].split(",")
                return self.read([self.posts[each] for each in wanted if each in self.posts])
            case "GET", "/2/users/me":
                self.credit.take_for_reading(credit.USER, [USER])
                return as_json({"data": {"id": USER, "name": "Stadt Trier", "username": "stadt_trier"}})
            case "GET", path if path == f"/2/users/{USER}/tweets":
                most = int(request.params.get("max_results", "10"))
                return self.read(list(self.posts.values())[::-1][:most])
        if request.path.startswith("/2/media/"):
            return self.upload(request)
        if request.method == "DELETE" and (post := request.path.rpartition("/")[2]) in self.posts:
            del self.posts[post]
            self.credit.take(credit.DELETE)
            return as_json({"data": {"deleted": True}})
        return problem(404, "resource-not-found")

    def read(self, posts: list[dict[str, Any]]) -> Reply:
        self.credit.take_for_reading(credit.OWN_POST, [each["id"] for each in posts])
        return as_json({"data": posts})

    def upload(self, request: Request) -> Reply:
        steps, said = request.path.removeprefix("/2/media/").split("/"), parts(request)
        try:
            match request.method, steps:
                case "POST", ["upload"] if is_picture(said.get("media")):
                    return self.known(self.added(Media(self.next())))
                case "POST", ["upload", "initialize"] if said["media_type"] in CATEGORIES[said["media_category"]]:
                    is_film, total = said["media_category"] == "tweet_video", int(said["total_bytes"])
                    return self.known(self.added(Media(self.next(), total=total, is_film=is_film)))
                case "POST", ["subtitles"]:
                    self.media[said["id"]].caption(said, self.media[said["subtitles"]["id"]])
                    return self.known(self.media[said["id"]])
                case "POST", ["upload", found, "append"]:
                    self.media[found].append(int(said["segment_index"]), said.get("media"))
                    return self.known(self.media[found])
                case "POST", ["upload", found, "finalize"]:
                    self.media[found].finalize()
                    return self.known(self.media[found])
                case "GET", ["upload"]:
                    return self.known(self.media[request.params["media_id"]])
                case "POST", ["metadata"]:
                    self.media[said["id"]].describe(said["metadata"]["alt_text"]["text"])
                    self.credit.take(credit.ALT_TEXT)
                    return self.known(self.media[said["id"]])
        except (KeyError, ValueError, BadMedia) as error:
            return problem(400, "invalid-request", repr(error))
        return problem(400, "invalid-request", "media is missing")

    def added(self, media: Media) -> Media:
        self.media[media.id] = media
        return media

    def known(self, media: Media) -> Reply:
        return as_json({"data": media.as_json()})

    def create(self, said: dict[str, Any]) -> Reply:
        from twitter_text import extract_urls, parse_tweet  # 12 MB, which a demo that never posts here need not hold

        media = said.get("media", {}).get("media_ids", [])
        known = [self.media[each] for each in media if each in self.media]
        if set(said) - KEYS or len(known) != len(media) or not may_stand_together(known):
            return problem(400, "invalid-request")
        if not all(track.is_good for each in known for track in each.tracks.values()):
            return problem(503, "service-unavailable")
        if not parse_tweet(said["text"]).valid:
            return problem(400, "invalid-request", "The text is too long")
        if any(normalize("NFC", each["written"]) == normalize("NFC", said["text"]) for each in self.posts.values()):
            return problem(403, "about:blank", "You are not allowed to create a Tweet with duplicate content.")
        urls = extract_urls(said["text"])
        self.credit.take(credit.POST_WITH_LINK if urls else credit.POST)
        number, text, shown = self.next(), escape(said["text"], quote=False), []
        for place, url in enumerate(urls):
            short = f"https://t.co/{number[-6:]}{place}"
            text = text.replace(escape(url, quote=False), short, 1)
            shown.append({"url": short, "expanded_url": url if "://" in url else f"http://{url}"})
        alts = [self.media[each].alt for each in media]
        tracks = [language for each in known for language in each.tracks]
        facts = {"entities": {"urls": shown}, "written": said["text"], "alts": alts, "captions": tracks}
        self.posts[number] = {"id": number, "text": text, **facts}
        return as_json({"data": {"id": number, "text": text}}, 201)

    def next(self) -> str:
        self.last += 1
        return str(self.last)

    def page(self, request: Request) -> Reply | None:
        if request.path == "/console/credit":
            if request.method == "POST":
                self.credit.cents = float(json_object(request.body)["cents"])
            return as_json({"cents": self.credit.cents})
        if request.path in ("/", "/stadt_trier"):
            return page("X", "Stadt Trier", (self.drawn(each) for each in reversed(self.posts.values())))
        if request.path.startswith("/stadt_trier/status/"):
            post = self.posts.get(request.path.rpartition("/")[2])
            return page("X", "Stadt Trier", [self.drawn(post)]) if post else missing("X")
        return None

    def drawn(self, post: dict[str, Any]) -> str:
        pictures = (f"<p>▧ {escape(alt or 'Bild')}</p>" for alt in post["alts"])
        tracks = (f"<p>Untertitel: {escape(each)}</p>" for each in post["captions"])
        return article(f"/stadt_trier/status/{post['id']}", post["written"], *pictures, *tracks)

    def shown(self) -> list[dict[str, Any]]:
        return [
            {"id": each["id"], "text": each["written"], "alts": each["alts"], "captions": each["captions"]}
            for each in self.posts.values()
        ]


opened = opening(X)

if __name__ == "__main__":
    play("x", opened)
