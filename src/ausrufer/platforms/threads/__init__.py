"""Threads: text in one call, long text as replies; pictures and videos that Meta fetches from our public pages."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any, ClassVar

from ausrufer.adapter.capabilities import Capabilities, ConfirmsBy, Look, SendsPictures
from ausrufer.adapter.containers import PREPARING, check_time, processing
from ausrufer.adapter.contract import (
    Connection,
    Draft,
    Field,
    Keep,
    Metric,
    Order,
    Part,
    Picture,
    Placement,
    Platform,
    Profile,
    Rendition,
    Reply,
    Seen,
    Video,
)
from ausrufer.adapter.errors import Rejected, Trouble, TryLater, Unclear
from ausrufer.adapter.graph import Gone
from ausrufer.adapter.http import Answer, Reads
from ausrufer.adapter.stored import public_address
from ausrufer.kernel.clock import utc_now
from ausrufer.platforms.threads import access, feedback, reading
from ausrufer.platforms.threads.text import LIMIT, MOST_PICTURES, ladder, same_text, tag_of

API = "https://graph.threads.net"
MOST_CONTAINERS = 3
RECENT = 25  # own posts among which a lost one is looked for
TOLERANCE = timedelta(seconds=5)  # timestamps are whole seconds, and clocks differ
REMEMBERED = 250  # posts; a day's quota
UNKNOWN = "UNKNOWN"
NOT_SHOWN = "Threads hat veröffentlicht, zeigt den Beitrag aber noch nicht."


class Threads(Platform):
    """Settings: `api` (only for a stand-in), `handle`, `app_id`. Secrets: `access_token` (60 days), `app_secret`."""

    key = "threads"
    name = "Threads"
    capabilities = Capabilities(
        max_text=LIMIT,
        measure="Zeichen (Threads-Zählung)",
        max_pictures=MOST_PICTURES,
        max_alt=1000,
        max_videos=MOST_PICTURES,
        sends_pictures=SendsPictures.ADDRESS,
        confirms_by=ConfirmsBy.API,
        can_find=True,
        can_withdraw=True,
        can_reply=True,
        can_chain=True,
        has_limits=True,
        has_replies=True,
        has_metrics=True,
        has_profile=True,
        connects_by_redirect=True,
        can_rehearse=True,
        renews=True,
        usual_delay=5.0,
        longest_call=26.0,
        seen_within=120.0,
        public_so_far=("parts", "leftover"),
    )
    look = Look(kind="post", radius=8, handle="handle")
    placed: ClassVar[OrderedDict[str, str]] = OrderedDict()  # ids of posts this process published: their orders' keys

    def render(self, draft: Draft) -> list[Rendition]:
        return ladder(draft, int(self.limits.get("max_text") or LIMIT))

    def send(self, order: Order, rendition: Rendition, keep: Keep) -> Placement:
        so_far = dict(order.so_far)
        try:
            self._clear_away(so_far)
            placement = self._publish_all(order, rendition, keep, so_far)
        except reading.NotReady as trouble:
            self._put_off(trouble, so_far)
            raise
        except reading.Processing as trouble:
            raise self._undoing(processing(so_far, self.name), so_far) from trouble
        except reading.Repetition as trouble:
            if so_far.get("repeated"):  # looked for and not found since the first time: it is the words Meta refuses
                refused = Rejected(trouble.sentence, diagnostic=trouble.diagnostic, so_far={})
                raise self._undoing(refused, so_far) from trouble
            trouble.so_far = so_far | {"repeated": True, "acted": True}
            raise
        except TryLater as trouble:
            trouble.so_far = so_far
            raise
        except Rejected as trouble:
            raise self._undoing(trouble, so_far) from trouble
        self._remember(placement, order)
        return placement

    def find(self, order: Order, rendition: Rendition) -> Placement | None:
        """A container says itself whether it was published. Which post: the oldest one since the release with
        these words that this process has not seen published for another order.

        Nothing is noted before the first act, because that would cost a warning a round trip. What doubt remains:
        after a crash of this process, or with several dispatchers, a post with the very same words published for
        another order, or by hand, since the release (or up to five seconds before) is taken for this one.
        """
        parts = parts_of(order.so_far)
        if len(parts) < len(rendition.more):
            return None  # a chain with more than its last part missing: `send` looks for each part before it goes on
        if parts:
            last = self._found(order, rendition.more[-1], parts)
            return Placement((*parts, *last.parts)) if last else None
        container = order.so_far.get("container") if has_media(rendition) else None
        state = self._state(container)[0] if container else ""
        if state in ("IN_PROGRESS", "FINISHED", "ERROR", "EXPIRED"):
            return None
        placement = self._found(order, rendition.text)
        if placement is None and state == "PUBLISHED":
            raise TryLater(NOT_SHOWN, seconds=5.0)
        return placement

    def begun(self, order: Order, rendition: Rendition) -> Placement:
        left = [Part(str(each)) for each in order.so_far.get("leftover", [])]
        parts, texts = parts_of(order.so_far), [rendition.text, *rendition.more]
        acted = order.so_far.get("acted") or order.so_far.get("container")
        last = self._found(order, texts[len(parts)], parts) if acted and len(parts) < len(texts) else None
        return Placement((*left, *parts, *(last.parts if last else ())))

    def is_online(self, placement: Placement) -> Seen:
        """A chain is online when all of it is."""
        addresses = []
        for part in placement.parts:
            try:
                thread = reading.thread_of(self._look(f"/{part.id}", fields="id,permalink,timestamp"))
            except Gone as gone:
                return Seen(False, placement.address, sentence=str(gone.sentence))
            addresses.append(thread.address or part.address)
        return Seen(True, addresses[0], confirmed_by="api")

    def read_limits(self) -> Mapping[str, Any]:
        """posts_used and posts_a_day of the rolling 24 hours, and so for replies and deletes; sheet, section 6."""
        return reading.quota_of(self._look("/me/threads_publishing_limit", fields=reading.QUOTAS))

    def withdraw(self, placement: Placement) -> None:
        for part in placement.parts:
            with suppress(Gone):
                self._ask("DELETE", f"/{part.id}", reads=reading.reads_deletion)

    def replies(self, placement: Placement) -> list[Reply]:
        """Of the whole conversation below the first part, without what is ours."""
        fields, found, after = feedback.REPLY_FIELDS, list[Reply](), ""
        for _ in range(feedback.MOST_PAGES):
            cursor = {"after": after} if after else {}
            answer = self._look(f"/{placement.parts[0].id}/conversation", fields=fields, limit="100", **cursor)
            page, after = feedback.replies_of(answer, {part.id for part in placement.parts})
            found += page
            if not after:
                break
        found.reverse()  # they came newest first, and their times are whole seconds
        return sorted(found, key=lambda reply: reply.at)

    def metrics(self, placement: Placement) -> list[Metric]:
        """Of the first part: what a reader meets in the timeline."""
        return feedback.metrics_of(self._look(f"/{placement.parts[0].id}/insights", metric=feedback.METRICS))

    def profile(self) -> Profile:
        base = str(self.settings.get("api") or "https://www.threads.net").rstrip("/")
        return access.profile_of(self._look("/me", fields="id,username,name"), base)

    def has_access(self) -> bool:
        return bool(self.secrets.get("access_token"))

    def rehearse(self) -> None:
        """A container that nobody publishes is gone after a day."""
        fields = {"media_type": "TEXT", "text": "Ausrufer prüft den Zugang"}
        reading.id_of(self._ask("POST", "/me/threads", data=fields, reads=reading.reads_create))

    def connect_url(self, redirect: str, state: str) -> str:
        return access.LOGIN.connect_url(self.settings, redirect, state)

    def connected(self, answer: Mapping[str, str], redirect: str) -> Connection:
        return access.LOGIN.connected(self.supplies.http, self.settings, self.secrets, answer, redirect)

    def renew(self) -> Connection:
        return access.LOGIN.renewed(self.supplies.http, self.settings, self.secrets)

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        return access.FIELDS

    def _publish_all(self, order: Order, rendition: Rendition, keep: Keep, so_far: dict[str, Any]) -> Placement:
        """Part after part, each an answer to the one before; every one that is out is kept before the next is sent."""
        parts = parts_of(so_far)
        if not parts:
            parts = list(self._publish(order, rendition, keep, so_far).parts)
            self._placed(parts, order, so_far)
        while len(parts) <= len(rendition.more):
            text = rendition.more[len(parts) - 1]
            parts += self._say(order, {"text": text, "reply_to_id": parts[-1].id}, keep, so_far, parts).parts
            self._placed(parts, order, so_far)
        return Placement(tuple(parts))

    def _placed(self, parts: list[Part], order: Order, so_far: dict[str, Any]) -> None:
        so_far.clear()
        so_far["parts"] = [[part.id, part.address] for part in parts]
        self._remember(Placement((parts[-1],)), order)

    def _clear_away(self, so_far: dict[str, Any]) -> None:
        """Parts of a refused chain, so that the next rendition does not say the same a second time."""
        while so_far.get("leftover"):
            self.withdraw(Placement((Part(so_far["leftover"][-1]),)))
            so_far["leftover"] = so_far["leftover"][:-1]
        so_far.pop("leftover", None)

    def _undoing(self, trouble: Trouble, so_far: dict[str, Any]) -> Trouble:
        if isinstance(trouble, Rejected):
            trouble.so_far = {"leftover": [part.id for part in parts]} if (parts := parts_of(so_far)) else {}
        return trouble

    def _say(
        self, order: Order, text: dict[str, str], keep: Keep, so_far: dict[str, Any], before: list[Part]
    ) -> Placement:
        """A text in one call."""
        # Threads may show a post late: after an act without an answer, a third search costs little and a copy much.
        if so_far.get("acted") and (found := self._found(order, text["text"], before)):
            return found
        keep(so_far | {"acted": True})
        fields = {**text, "media_type": "TEXT", "auto_publish_text": "true"}
        return placement_of(self._act("/me/threads", fields, reads=reading.reads_create))

    def _publish(self, order: Order, rendition: Rendition, keep: Keep, so_far: dict[str, Any]) -> Placement:
        """The first part, which carries pictures, videos, link card and topic."""
        text = {"text": rendition.text} | ({"reply_to_id": order.reply_to.parts[-1].id} if order.reply_to else {})
        text |= {"topic_tag": tag} if (tag := tag_of(rendition.topic)) else {}
        if not has_media(rendition):
            card = {"link_attachment": rendition.link} if rendition.link else {}
            return self._say(order, text | card, keep, so_far, [])
        container = so_far.get("container") or self._create(rendition, text, so_far)
        if self._ready_state(container, so_far) == "PUBLISHED":
            if found := self._found(order, rendition.text):
                return found
            raise Unclear(NOT_SHOWN, so_far=so_far, diagnostic=f"container {container} is published")
        keep(so_far)
        return placement_of(self._act("/me/threads_publish", {"creation_id": container}, reads=reading.reads_publish))

    def _create(self, rendition: Rendition, text: dict[str, str], so_far: dict[str, Any]) -> str:
        """A container may be made again: nothing of it is public."""
        items = rendition.media
        if len(items) == 1:
            fields = text | self._item(items[0])
        else:
            fields = text | {"media_type": "CAROUSEL", "children": self._children(rendition, so_far)}
        answer = self._ask("POST", "/me/threads", data=fields, reads=reading.reads_create)
        so_far |= {"container": reading.id_of(answer), "polls": 0, "since": utc_now().timestamp()}
        return str(so_far["container"])

    def _children(self, rendition: Rendition, so_far: dict[str, Any]) -> str:
        """All of them ready: of a broken one a carousel only says, for minutes, that it is not ready yet."""
        ends = time.monotonic() + PREPARING
        so_far["children"] = children = list(so_far.get("children", []))
        for item in rendition.media[len(children) :]:
            check_time(ends, self.name)
            fields = {**self._item(item), "is_carousel_item": "true"}
            children.append(reading.id_of(self._ask("POST", "/me/threads", data=fields, reads=reading.reads_create)))
        for child in children[so_far.get("ready", 0) :]:
            check_time(ends, self.name)
            self._ready_state(child, so_far)
            so_far["ready"] = so_far.get("ready", 0) + 1
        return ",".join(children)

    def _item(self, item: Picture | Video) -> dict[str, str]:
        address = public_address(self.supplies, item.digest)
        kind = "VIDEO" if isinstance(item, Video) else "IMAGE"
        alt = {"alt_text": item.alt} if item.alt else {}
        return {"media_type": kind, f"{kind.lower()}_url": address} | alt

    def _ready_state(self, container: str, so_far: dict[str, Any]) -> str:
        """FINISHED or PUBLISHED. Raises TryLater while it is processed, Rejected when it failed."""
        state, reason = self._state(container)
        if state in ("IN_PROGRESS", UNKNOWN):
            raise processing(so_far, self.name)
        if state not in ("FINISHED", "PUBLISHED"):
            raise Rejected("Threads konnte die Bilder nicht verarbeiten.", diagnostic=f"{state} {reason}", so_far={})
        return state

    def _put_off(self, trouble: reading.NotReady, so_far: dict[str, Any]) -> None:
        """Publishing came too early (4279009): later again, then with a new container, then not at all."""
        races = so_far.get("races", 0)
        if races >= len(reading.RACE_WAITS) * MOST_CONTAINERS:
            raise Rejected("Threads nimmt die Bilder nicht an.", diagnostic=trouble.diagnostic, so_far={})
        so_far["races"] = races + 1
        if so_far["races"] % len(reading.RACE_WAITS) == 0:
            for name in ("container", "children", "ready"):
                so_far.pop(name, None)
        trouble.seconds = reading.RACE_WAITS[races % len(reading.RACE_WAITS)]
        trouble.so_far = so_far

    def _state(self, container: str) -> tuple[str, str]:
        try:
            return reading.state_of(self._look(f"/{container}", fields="status,error_message"))
        except Gone as gone:
            # A fresh container may not be found yet; what has become a post has no status any more.
            return ("PUBLISHED" if "nonexisting field" in gone.diagnostic else UNKNOWN), gone.diagnostic

    def _found(self, order: Order, text: str, before: list[Part] | None = None) -> Placement | None:
        """Among our answers when it follows the parts `before` or corrects another post."""
        above = before[-1].id if before else ""
        path = "/me/replies" if order.reply_to or before else "/me/threads"
        try:
            answer = self._look(path, fields="id,permalink,timestamp,text,replied_to", limit=str(RECENT))
        except Gone as gone:  # of a list it says nothing about any post, so it must refuse none
            said = "Threads antwortet anders als erwartet."
            raise TryLater(said, seconds=60.0, diagnostic=gone.diagnostic) from gone
        earliest = order.released_at - TOLERANCE - reading.clock_lag(answer)
        known = {part.id for part in before or ()}
        for thread in reversed(reading.threads_of(answer)):
            is_ours = self.placed.get(thread.id, order.key) == order.key and thread.id not in known
            is_there = not above or thread.answers in ("", above)
            if is_ours and is_there and thread.since(earliest) and same_text(text, thread.text):
                placement = Placement((Part(thread.id, thread.address),))
                self._remember(placement, order)
                return placement
        return None

    def _remember(self, placement: Placement, order: Order) -> None:
        self.placed[placement.parts[0].id] = order.key
        while len(self.placed) > REMEMBERED:
            self.placed.popitem(last=False)

    def _look(self, path: str, **params: str) -> Answer:
        return self._ask("GET", path, params=params, reads=reading.reads_look)

    def _ask(self, method: str, path: str, *, reads: Reads, **request: Any) -> Answer:
        where = "data" if method == "POST" else "params"
        request[where] = self._token | request.get(where, {})
        return self.supplies.http.ask(method, self._address(path), platform=self.name, reads=reads, **request)

    def _act(self, path: str, fields: dict[str, str], *, reads: Reads) -> Answer:
        data = self._token | fields
        return self.supplies.http.act("POST", self._address(path), data=data, platform=self.name, reads=reads)

    def _address(self, path: str) -> str:
        return f"{str(self.settings.get('api') or API).rstrip('/')}/v1.0{path}"

    @property
    def _token(self) -> dict[str, str]:
        """As a parameter: the header is documented for one endpoint only (sheet, section 1)."""
        return {"access_token": self.secrets.get("access_token", "")}


def placement_of(answer: Answer) -> Placement:
    """Without an address, which the first look learns: nothing that comes after publishing may fail it."""
    return Placement((Part(reading.id_of(answer)),))


def has_media(rendition: Rendition) -> bool:
    return bool(rendition.media)


def parts_of(so_far: Mapping[str, Any]) -> list[Part]:
    """What of a chain is out already."""
    return [Part(str(each[0]), str(each[1])) for each in so_far.get("parts", [])]
