"""Threads: text in one call; pictures through containers that Meta fills by fetching from our public pages."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from ausrufer.adapter.capabilities import Capabilities, ConfirmsBy, Look, SendsPictures
from ausrufer.adapter.contract import Draft, Keep, Order, Part, Picture, Placement, Platform, Rendition, Seen
from ausrufer.adapter.errors import LockedOut, Rejected, Trouble, TryLater
from ausrufer.adapter.http import Answer, Reads
from ausrufer.platforms.threads import reading
from ausrufer.platforms.threads.text import LIMIT, MOST_PICTURES, ladder, same_text

API = "https://graph.threads.net"
POLLS = (1.0, 1.0, 2.0, 3.0, 5.0)  # seconds between two looks at a container, then every 10; sheet, section 3.3
LATER = 10.0
GIVE_UP = 300.0  # seconds of processing; then the text goes without pictures
MOST_CONTAINERS = 3
PREPARING = (
    15.0  # seconds after which creating containers is left for the next call, so that the claim does not run out
)
REMEMBERED = 25  # own posts noted before the first act
CLOCK_TOLERANCE = timedelta(minutes=10)  # only where nothing could be noted


class Threads(Platform):
    """Settings: `api` (only for a stand-in), `handle`. Secrets: `access_token`, valid 60 days."""

    key = "threads"
    name = "Threads"
    capabilities = Capabilities(
        max_text=LIMIT,
        measure="Zeichen (Threads-Zählung)",
        max_pictures=MOST_PICTURES,
        max_alt=1000,
        sends_pictures=SendsPictures.ADDRESS,
        confirms_by=ConfirmsBy.API,
        can_find=True,
        can_withdraw=True,
        has_limits=True,
        usual_delay=3.0,
        longest_call=45.0,
    )
    look = Look(kind="post", radius=8, handle="handle")

    def render(self, draft: Draft) -> list[Rendition]:
        return ladder(draft, int(self.limits.get("max_text") or LIMIT))

    def send(self, order: Order, rendition: Rendition, keep: Keep) -> Placement:
        so_far = dict(order.so_far)
        try:
            self._note_newest(so_far)
            if not rendition.pictures:
                return self._publish_text(rendition, keep, so_far)
            return self._publish_container(rendition, keep, so_far)
        except reading.NotReady as trouble:
            self._put_off(trouble, so_far)
            raise
        except TryLater as trouble:
            trouble.so_far = so_far
            raise

    def find(self, order: Order, rendition: Rendition) -> Placement | None:
        """Among our posts newer than those noted before the first act, the one with these words."""
        before = order.so_far.get("before")
        for thread in self._own_posts():
            if before is not None and thread.id in before:
                break
            is_new = before is not None or (
                thread.timestamp is not None and thread.timestamp >= order.released_at - CLOCK_TOLERANCE
            )
            if is_new and same_text(rendition.text, thread.text):
                return Placement((Part(thread.id, thread.address),))
        container = order.so_far.get("container")
        if container and self._state(container)[0] == "PUBLISHED":
            raise TryLater("Threads hat veröffentlicht, zeigt den Beitrag aber noch nicht.", seconds=5.0)
        return None

    def is_online(self, placement: Placement) -> Seen:
        part = placement.parts[0]
        try:
            thread = reading.thread_of(self._look(f"/{part.id}", fields="id,permalink,timestamp"))
        except reading.Gone as gone:
            return Seen(False, part.address, sentence=str(gone.sentence))
        return Seen(True, thread.address or part.address, confirmed_by="api")

    def read_limits(self) -> Mapping[str, Any]:
        """posts_used and posts_a_day of the rolling 24 hours; sheet, section 6."""
        return reading.quota_of(self._look("/me/threads_publishing_limit", fields="quota_usage,config"))

    def withdraw(self, placement: Placement) -> None:
        for part in placement.parts:
            with suppress(reading.Gone):
                self._ask("DELETE", f"/{part.id}", reads=reading.reads_look)

    def _note_newest(self, so_far: dict[str, Any]) -> None:
        """What was there before us, so that older posts with the same words are never taken for ours."""
        if "before" in so_far:
            return
        try:
            so_far["before"] = [thread.id for thread in self._own_posts()]
        except LockedOut:
            raise
        except Trouble:
            so_far["before"] = None  # a warning does not wait for reading; `find` then goes by time

    def _publish_text(self, rendition: Rendition, keep: Keep, so_far: dict[str, Any]) -> Placement:
        keep(so_far)
        fields = {"media_type": "TEXT", "text": rendition.text, "auto_publish_text": "true"}
        if rendition.link:
            fields["link_attachment"] = rendition.link
        answer = self._act("/me/threads", fields, reads=reading.reads_create)
        return Placement((Part(reading.id_of(answer)),))  # the first look learns the address

    def _publish_container(self, rendition: Rendition, keep: Keep, so_far: dict[str, Any]) -> Placement:
        container = so_far.get("container") or self._create(rendition, so_far)
        state, reason = self._state(container)
        if state == "PUBLISHED":
            raise TryLater("Threads hat veröffentlicht, zeigt den Beitrag aber noch nicht.", seconds=2.0)
        if state == "IN_PROGRESS":
            raise self._processing(so_far)
        if state != "FINISHED":
            raise Rejected("Threads konnte die Bilder nicht verarbeiten.", diagnostic=f"{state} {reason}", so_far={})
        keep(so_far)
        answer = self._act("/me/threads_publish", {"creation_id": container}, reads=reading.reads_publish)
        return Placement((Part(reading.id_of(answer)),))

    def _create(self, rendition: Rendition, so_far: dict[str, Any]) -> str:
        """A container may be made again: nothing of it is public."""
        if len(rendition.pictures) == 1:
            fields = {**self._picture(rendition.pictures[0]), "text": rendition.text}
        else:
            fields = {"media_type": "CAROUSEL", "text": rendition.text, "children": self._children(rendition, so_far)}
        so_far["container"] = reading.id_of(self._ask("POST", "/me/threads", data=fields, reads=reading.reads_create))
        return str(so_far["container"])

    def _children(self, rendition: Rendition, so_far: dict[str, Any]) -> str:
        started = time.monotonic()
        so_far["children"] = children = list(so_far.get("children", []))
        for picture in rendition.pictures[len(children) :]:
            if time.monotonic() - started > PREPARING:
                raise TryLater("Threads holt die Bilder.", seconds=0.0)
            fields = {**self._picture(picture), "is_carousel_item": "true"}
            children.append(reading.id_of(self._ask("POST", "/me/threads", data=fields, reads=reading.reads_create)))
        return ",".join(children)

    def _picture(self, picture: Picture) -> dict[str, str]:
        if self.supplies.media is None:
            raise Rejected("Die Bilder sind nicht öffentlich erreichbar.")
        try:
            address = self.supplies.media.public_url(picture.digest)
        except FileNotFoundError as error:
            raise Rejected("Das Bild ist nicht mehr gespeichert.", diagnostic=picture.digest) from error
        return {"media_type": "IMAGE", "image_url": address} | ({"alt_text": picture.alt[:1000]} if picture.alt else {})

    def _processing(self, so_far: dict[str, Any]) -> Trouble:
        polls, waited = so_far.get("polls", 0), so_far.get("waited", 0.0)
        if waited >= GIVE_UP:
            return Rejected(
                "Threads wurde mit den Bildern nicht fertig.", diagnostic=f"after {waited:.0f} s", so_far={}
            )
        seconds = POLLS[polls] if polls < len(POLLS) else LATER
        so_far |= {"polls": polls + 1, "waited": waited + seconds}
        return TryLater("Threads verarbeitet die Bilder noch.", seconds=seconds)

    def _put_off(self, trouble: reading.NotReady, so_far: dict[str, Any]) -> None:
        """Publishing came too early (4279009): later again, then with a new container, then not at all."""
        races = so_far.get("races", 0)
        if races >= len(reading.RACE_WAITS) * MOST_CONTAINERS:
            raise Rejected("Threads nimmt die Bilder nicht an.", diagnostic=trouble.diagnostic, so_far={})
        so_far["races"] = races + 1
        if so_far["races"] % len(reading.RACE_WAITS) == 0:
            so_far.pop("container", None)
            so_far.pop("children", None)
        trouble.seconds = reading.RACE_WAITS[races % len(reading.RACE_WAITS)]
        trouble.so_far = so_far

    def _state(self, container: str) -> tuple[str, str]:
        return reading.state_of(self._look(f"/{container}", fields="status,error_message"))

    def _own_posts(self) -> list[reading.Thread]:
        """Newest first."""
        return reading.threads_of(
            self._look("/me/threads", fields="id,permalink,timestamp,text", limit=str(REMEMBERED))
        )

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
