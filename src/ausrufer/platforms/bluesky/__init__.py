"""Bluesky: posts under keys of our own choosing, so that a repeated post is the same post."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from typing import Any

from ausrufer.adapter.capabilities import Capabilities, ConfirmsBy, Look, SendsPictures
from ausrufer.adapter.captions import note_on
from ausrufer.adapter.contract import (
    Draft,
    Field,
    Keep,
    Metric,
    Order,
    Part,
    Placement,
    Platform,
    Profile,
    Rendition,
    Reply,
    Seen,
)
from ausrufer.adapter.errors import Rejected, Trouble
from ausrufer.adapter.http import Answer, Reads
from ausrufer.kernel.text import normal
from ausrufer.platforms.bluesky import reading
from ausrufer.platforms.bluesky.facets import handles
from ausrufer.platforms.bluesky.keys import POST, key_of, record_key, record_uri
from ausrufer.platforms.bluesky.media import Uploads
from ausrufer.platforms.bluesky.records import Ref, embed_of, record
from ausrufer.platforms.bluesky.session import SERVICE, Session
from ausrufer.platforms.bluesky.text import LIMIT, MOST_PICTURES, ladder

APPVIEW = "https://public.api.bsky.app"  # what readers read, without a login
WEB = "https://bsky.app"
MOST_LOOKED_AT = 25  # posts in one question
COUNTED = {"likes": "likeCount", "replies": "replyCount", "reposts": "repostCount", "quotes": "quoteCount"}


class Bluesky(Platform):
    """Settings: `handle`; and where something else than Bluesky's own is used `service`, `appview`, `video`, `web`.

    Secrets: `app_password`; the session's tokens join it. Without an `appview` ("") the account's server is believed.
    """

    key = "bluesky"
    name = "Bluesky"
    capabilities = Capabilities(
        max_text=LIMIT,
        measure="Zeichen (ein Emoji zählt als eines)",
        max_pictures=MOST_PICTURES,
        max_alt=2000,
        sends_pictures=SendsPictures.UPLOAD,
        confirms_by=ConfirmsBy.API,
        max_videos=1,
        shows_captions=True,
        can_find=True,
        can_withdraw=True,
        can_reply=True,
        can_chain=True,
        has_look_ups=True,
        has_replies=True,
        has_metrics=True,
        has_profile=True,
        longest_call=115.0,  # a login, a ticket and a whole video; or pictures and the post itself
        public_so_far=("refs",),
    )
    look = Look(kind="post", radius=8, handle="handle")

    def render(self, draft: Draft) -> list[Rendition]:
        return ladder(draft)

    def names(self, draft: Draft) -> tuple[str, ...]:
        return tuple(handles(normal(draft.text)))

    def look_up(self, draft: Draft) -> Mapping[str, str]:
        """DIDs of the handles a text mentions; who is not found stays plain text."""
        found: dict[str, str] = {}
        for name in self.names(draft):
            with suppress(reading.Gone):
                answer = self._read("com.atproto.identity.resolveHandle", {"handle": name[1:].lower()}, reads_handle)
                found[name] = reading.text_inside(answer, "did")
        return found

    def send(self, order: Order, rendition: Rendition, keep: Keep) -> Placement:
        so_far = dict(order.so_far)
        try:
            return self._published(order, rendition, so_far, keep)
        except Rejected as trouble:
            self._take_back(so_far)
            trouble.so_far = so_far
            raise
        except reading.BlobLost as trouble:
            trouble.so_far = {name: value for name, value in so_far.items() if name not in ("blobs", "job")}
            raise
        except Trouble as trouble:
            trouble.so_far = so_far
            raise

    def find(self, order: Order, rendition: Rendition) -> Placement | None:
        """Under the keys that follow from the order: every part, or it is sent again, which harms no part."""
        if "moment" not in order.so_far:
            return None  # the first act never began
        parts = [self._uri(order, order.so_far, part) for part in range(1 + len(rendition.more))]
        try:
            for uri in parts:
                self._record(uri)
        except reading.Gone:
            return None
        return self._placement(parts, note_on(order.so_far, rendition))

    def begun(self, order: Order, rendition: Rendition) -> Placement:
        if "moment" not in order.so_far:
            return Placement(())
        parts = [self._uri(order, order.so_far, part) for part in range(1 + len(rendition.more))]
        return self._placement([uri for uri in parts if self._has_record(uri)], "")

    def is_online(self, placement: Placement) -> Seen:
        """In what readers read; where that is out of order, on the account's server."""
        try:
            shown = {str(post.get("uri")) for post in self._posts(placement)} if self._appview else None
        except Trouble:
            shown = None
        if shown is None:
            shown = {part.id for part in placement.parts if self._has_record(part.id)}
        if all(part.id in shown for part in placement.parts):
            return Seen(True, placement.address, confirmed_by="api")
        return Seen(False, placement.address, sentence="Auf Bluesky ist der Beitrag nicht zu sehen.")

    def withdraw(self, placement: Placement) -> None:
        for part in reversed(placement.parts):
            self._delete(part.id)

    def replies(self, placement: Placement) -> list[Reply]:
        ours = {part.id for part in placement.parts}
        found: list[Reply] = []
        if placement.parts:
            params = {"uri": placement.parts[0].id, "depth": "100", "parentHeight": "0"}
            with suppress(reading.Gone):
                answer = self._read("app.bsky.feed.getPostThread", params, reading.reads_look)
                thread = reading.inside(answer, "thread")
                found = [reply for reply in answers_in(thread, self._web) if reply.id not in ours]
        return sorted(found, key=lambda reply: reply.at)

    def metrics(self, placement: Placement) -> list[Metric]:
        """Of the first part; our own chain is no reply."""
        for post in self._posts(placement)[:1]:
            counted = {name: reading.as_number(post.get(field)) for name, field in COUNTED.items()}
            counted["replies"] = max(0, counted["replies"] - (len(placement.parts) > 1))
            return [Metric(name, value) for name, value in counted.items()]
        return []

    def profile(self) -> Profile:
        answer = self._session.ask("GET", "com.atproto.server.getSession", reads=reading.reads_look)
        handle, did = reading.text_inside(answer, "handle"), reading.text_inside(answer, "did")
        name = handle
        if self._appview:
            with suppress(Trouble):
                shown = self._read("app.bsky.actor.getProfile", {"actor": did}, reading.reads_look).peek()
                name = str(shown.get("displayName") or handle)
        return Profile(name, f"@{handle}", f"{self._web}/profile/{handle}")

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        where = "In Bluesky unter Einstellungen, Datenschutz und Sicherheit, App-Passwörter"
        return (
            Field("handle", "Name bei Bluesky", "Zum Beispiel stadt-trier.bsky.social oder trier.de"),
            Field("app_password", "App-Passwort", f"{where}: xxxx-xxxx-xxxx-xxxx", is_secret=True),
            Field("service", "Server", "Nur bei einem eigenen Server zu ändern", kind="url", default=SERVICE),
        )

    def _published(self, order: Order, rendition: Rendition, so_far: dict[str, Any], keep: Keep) -> Placement:
        moment = datetime.fromisoformat(so_far.setdefault("moment", order.released_at.isoformat()))
        embed = embed_of(rendition, Uploads(self._session, self.supplies, self.settings, so_far))
        start = self._answered(order, so_far)
        refs: list[Ref] = list(so_far.get("refs", []))
        for part in range(len(refs), 1 + len(rendition.more)):
            thread = {"root": start["root"] if start else refs[0], "parent": refs[-1]} if refs else start
            post = record(rendition, part, moment, None if part else embed, thread)
            so_far["refs"] = list(refs)
            keep(so_far)
            refs.append(self._put(self._uri(order, so_far, part), post))
        so_far["refs"] = refs
        return self._placement([ref["uri"] for ref in refs], note_on(so_far, rendition))

    def _put(self, uri: str, post: Mapping[str, Any]) -> Ref:
        """The same again changes nothing; `swapRecord` keeps anything else from being written over."""
        body = {"repo": self._session.did, "collection": POST, "rkey": key_of(uri), "record": post, "swapRecord": None}
        answer = self._session.act("POST", "com.atproto.repo.putRecord", json=body, reads=reading.reads_post)
        return {name: reading.text_inside(answer, name) for name in ("uri", "cid")}

    def _answered(self, order: Order, so_far: dict[str, Any]) -> Mapping[str, Ref] | None:
        """The thread an order replies to: noted once, since a repeated record must be the same."""
        if order.reply_to and "thread" not in so_far:
            so_far["thread"] = self._thread(order.reply_to)
        return so_far.get("thread") or None

    def _thread(self, placement: Placement) -> Mapping[str, Ref]:
        """{} when it is gone: what was to be corrected needs no thread any more, and the correction goes out alone."""
        try:
            answer = self._record(placement.parts[-1].id)
        except reading.Gone:
            return {}
        parent = {name: reading.text_inside(answer, name) for name in ("uri", "cid")}
        reply = reading.as_object(answer.peek().get("value")).get("reply")
        return {"root": reading.as_object(reply).get("root") or parent, "parent": parent}

    def _take_back(self, so_far: dict[str, Any]) -> None:
        """A chain refused in its middle leaves no torso online before the next rendition is sent."""
        for ref in reversed(so_far.pop("refs", [])):
            self._delete(ref["uri"])

    def _delete(self, uri: str) -> None:
        body = {"repo": self._session.did, "collection": POST, "rkey": key_of(uri)}
        with suppress(reading.Gone):
            self._session.ask("POST", "com.atproto.repo.deleteRecord", json=body, reads=reading.reads_deletion)

    def _record(self, uri: str) -> Answer:
        """Raises Gone."""
        params = {"repo": self._session.did, "collection": POST, "rkey": key_of(uri)}
        answer = self._session.ask("GET", "com.atproto.repo.getRecord", params=params, reads=reading.reads_look)
        reading.text_inside(answer, "cid")
        return answer

    def _has_record(self, uri: str) -> bool:
        try:
            self._record(uri)
        except reading.Gone:
            return False
        return True

    def _posts(self, placement: Placement) -> list[Mapping[str, Any]]:
        """As everybody gets them; in the placement's order, without those that are gone."""
        uris, found = [part.id for part in placement.parts], dict[str, Mapping[str, Any]]()
        for start in range(0, len(uris), MOST_LOOKED_AT):
            params = {"uris": uris[start : start + MOST_LOOKED_AT]}
            answer = self._read("app.bsky.feed.getPosts", params, reading.reads_look)
            found |= {str(post.get("uri")): post for post in reading.list_inside(answer, "posts")}
        return [found[uri] for uri in uris if uri in found]

    def _read(self, name: str, params: Mapping[str, Any], reads: Reads) -> Answer:
        """Without a login, where there is a public reading service."""
        if not self._appview:
            return self._session.ask("GET", name, params=params, reads=reads)
        address = f"{self._appview}/xrpc/{name}"
        return self.supplies.http.ask("GET", address, params=params, platform=self.name, reads=reads)

    def _uri(self, order: Order, so_far: Mapping[str, Any], part: int) -> str:
        return record_uri(self._session.did, record_key(order.key, datetime.fromisoformat(so_far["moment"]), part))

    def _placement(self, uris: list[str], note: str) -> Placement:
        who = self._session.handle or self._session.did
        parts = tuple(Part(uri, f"{self._web}/profile/{who}/post/{key_of(uri)}") for uri in uris)
        return Placement(parts, note=note)

    @cached_property
    def _session(self) -> Session:
        return Session(self.supplies, self.settings, self.secrets, self.channel)

    @property
    def _appview(self) -> str:
        return str(self.settings.get("appview", APPVIEW)).rstrip("/")

    @property
    def _web(self) -> str:
        return str(self.settings.get("web") or WEB).rstrip("/")


def reads_handle(answer: Answer) -> Trouble | None:
    if answer.status == 400:
        return reading.Gone("Diesen Namen gibt es auf Bluesky nicht.", diagnostic=answer.excerpt)
    return reading.reads_look(answer)


def answers_in(thread: Any, web: str) -> Iterator[Reply]:
    """Every post below this one."""
    below = reading.as_object(thread).get("replies")
    for each in below if isinstance(below, list) else []:
        if post := reading.as_object(reading.as_object(each).get("post")):
            yield reply_of(post, web)
        yield from answers_in(each, web)


def reply_of(post: Mapping[str, Any], web: str) -> Reply:
    written, author = reading.as_object(post.get("record")), reading.as_object(post.get("author"))
    parent = reading.as_object(reading.as_object(written.get("reply")).get("parent"))
    uri, handle = str(post.get("uri", "")), str(author.get("handle", ""))
    return Reply(
        id=uri,
        author=handle,
        text=str(written.get("text", "")),
        at=reading.moment_of(written.get("createdAt")),
        address=f"{web}/profile/{handle}/post/{key_of(uri)}",
        answers=str(parent.get("uri", "")),
    )
