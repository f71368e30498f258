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
from ausrufer.adapter.contract import (
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
from ausrufer.adapter.errors import LockedOut, Rejected, Trouble, TryLater
from ausrufer.adapter.http import FILM_DEADLINE, Answer, Reads
from ausrufer.adapter.stored import StoredFile
from ausrufer.kernel.clock import utc_now
from ausrufer.platforms.mastodon import reading
from ausrufer.platforms.mastodon.ladder import SMALLEST_LIMIT, Limits, ladder
from ausrufer.platforms.mastodon.text import plain, same_text

PREPARING = 15.0  # seconds after which uploading is left for the next call, so that the claim does not run out
PROCESSING_WAIT = 2.0  # seconds between two looks at a picture the instance still works on
GIVE_UP = 300.0  # seconds of processing; then the text goes with a link
REMEMBERED = 20  # own posts noted before the first act; deleting some of them in between does no harm
CLOCK_TOLERANCE = timedelta(hours=1)  # how wrong the instance's clock may be
REHEARSED_FOR = timedelta(days=1)  # at least five minutes; platform sheet, section 3
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "video/mp4": "mp4"}


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
        max_videos=1,
        can_withdraw=True,
        can_edit=True,
        can_reply=True,
        can_chain=True,
        has_warning=True,
        has_limits=True,
        has_replies=True,
        has_metrics=True,
        has_profile=True,
        can_rehearse=True,
        public_so_far=("parts",),
        longest_call=100.0,  # preparing, one last upload, and the post itself
    )
    look = Look(kind="post", radius=8, handle="handle")

    def render(self, draft: Draft) -> list[Rendition]:
        return ladder(draft, Limits.of(self.limits))

    def send(self, order: Order, rendition: Rendition, keep: Keep) -> Placement:
        so_far = dict(order.so_far)
        try:
            self._prepare(so_far, rendition)
            parts = self._parts(order, rendition, so_far, keep)
        except Trouble as trouble:
            trouble.so_far = so_far
            raise
        return Placement(tuple(parts))

    def find(self, order: Order, rendition: Rendition) -> Placement | None:
        """Every part, or it is sent again: what is there by then is taken up and not repeated."""
        if "before" not in order.so_far:
            return None  # the first act never began
        parts = parts_in(order.so_far)
        texts = [rendition.text, *rendition.more][len(parts) :]
        found = [self._found(order, text, order.so_far["before"], parts) for text in texts]
        whole = [*parts, *(part for part in found if part)]
        return Placement(tuple(whole)) if all(found) else None

    def begun(self, order: Order, rendition: Rendition) -> Placement:
        parts, texts = parts_in(order.so_far), [rendition.text, *rendition.more]
        if order.so_far.get("acting") == len(parts) < len(texts):
            last = self._found(order, texts[len(parts)], order.so_far["before"], parts)
            parts += [last] if last else []
        return Placement(tuple(parts))

    def edit(self, order: Order, placement: Placement, rendition: Rendition, keep: Keep) -> Placement:
        """Followers see that it was edited; pictures stay. Repeating it harms nobody."""
        shown = self._shown_media(placement.parts[0].id)
        fields = {**fields_of(rendition), "media_ids[]": shown} if shown else fields_of(rendition)
        keep(order.so_far)
        address = self._address(f"/api/v1/statuses/{placement.parts[0].id}")
        self.supplies.http.act(
            "PUT", address, data=fields, headers=self._token, platform=self.name, reads=reading.reads_post
        )
        return placement

    def is_online(self, placement: Placement) -> Seen:
        for part in reversed(placement.parts):
            seen = self._seen(part)
            if not seen.online:
                return seen
        return seen

    def _seen(self, part: Part) -> Seen:
        try:
            status = self._shown(part.id)
        except reading.Gone as gone:
            return Seen(False, part.address, sentence=str(gone.sentence))
        address = status.address or part.address
        if status.visibility != "public":
            return Seen(False, address, sentence="Auf Mastodon ist der Beitrag nicht öffentlich.")
        return Seen(True, address, confirmed_by="page" if self._page_answers(address) else "api")

    def replies(self, placement: Placement) -> list[Reply]:
        """Everything below our parts, oldest first; our own chain is no reply."""
        ours = {part.id for part in placement.parts}
        with suppress(reading.Gone):
            found = reading.replies_of(self._look(f"/api/v1/statuses/{placement.parts[0].id}/context"))
            return [reply for reply in found if reply.id not in ours]
        return []

    def metrics(self, placement: Placement) -> list[Metric]:
        """Of the first part."""
        return reading.metrics_of(self._look(f"/api/v1/statuses/{placement.parts[0].id}"))

    def profile(self) -> Profile:
        address = self._address("/api/v1/accounts/verify_credentials")
        return reading.profile_of(self._ask("GET", address, reads=reading.reads_account))

    def rehearse(self) -> None:
        """Scheduled, for ourselves alone, and deleted at once; a server without a schedule shows it to nobody else."""
        at = (utc_now() + REHEARSED_FOR).isoformat()
        fields = {"status": "Ausrufer prüft den Zugang", "visibility": "direct", "scheduled_at": at}
        answer = self._ask("POST", self._address("/api/v1/statuses"), data=fields, reads=reading.reads_post)
        kind = "scheduled_statuses" if answer.peek().get("scheduled_at") else "statuses"
        with suppress(reading.Gone):
            address = self._address(f"/api/v1/{kind}/{reading.id_of(answer)}")
            self._ask("DELETE", address, reads=reading.reads_deletion)

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        where = "In Mastodon unter Einstellungen, Entwicklung, Neue Anwendung; Rechte: read, write."
        return (
            Field("instance", "Adresse der Instanz", "z. B. https://social.bund.de", kind="url"),
            Field("handle", "Name dort", "z. B. @stadt_trier", is_required=False),
            Field("access_token", "Zugangswort", where, is_secret=True),
        )

    def read_limits(self) -> Mapping[str, Any]:
        """Named as in Capabilities; besides, link_length and version."""
        try:
            return reading.limits_of(self._look("/api/v2/instance", token=False))
        except reading.Gone:
            return reading.limits_of(self._look("/api/v1/instance", token=False))

    def withdraw(self, placement: Placement) -> None:
        for part in reversed(placement.parts):
            with suppress(reading.Gone):
                address = self._address(f"/api/v1/statuses/{part.id}")
                self._ask("DELETE", address, reads=reading.reads_deletion)

    def _parts(self, order: Order, rendition: Rendition, so_far: dict[str, Any], keep: Keep) -> list[Part]:
        """One after the other, each a reply to the one before; what an earlier call published is not repeated."""
        parts, texts = parts_in(so_far), [rendition.text, *rendition.more]
        while len(parts) < len(texts):
            number = len(parts)
            if so_far.get("acting") == number and (found := self._found(order, texts[number], so_far["before"], parts)):
                parts.append(found)
            else:
                so_far["acting"] = number
                keep(so_far)
                parts.append(self._publish(order, replace(rendition, text=texts[number]), so_far, parts))
            so_far["parts"] = [{"id": part.id, "address": part.address} for part in parts]
        return parts

    def _publish(self, order: Order, rendition: Rendition, so_far: dict[str, Any], parts: list[Part]) -> Part:
        fields = fields_of(rendition)
        above = parts[-1].id if parts else order.reply_to.parts[-1].id if order.reply_to else ""
        if above:
            fields["in_reply_to_id"] = above
        if not parts and so_far["media"]:
            fields["media_ids[]"] = [so_far["media"][each.digest] for each in rendition.media]
        answer = self.supplies.http.act(
            "POST",
            self._address("/api/v1/statuses"),
            data=fields,
            headers=self._token | {"Idempotency-Key": f"{order.key}-{fingerprint(rendition)}"},
            platform=self.name,
            reads=reading.reads_post,
        )
        return part_of(reading.status_of(answer))

    def _found(self, order: Order, text: str, before: list[str], parts: list[Part]) -> Part | None:
        """Among our posts newer than those noted before the first act: an Idempotency-Key alone is never trusted."""
        ours = {part.id for part in parts}
        for status in self._own_posts():
            if status.id in before:
                return None
            is_new = status.created_at >= order.released_at - CLOCK_TOLERANCE
            if is_new and status.id not in ours and same_text(text, status.source or plain(status.html)):
                return part_of(status)
        return None

    def _shown_media(self, status_id: str) -> list[str]:
        found = self._look(f"/api/v1/statuses/{status_id}").peek().get("media_attachments")
        return [str(each["id"]) for each in found if isinstance(each, dict) and each.get("id")] if found else []

    def _prepare(self, so_far: dict[str, Any], rendition: Rendition) -> None:
        """Everything that may be repeated; what was reached stands in `so_far`, also when it raises."""
        started = time.monotonic()
        if "before" not in so_far:
            so_far["before"] = [status.id for status in self._own_posts()][:REMEMBERED]
        so_far["media"] = media = dict(so_far.get("media", {}))
        processing = False
        for picture in rendition.media:
            if time.monotonic() - started > PREPARING:
                raise TryLater("Die Bilder werden zu Mastodon übertragen.", seconds=0.0)
            processing |= not self._is_ready(picture, media)
        if processing:
            now = utc_now().timestamp()
            since = so_far.setdefault("processing_since", now)
            if now - since > GIVE_UP:
                late = "Mastodon verarbeitet den Beitrag seit über fünf Minuten."
                raise Rejected(late, diagnostic=f"after {now - since:.0f} s")
            raise TryLater("Mastodon verarbeitet den Beitrag noch.", seconds=PROCESSING_WAIT)

    def _is_ready(self, picture: Picture | Video, media: dict[str, str]) -> bool:
        """Uploads it unless the instance still has it from an earlier call (it forgets unused ones after a day)."""
        if known := media.get(picture.digest):
            try:
                return self._look(f"/api/v1/media/{known}", reads=reading.reads_media).status == 200
            except reading.Gone:
                del media[picture.digest]
        content = StoredFile(self.supplies, picture.digest)
        answer = self._ask(
            "POST",
            self._address("/api/v2/media"),
            files={"file": (f"bild.{ENDINGS.get(picture.mime, 'jpg')}", content, picture.mime)},
            data={"description": picture.alt},
            reads=reading.reads_upload,
            deadline=FILM_DEADLINE if isinstance(picture, Video) else None,
        )
        media[picture.digest] = reading.id_of(answer)
        return answer.status == 200

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

    def _look(self, path: str, *, token: bool = True, reads: Reads = reading.reads_look) -> Answer:
        return self._ask("GET", self._address(path), token=token, reads=reads)

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


def fields_of(rendition: Rendition) -> dict[str, Any]:
    fields: dict[str, Any] = {"status": rendition.text, "language": rendition.language, "visibility": "public"}
    return fields | ({"spoiler_text": rendition.warning} if rendition.warning else {})


def parts_in(so_far: Mapping[str, Any]) -> list[Part]:
    return [Part(**each) for each in so_far.get("parts", [])]


def part_of(status: reading.Status) -> Part:
    return Part(status.id, status.address)


def fingerprint(rendition: Rendition) -> str:
    """Differs between the renditions of one order, so that a fallback is not taken for a repetition."""
    media = [each.digest for each in rendition.media]
    shown = "\n".join([rendition.text, rendition.warning, rendition.language, *media])
    return hashlib.sha256(shown.encode()).hexdigest()[:16]
