"""`python -m sandbox.x --port N`: posts, media and the own timeline of one account, paid for out of prepaid credit.

What goes on around the account: `POST /console` (see `sandbox.x.console`), `POST /strangers` {"text", "quotes"} for a
post of somebody else, and `POST /_sim/clock` {"seconds"} for time that passes.
"""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any
from unicodedata import normalize

from sandbox.http import Reply, Request, as_json, json_object
from sandbox.misbehaving import Faults
from sandbox.pages import article, missing, page
from sandbox.playing import opening, parts, play
from sandbox.x import credit, wishes
from sandbox.x.clock import Clock
from sandbox.x.console import Console
from sandbox.x.credit import Credit
from sandbox.x.login import Login
from sandbox.x.media import Media, may_stand_together
from sandbox.x.problems import Refused, invalid, unknown
from sandbox.x.rates import Rates, limited
from sandbox.x.strangers import Strangers
from sandbox.x.uploads import Uploads

TOKEN, USER = "demo-token", "4711"
MOST_IDS = 100  # of one question


class X:
    kept_as = dict

    def __init__(self) -> None:
        self.clock = Clock()
        self.rates = Rates(self.clock)
        self.faults = Faults(limited, self.rates.forget)
        self.posts: dict[str, dict[str, Any]] = {}
        self.strangers = Strangers()
        self.login = Login(TOKEN, self.clock)
        self.credit = Credit()
        self.console = Console(self.credit)
        self.uploads = Uploads(self.clock, self.credit, self.next)
        self.last = 10**18

    async def played(self, request: Request) -> Reply:
        if (reply := self.login.answer(request)) is not None:
            return reply
        told: dict[str, str] = {}
        try:
            self.login.check(request)
            told = self.rates.count(f"{request.method} {request.path.replace(f'/{USER}/', '/:id/')}")
            reads_posts = request.method == "GET" and request.path.endswith("/tweets")
            self.console.check(reads_posts=reads_posts)
            reply = self.answer(request)
        except Refused as refused:
            reply = refused.reply
        return replace(reply, headers=told | reply.headers)

    def answer(self, request: Request) -> Reply:
        """Raises Refused."""
        match request.method, request.path:
            case "POST", "/2/tweets":
                return self.create(parts(request))
            case "GET", "/2/tweets":
                return self.named(request.params.get("ids", "").split(","))
            case "GET", "/2/users/me":
                self.credit.take_for_reading(credit.USER, [USER])
                return as_json({"data": {"id": USER, "name": "Stadt Trier", "username": "stadt_trier"}})
            case "GET", path if path == f"/2/users/{USER}/tweets":
                if not (most := request.params.get("max_results", "10")).isdecimal():
                    raise invalid("max_results")
                found = list(self.posts.values())[::-1][: int(most)]
                self.credit.take_for_reading(credit.OWN_POST, [each["id"] for each in found])
                return as_json({"data": found})
        if request.path.startswith("/2/media/"):
            return self.uploads.answer(request)
        if request.method == "DELETE" and request.path.startswith("/2/tweets/"):
            return self.delete(request.path.rpartition("/")[2])
        raise unknown(f"There is no {request.method} {request.path}.")

    def named(self, wanted: list[str]) -> Reply:
        """What is not there is said beside what is."""
        if not 0 < len(wanted) <= MOST_IDS or not all(map(wishes.is_id, wanted)):
            raise invalid("ids")
        ours = [self.posts[each] for each in wanted if each in self.posts]
        others = [self.strangers.posts[each] for each in wanted if each in self.strangers.posts]
        self.credit.take_for_reading(credit.OWN_POST, [each["id"] for each in ours])
        self.credit.take_for_reading(credit.POST_OF_OTHERS, [each["id"] for each in others])
        there = {each["id"] for each in [*ours, *others]}
        gone = [unknown(f"Could not find tweet with ids: [{each}].") for each in wanted if each not in there]
        body: dict[str, Any] = {"data": ours + others} if there else {}
        return as_json(body | ({"errors": [json_object(each.reply.body) for each in gone]} if gone else {}))

    def delete(self, post: str) -> Reply:
        if post in self.strangers.posts:
            raise Refused(403, "not-authorized-for-resource", "You are not authorized to delete this Tweet.")
        if self.posts.pop(post, None) is None:
            raise unknown(f"Could not find tweet with id: [{post}].")
        self.credit.take(credit.DELETE)
        return as_json({"data": {"deleted": True}})

    def create(self, said: dict[str, Any]) -> Reply:
        from twitter_text import extract_urls  # 12 MB, which a demo that never posts here need not hold

        wishes.check(said)
        written = said.get("text", "")
        shown = [self.uploads.known(each) for each in said.get("media", {}).get("media_ids", [])]
        self.check(written, shown)
        answered = said.get("reply", {}).get("in_reply_to_tweet_id", "")
        self.strangers.check(answered, said.get("quote_tweet_id", ""), self.posts)
        if written and any(
            normalize("NFC", each["written"]) == normalize("NFC", written) for each in self.posts.values()
        ):
            raise Refused(403, detail="You are not allowed to create a Tweet with duplicate content.")
        urls = extract_urls(written)
        self.credit.take(credit.POST_WITH_LINK if urls else credit.POST)
        number, text, short = self.next(), escape(written, quote=False), []
        for place, url in enumerate(urls):
            address = f"https://t.co/{number[-6:]}{place}"
            text = text.replace(escape(url, quote=False), address, 1)
            short.append({"url": address, "expanded_url": url if "://" in url else f"http://{url}"})
        alts, tracks = [each.alt for each in shown], [language for each in shown for language in each.tracks]
        facts = {"entities": {"urls": short}, "written": written, "alts": alts, "captions": tracks}
        self.posts[number] = {"id": number, "text": text, **facts}
        return as_json({"data": {"id": number, "text": text}}, 201)

    def check(self, written: str, shown: list[Media]) -> None:
        """Raises Refused."""
        from twitter_text import parse_tweet

        if not may_stand_together(shown, self.clock.now()):
            raise invalid("Four pictures, or one film, or one animation; and all of them ready.")
        if not all(track.is_good for each in shown for track in each.tracks.values()):
            raise Refused(503)
        if written and not parse_tweet(written).valid:
            raise invalid("The text is too long")

    def next(self) -> str:
        self.last += 1
        return str(self.last)

    def page(self, request: Request) -> Reply | None:
        said = json_object(request.body) if request.method == "POST" else {}
        match request.method, request.path:
            case _, "/console":
                self.console.change(said)
                return as_json(self.console.shown())
            case "POST", "/strangers":
                return as_json(self.strangers.write(self.next(), said["text"], said.get("quotes", "")))
            case "POST", "/_sim/clock":
                self.clock.ahead += float(said["seconds"])
                return as_json({"ok": True})
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
