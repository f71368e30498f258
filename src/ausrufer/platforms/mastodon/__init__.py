"""Mastodon: an own server or a public-sector instance; everything variable is read from the instance."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

from ausrufer.adapter.capabilities import Capabilities, ConfirmsBy, Look, SendsPictures
from ausrufer.adapter.contract import Draft, Keep, Order, Part, Picture, Placement, Platform, Rendition, Seen
from ausrufer.adapter.errors import LockedOut, Rejected, Trouble, TryLater
from ausrufer.adapter.http import Answer, Reads
from ausrufer.kernel.shorten import shortened
from ausrufer.kernel.text import normal, utf8_bytes
from ausrufer.platforms.mastodon import reading
from ausrufer.platforms.mastodon.text import LINK_LENGTH, measured, plain, same_text

SMALLEST_LIMIT = 500  # characters; Mastodon's default, and no instance we know allows less
PREPARING = 15.0  # seconds after which uploading is left for the next call, so that the claim does not run out
PROCESSING_WAIT = 2.0  # seconds between two looks at a picture the instance still works on
REMEMBERED = 20  # own posts noted before the first act; deleting some of them in between does no harm
CLOCK_TOLERANCE = timedelta(hours=1)  # how wrong the instance's clock may be
ENDINGS = {"image/jpeg": "jpg", "image/png": "png"}


class Mastodon(Platform):
    """Settings: `instance`, e.g. "https://social.example". Secrets: `access_token`."""

    key = "mastodon"
    name = "Mastodon"
    capabilities = Capabilities(
        max_text=SMALLEST_LIMIT,
        max_pictures=4,
        max_alt=1500,
        sends_pictures=SendsPictures.UPLOAD,
        confirms_by=ConfirmsBy.PAGE,
        can_find=True,
        can_withdraw=True,
        has_limits=True,
        longest_call=45.0,  # preparing, one last upload, and the post itself
    )
    look = Look(kind="post", radius=8, handle="handle")

    def render(self, draft: Draft) -> list[Rendition]:
        """Wanted; text with link, if pictures are refused; so short that it fits however strictly it is counted."""
        most = self._stated("max_pictures", 4)
        ladder = [self._rendition(draft, draft.pictures[:most], link=len(draft.pictures) > most)]
        if draft.pictures:
            ladder.append(replace(self._rendition(draft, (), link=True), wording="text_only"))
        strictest = min(self._limit, SMALLEST_LIMIT)
        if utf8_bytes(ladder[-1].text) > strictest:
            short = shortened(normal(draft.text), draft.page, strictest, utf8_bytes)
            ladder.append(replace(ladder[-1], text=short, count=self._measure(short), wording="shortened"))
        return ladder

    def send(self, order: Order, rendition: Rendition, keep: Keep) -> Placement:
        so_far = dict(order.so_far)
        try:
            self._prepare(so_far, rendition)
        except Trouble as trouble:
            trouble.so_far = so_far
            raise
        fields: dict[str, Any] = {"status": rendition.text, "language": rendition.language, "visibility": "public"}
        if rendition.pictures:
            fields["media_ids[]"] = [so_far["media"][picture.digest] for picture in rendition.pictures]
        if order.reply_to:
            fields["in_reply_to_id"] = order.reply_to.parts[-1].id
        keep(so_far)
        answer = self.supplies.http.act(
            "POST",
            self._address("/api/v1/statuses"),
            data=fields,
            headers=self._token | {"Idempotency-Key": f"{order.key}-{fingerprint(rendition)}"},
            platform=self.name,
            reads=reading.reads_post,
        )
        return placement_of(reading.status_of(answer))

    def find(self, order: Order, rendition: Rendition) -> Placement | None:
        """Among our posts newer than those noted before the first act: an Idempotency-Key alone is never trusted."""
        if "before" not in order.so_far:
            return None  # the first act never began
        for status in self._own_posts():
            if status.id in order.so_far["before"]:
                return None
            is_new = status.created_at >= order.released_at - CLOCK_TOLERANCE
            if is_new and same_text(rendition.text, status.source or plain(status.html)):
                return placement_of(status)
        return None

    def is_online(self, placement: Placement) -> Seen:
        part = placement.parts[0]
        try:
            status = self._shown(part.id)
        except reading.Gone as gone:
            return Seen(False, part.address, sentence=str(gone.sentence))
        address = status.address or part.address
        if status.visibility != "public":
            return Seen(False, address, sentence="Auf Mastodon ist der Beitrag nicht öffentlich.")
        return Seen(True, address, confirmed_by="page" if self._page_answers(address) else "api")

    def read_limits(self) -> Mapping[str, Any]:
        """Named as in Capabilities; besides, link_length and version."""
        try:
            return reading.limits_of(self._look("/api/v2/instance", token=False))
        except reading.Gone:
            return reading.limits_of(self._look("/api/v1/instance", token=False))

    def withdraw(self, placement: Placement) -> None:
        for part in placement.parts:
            with suppress(reading.Gone):
                address = self._address(f"/api/v1/statuses/{part.id}")
                self._ask("DELETE", address, reads=reading.reads_deletion)

    def _rendition(self, draft: Draft, pictures: tuple[Picture, ...], *, link: bool) -> Rendition:
        text = normal(draft.text)
        wording = "own" if draft.is_variant else "whole"
        if self._measure(text) > self._limit:
            wording = "shortened"
        if wording == "shortened" or (link and draft.page not in text):
            text = shortened(text, draft.page, self._limit, self._measure).strip()
        return Rendition(
            text=text,
            language=draft.language,
            pictures=pictures,
            page=draft.page,
            topic=draft.topic,
            count=self._measure(text),
            limit=self._limit,
            wording=wording,
        )

    def _prepare(self, so_far: dict[str, Any], rendition: Rendition) -> None:
        """Everything that may be repeated; what was reached stands in `so_far`, also when it raises."""
        started = time.monotonic()
        if "before" not in so_far:
            so_far["before"] = [status.id for status in self._own_posts()][:REMEMBERED]
        so_far["media"] = media = dict(so_far.get("media", {}))
        processing = False
        for picture in rendition.pictures:
            if time.monotonic() - started > PREPARING:
                raise TryLater("Die Bilder werden zu Mastodon übertragen.", seconds=0.0)
            processing |= not self._is_ready(picture, media)
        if processing:
            raise TryLater("Mastodon verarbeitet die Bilder noch.", seconds=PROCESSING_WAIT)

    def _is_ready(self, picture: Picture, media: dict[str, str]) -> bool:
        """Uploads it unless the instance still has it from an earlier call (it forgets unused ones after a day)."""
        if known := media.get(picture.digest):
            try:
                return self._look(f"/api/v1/media/{known}").status == 200
            except reading.Gone:
                del media[picture.digest]
        answer = self._ask(
            "POST",
            self._address("/api/v2/media"),
            files={"file": (f"bild.{ENDINGS.get(picture.mime, 'jpg')}", self._bytes(picture), picture.mime)},
            data={"description": picture.alt},
            reads=reading.reads_upload,
        )
        media[picture.digest] = reading.id_of(answer)
        return answer.status == 200

    def _bytes(self, picture: Picture) -> bytes:
        try:
            if self.supplies.media:
                return self.supplies.media.read(picture.digest)
        except FileNotFoundError:
            pass
        raise Rejected("Das Bild ist nicht mehr gespeichert.", diagnostic=picture.digest)

    def _own_posts(self) -> list[reading.Status]:
        """Newest first, in the instance's order."""
        address = self._address("/api/v1/accounts/verify_credentials")
        account = reading.id_of(self._ask("GET", address, reads=reading.reads_account))
        return reading.statuses_of(self._look(f"/api/v1/accounts/{account}/statuses?limit=40&exclude_reblogs=true"))

    def _shown(self, status_id: str) -> reading.Status:
        path = f"/api/v1/statuses/{status_id}"
        try:
            return reading.status_of(self._look(path, token=False))
        except LockedOut:
            # Some instances show their interface to members only; whether readers see the page is asked besides.
            return reading.status_of(self._look(path))

    def _page_answers(self, address: str) -> bool:
        try:
            return bool(address) and self.supplies.http.ask("GET", address, platform=self.name).status == 200
        except Trouble:
            return False

    def _look(self, path: str, *, token: bool = True) -> Answer:
        return self._ask("GET", self._address(path), token=token, reads=reading.reads_look)

    def _ask(self, method: str, url: str, *, reads: Reads, token: bool = True, **request: Any) -> Answer:
        headers = self._token if token else {}
        return self.supplies.http.ask(method, url, headers=headers, platform=self.name, reads=reads, **request)

    def _address(self, path: str) -> str:
        instance = str(self.settings.get("instance", "")).rstrip("/")
        if not instance:
            raise LockedOut("Für Mastodon ist noch keine Instanz eingetragen.")
        return instance + path

    @property
    def _token(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secrets.get('access_token', '')}"}

    @property
    def _limit(self) -> int:
        return self._stated("max_text", SMALLEST_LIMIT)

    def _stated(self, limit: str, default: int) -> int:
        return int(self.limits.get(limit) or default)

    def _measure(self, text: str) -> int:
        return measured(text, self._stated("link_length", LINK_LENGTH))


def placement_of(status: reading.Status) -> Placement:
    return Placement((Part(status.id, status.address),))


def fingerprint(rendition: Rendition) -> str:
    """Differs between the renditions of one order, so that a fallback is not taken for a repetition."""
    shown = "\n".join([rendition.text, rendition.language, *(picture.digest for picture in rendition.pictures)])
    return hashlib.sha256(shown.encode()).hexdigest()[:16]
