"""X: optional and paid for by the post. One post, no chains: the interface restricts replies."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from ausrufer.adapter.capabilities import Capabilities, Look, SendsPictures
from ausrufer.adapter.captions import is_left_out, leave_out, note_on
from ausrufer.adapter.contract import (
    Connection,
    Draft,
    Field,
    Keep,
    Order,
    Part,
    Picture,
    Placement,
    Platform,
    Profile,
    Rendition,
    Seen,
    Video,
)
from ausrufer.adapter.errors import Rejected, Trouble, TryLater, Unclear
from ausrufer.adapter.http import Answer
from ausrufer.adapter.wording import wording_of
from ausrufer.kernel.clock import utc_now
from ausrufer.kernel.shorten import clearly_shorter, shortened
from ausrufer.kernel.text import normal
from ausrufer.platforms.x import reading
from ausrufer.platforms.x.counting import has_link, weighted_length
from ausrufer.platforms.x.media import MAX_ALT, Media, takes

MAX_TEXT = 280  # weighted
MAX_PICTURES, MAX_PICTURE = 4, 5_000_000  # bytes
MAX_SECONDS, MAX_VIDEO = 140.0, 512_000_000  # of a video; bytes
MOST_SILENT = 2  # acts with captions
LOOKED_AT = 5  # own posts; the least X gives at once
API = "https://api.x.com"
WEB = "https://x.com"
SCOPES = "tweet.read tweet.write users.read media.write offline.access"
PRICES = {"post": 1.5, "post_with_link": 20.0, "alt_text": 0.5, "delete": 1.0, "read": 0.1, "user": 1.0}  # US cents


class X(Platform):
    """Settings: `client_id`, `user_id`, `handle`, `prices` to override PRICES. Secrets: `client_secret` and the tokens.

    Spent is what X charges: what it refuses costs nothing, and what is read costs once a UTC day.
    """

    key = "x"
    name = "X"
    capabilities = Capabilities(
        max_text=MAX_TEXT,
        measure="Zeichen (Adressen zählen 23, Emojis 2)",
        max_pictures=MAX_PICTURES,
        max_videos=1,
        shows_captions=True,
        max_alt=MAX_ALT,
        sends_pictures=SendsPictures.UPLOAD,
        can_find=True,
        can_withdraw=True,
        has_profile=True,
        connects_by_redirect=True,
        renews=True,
        has_brief_access=True,
        is_costly=True,
        longest_call=90.0,
    )
    look = Look(kind="post", radius=16, handle="handle")

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        return (
            Field("client_id", "Kennung der App", "Steht im Entwicklerbereich von X."),
            Field("client_secret", "Geheimnis der App", is_secret=True),
            Field(
                "monthly_budget_cents",
                "Budget im Monat (US-Cent)",
                "Ohne Budget bleibt X aus. Ein Beitrag kostet etwa 2 Cent, mit Link 20.",
                kind="number",
            ),
        )

    def has_access(self) -> bool:
        """Connected is who got a token by agreeing, and on is who said what it may cost."""
        return bool(self.secrets.get("access_token") and self.settings.get("monthly_budget_cents"))

    def render(self, draft: Draft) -> list[Rendition]:
        """Wanted; text with link, if pictures are refused; clearly shorter, if the text is."""
        pictures = tuple(each.within(MAX_PICTURE) for each in draft.pictures[:MAX_PICTURES])
        videos = () if pictures else tuple(shown(each) for each in draft.videos if fits(each))[:1]  # one kind only
        is_all = (len(pictures), len(videos)) == (len(draft.pictures), len(draft.videos))
        ladder = [rendition(draft, pictures, videos, link=not is_all)]
        if draft.pictures or draft.videos:
            ladder.append(replace(rendition(draft, (), (), link=True), wording="text_only"))
        if ladder[-1].count > clearly_shorter(MAX_TEXT):
            text = shortened(normal(draft.text), draft.page, clearly_shorter(MAX_TEXT), measure).strip()
            count = measure(text)
            ladder.append(replace(ladder[-1], text=text, count=count, wording="shortened", pictures=(), videos=()))
        return ladder

    def send(self, order: Order, rendition: Rendition, keep: Keep) -> Placement:
        price = self._price("post_with_link" if has_link(rendition.text) else "post")
        with self._paying(price, "Beitrag", f"{order.key}:post", urgent=order.urgent):
            return self._sent(order, rendition, keep)

    def _sent(self, order: Order, rendition: Rendition, keep: Keep) -> Placement:
        so_far = dict(order.so_far)
        if not str(so_far.get("before", "")).isdecimal():
            so_far["before"] = max((each["id"] for each in self._own_posts()), key=int, default="0")
        body: dict[str, Any] = {"text": rendition.text}
        try:
            doubt_captions(so_far, rendition)
            media = Media(self.supplies, self._ask, self._describe(order), so_far)
            if ids := [media.uploaded(each) for each in rendition.media]:
                body["media"] = {"media_ids": ids}
        except TryLater as trouble:
            trouble.so_far = so_far
            raise
        keep(so_far)
        try:
            made = reading.data_of(self._act("/2/tweets", json=body, headers=self._token))["id"]
            return self._placement(made, note_on(so_far, rendition))
        except reading.Repetition as trouble:
            if so_far.get("repeated"):  # looked for and not found since the first time: the words are what is refused
                raise Rejected(reading.REPEATED, diagnostic=trouble.diagnostic, so_far={}) from trouble
            trouble.so_far = so_far | {"repeated": True}
            raise
        except Unclear as trouble:
            trouble.so_far = so_far | {"silent": so_far.get("silent", 0) + 1}
            raise

    def find(self, order: Order, rendition: Rendition) -> Placement | None:
        """Among our posts newer than the newest before the first act."""
        before = str(order.so_far.get("before", ""))
        if not before.isdecimal():
            return None
        for post in self._own_posts():
            if int(post["id"]) > int(before) and reading.same_text(rendition.text, reading.words_of(post)):
                return self._placement(post["id"], note_on(order.so_far, rendition))
        return None

    def is_online(self, placement: Placement) -> Seen:
        part = placement.parts[0]
        with suppress(reading.Gone):
            shown = self._posts_of(self._ask("GET", "/2/tweets", params={"ids": part.id}))
            if any(each["id"] == part.id for each in shown):
                return Seen(True, part.address)
        return Seen(False, part.address, sentence="Der Beitrag ist auf X nicht zu sehen.")

    def withdraw(self, placement: Placement) -> None:
        for part in placement.parts:
            self._spend(self._price("delete"), "Rücknahme", f"delete:{part.id}", urgent=True, always=True)
            with suppress(reading.Gone):
                self._ask("DELETE", f"/2/tweets/{part.id}")

    def profile(self) -> Profile:
        found = self._me()
        handle = str(found.get("username", ""))
        return Profile(str(found.get("name", "")), f"@{handle}", f"{WEB}/{handle}")

    def connect_url(self, redirect: str, state: str) -> str:
        challenge = hashlib.sha256(self._verifier(state).encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.settings.get("client_id", ""),
            "redirect_uri": redirect,
            "scope": SCOPES,
            "state": state,
            "code_challenge": unpadded(challenge),
            "code_challenge_method": "S256",
        }
        return f"{self.settings.get('web') or WEB}/i/oauth2/authorize?{urlencode(asked)}"

    def connected(self, answer: Mapping[str, str], redirect: str) -> Connection:
        if not answer.get("code"):
            raise Rejected("Bei X wurde die Zustimmung nicht gegeben.", diagnostic=answer.get("error", ""))
        verifier = self._verifier(answer.get("state", ""))
        asked = {"grant_type": "authorization_code", "code": answer["code"], "redirect_uri": redirect}
        secrets, seconds = self._tokens(asked | {"code_verifier": verifier})
        headers = {"Authorization": f"Bearer {secrets['access_token']}"}
        me = self._me(headers=headers)
        settings = {"user_id": me["id"], "handle": f"@{me.get('username', '')}"}
        return Connection(settings, {**self.secrets, **secrets}, utc_now() + timedelta(seconds=seconds))

    def renew(self) -> Connection:
        """The refresh token works once: whoever comes second takes what the first one stored."""
        lives = [7200.0]

        def change(stored: Mapping[str, str]) -> Mapping[str, str]:
            if stored.get("refresh_token") != self.secrets.get("refresh_token"):
                return stored
            asked = {"grant_type": "refresh_token", "refresh_token": stored.get("refresh_token", "")}
            fresh, lives[0] = self._tokens(asked)
            return {**stored, **fresh}

        if self.supplies.secrets is None:
            raise reading.locked("no store for rotating tokens")
        secrets = self.supplies.secrets.renew(self.channel, change)
        return Connection(self.settings, dict(secrets), utc_now() + timedelta(seconds=lives[0]))

    def _tokens(self, asked: Mapping[str, str]) -> tuple[dict[str, str], float]:
        """The new tokens and their seconds. An answer that is lost is not asked for again: codes work once."""
        client = (str(self.settings.get("client_id", "")), self.secrets.get("client_secret", ""))
        url = self._address("/2/oauth2/token")
        answer = self.supplies.http.act("POST", url, data=asked, auth=client, platform=self.name, reads=refused_token)
        body = answer.json()
        if not isinstance(body, dict) or not body.get("access_token"):
            raise reading.locked(f"no token: {answer.status}")
        found = {name: str(body[name]) for name in ("access_token", "refresh_token") if body.get(name)}
        return found, reading.lifetime_of(body)

    def _verifier(self, state: str) -> str:
        """PKCE's secret, derived and never stored: nobody without our client secret can make it from `state`."""
        secret = self.secrets.get("client_secret", "")
        return unpadded(hmac.new(secret.encode(), state.encode(), hashlib.sha256).digest())

    def _describe(self, order: Order) -> Callable[[str, str], None]:
        def describe(media: str, alt: str) -> None:
            metadata = {"id": media, "metadata": {"alt_text": {"text": alt}}}
            key = f"{order.key}:{media}"
            with self._paying(self._price("alt_text"), "Bildbeschreibung", key, urgent=order.urgent):
                self._ask("POST", "/2/media/metadata", json=metadata, reads=reading.reads_media)

        return describe

    def _me(self, **request: Any) -> dict[str, Any]:
        found = reading.data_of(self._ask("GET", "/2/users/me", **request))
        self._was_read("user", "Konto gelesen", self.channel)
        return found

    def _own_posts(self) -> list[dict[str, Any]]:
        """Newest first."""
        user = self.settings.get("user_id") or self._me()["id"]
        asked = {"max_results": LOOKED_AT, "tweet.fields": "created_at,entities"}
        answer = self._ask("GET", f"/2/users/{user}/tweets", params=asked, reads=reading.reads_list)
        if "data" not in (body := answer.peek()) and "errors" in body:  # said with 200; it is no empty account
            raise answer.broken("{platform} antwortet unverständlich.", f"no list: {answer.excerpt}")
        return self._posts_of(answer)

    def _posts_of(self, answer: Answer) -> list[dict[str, Any]]:
        found = reading.posts_of(answer)
        for each in found:
            self._was_read("read", "Beitrag gelesen", each["id"])
        return found

    def _ask(self, method: str, path: str, **request: Any) -> Answer:
        usual: dict[str, Any] = {"headers": self._token, "platform": self.name, "reads": reading.reads}
        return self.supplies.http.ask(method, self._address(path), **usual | request)

    def _act(self, path: str, **request: Any) -> Answer:
        return self.supplies.http.act("POST", self._address(path), platform=self.name, reads=reading.reads, **request)

    def _was_read(self, price: str, what: str, resource: str) -> None:
        """Counted afterwards and never refused: X charges a resource once a UTC day."""
        key = f"{price}:{resource}:{utc_now():%Y-%m-%d}"
        self._spend(self._price(price), what, key, urgent=True, always=True)

    @contextmanager
    def _paying(self, cents: float, what: str, key: str, *, urgent: bool) -> Iterator[None]:
        """Counted before the act, so that the budget holds. Given back unless the act is done, or perhaps done."""
        self._spend(cents, what, key, urgent=urgent)
        try:
            yield
        except Unclear:
            raise
        except Trouble:
            if self.supplies.ledger:
                self.supplies.ledger.give_back(key=f"x:{key}")
            raise

    def _spend(self, cents: float, what: str, key: str, *, urgent: bool, always: bool = False) -> None:
        if self.supplies.ledger:
            self.supplies.ledger.spend(self.channel, cents, what, key=f"x:{key}", urgent=urgent, always=always)

    def _price(self, name: str) -> float:
        return float({**PRICES, **self.settings.get("prices", {})}[name])

    def _placement(self, post_id: str, note: str) -> Placement:
        handle = str(self.settings.get("handle") or "i").removeprefix("@")
        return Placement((Part(post_id, f"{self.settings.get('web') or WEB}/{handle}/status/{post_id}"),), note=note)

    def _address(self, path: str) -> str:
        return f"{self.settings.get('api') or API}{path}"

    @property
    def _token(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secrets.get('access_token', '')}"}


def refused_token(answer: Answer) -> Trouble | None:
    return reading.locked(answer.excerpt) if answer.status in (400, 401, 403) else reading.reads(answer)


def unpadded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


@lru_cache(4096)
def measure(text: str) -> int:
    """Weighted, by X's own rules. Reading a long text for addresses is slow, so what is far too long is not read."""
    letters = sum(
        letter.isalpha() and ord(letter) < 4352 for word in text.split() if "." not in word for letter in word
    )
    return letters if letters > MAX_TEXT else weighted_length(text)


def fits(video: Video) -> bool:
    """X: at most 140 seconds and 512 MB (platform sheet, section 5); one that is awaited may turn out to be."""
    return bool(video.awaited) or (0.5 <= video.seconds <= MAX_SECONDS and video.size <= MAX_VIDEO)


def shown(video: Video) -> Video:
    """With the captions X takes."""
    return replace(video, captions=tuple(each for each in video.captions if takes(each)))


def doubt_captions(so_far: dict[str, Any], rendition: Rendition) -> None:
    """After two acts of which nothing was heard or found, the film is uploaded anew, without them.

    X has answered 503 to a post whose film has captions it cannot read, for ever (myConsciousness/twitter-api-v2,
    issue 437).
    """
    shown = [each.digest for video in rendition.videos for each in video.captions]
    doubted = [each for each in shown if not is_left_out(so_far, each)]
    if doubted and so_far.get("silent", 0) >= MOST_SILENT:
        for each in doubted:
            leave_out(so_far, each)
        so_far["media"] = {}


def rendition(draft: Draft, pictures: tuple[Picture, ...], videos: tuple[Video, ...], *, link: bool) -> Rendition:
    text = normal(draft.text)
    if measure(text) > MAX_TEXT or (link and draft.page not in text):
        text = shortened(text, draft.page, MAX_TEXT, measure).strip()
    return Rendition(
        text=text,
        language=draft.language,
        pictures=pictures,
        videos=videos,
        page=draft.page,
        topic=draft.topic,
        count=measure(text),
        limit=MAX_TEXT,
        wording=wording_of(draft, text, is_all=not link),
    )
