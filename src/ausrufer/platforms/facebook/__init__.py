"""A Facebook page: text with a link card, pictures that are uploaded, one video that Meta fetches."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

from ausrufer.adapter.capabilities import Capabilities, Look, SendsPictures
from ausrufer.adapter.captions import leave_out, note_on
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
from ausrufer.adapter.errors import Rejected, Trouble, TryLater
from ausrufer.adapter.graph import Gone, list_of, object_of, reads_list, reads_look
from ausrufer.adapter.http import Answer, Reads
from ausrufer.adapter.stored import StoredFile, public_address
from ausrufer.adapter.wording import wording_of
from ausrufer.kernel.shorten import shortened
from ausrufer.kernel.text import links, normal
from ausrufer.platforms.facebook import access, captions
from ausrufer.platforms.facebook.reading import (
    Post,
    Repetition,
    metrics_of,
    reads_act,
    reads_deletion,
    replies_of,
    same_text,
)

MAX_TEXT = 63_206  # characters; platform sheet, section 1
MAX_PICTURES = 20
MAX_PHOTO = 4_000_000  # bytes
PREPARING = 4.0  # seconds after which uploading is left for the next call, so that the claim does not run out
RECENT = 25  # own posts among which a lost one is looked for
TOLERANCE = timedelta(seconds=5)  # times are whole seconds, and clocks differ
POST_FIELDS = "id,message,created_time,permalink_url,is_published"
VIDEO_FIELDS = "id,description,created_time,permalink_url,published,status"
COMMENT_FIELDS = "id,from,message,created_time,permalink_url,parent,is_hidden"
COUNTED = "id,shares,reactions.summary(total_count).limit(0),comments.summary(total_count).limit(0)"


class Facebook(Platform):
    """Settings: `page` (its number), `handle`, `app_id`, `version`; `api` and `web` only for a stand-in.

    Secrets: `access_token` of the page, `app_secret`.
    """

    key = "facebook"
    name = "Facebook"
    capabilities = Capabilities(
        max_text=MAX_TEXT,
        measure="Zeichen",
        max_pictures=MAX_PICTURES,
        max_videos=1,
        shows_captions=True,
        sends_pictures=SendsPictures.UPLOAD,
        can_find=True,
        can_withdraw=True,
        can_edit=True,
        has_replies=True,
        has_metrics=True,
        has_profile=True,
        connects_by_redirect=True,
        can_rehearse=True,
        usual_delay=3.0,
        longest_call=80.0,  # looking, the act, and captions in five languages
        seen_within=300.0,  # a video is made ready first
    )
    look = Look(kind="post", radius=8, handle="handle")

    def has_access(self) -> bool:
        """Connected is who got a token by agreeing."""
        return bool(self.secrets.get("access_token"))

    def render(self, draft: Draft) -> list[Rendition]:
        """Wanted; text with link, if pictures or the video are refused. One video, or pictures: never both."""
        videos = tuple(captions.shown(each) for each in draft.videos[:1])
        pictures = () if videos else tuple(each.within(MAX_PHOTO) for each in draft.pictures[:MAX_PICTURES])
        is_all = (len(pictures), len(videos)) == (len(draft.pictures), len(draft.videos))
        ladder = [rendition(draft, pictures, videos, with_page=not is_all)]
        if pictures or videos:
            ladder.append(replace(rendition(draft, (), (), with_page=True), wording="text_only"))
        return ladder

    def send(self, order: Order, rendition: Rendition, keep: Keep) -> Placement:
        so_far, ends = dict(order.so_far), time.monotonic() + PREPARING
        if not isinstance(so_far.get("before"), list):
            so_far["before"] = [post.id for post in self._recent(rendition)]
        try:
            photos = self._uploaded(rendition, so_far, ends)
            keep(so_far)
            return self._captioned(self._publish(rendition, photos), rendition)
        except Repetition as trouble:
            if so_far.get("repeated"):  # looked for and not found since the first time: the words are what is refused
                raise Rejected(trouble.sentence, diagnostic=trouble.diagnostic, so_far={}) from trouble
            trouble.so_far = so_far | {"repeated": True}
            raise
        except TryLater as trouble:
            trouble.so_far = so_far
            raise

    def find(self, order: Order, rendition: Rendition) -> Placement | None:
        """With these words, since the release, and not among those that were there before the first act."""
        before, earliest = order.so_far.get("before"), order.released_at - TOLERANCE
        if not isinstance(before, list):
            return None
        for post in self._recent(rendition):
            is_new = post.id not in before and post.at is not None and post.at >= earliest
            if is_new and same_text(rendition.text, post.text):
                return self._captioned(placement_of(post.id, rendition, post.address), rendition)
        return None

    def is_online(self, placement: Placement) -> Seen:
        fields = VIDEO_FIELDS if placement.extra.get("video") else POST_FIELDS
        try:
            post = Post.of(object_of(self._look(f"/{placement.parts[0].id}", fields=fields)))
        except Gone as gone:
            return Seen(False, placement.address, sentence=str(gone.sentence))
        if not post.is_published:
            return Seen(False, post.address, sentence="Facebook verarbeitet das Video noch.")
        return Seen(True, post.address or placement.address)

    def edit(self, order: Order, placement: Placement, rendition: Rendition, keep: Keep) -> Placement:
        """The words; pictures stay. The same again does no harm."""
        keep(order.so_far)
        words = {"description" if placement.extra.get("video") else "message": rendition.text}
        self._ask("POST", f"/{placement.parts[0].id}", data=words, reads=reads_act)
        return placement

    def withdraw(self, placement: Placement) -> None:
        with suppress(Gone):
            self._ask("DELETE", f"/{placement.parts[0].id}", reads=reads_deletion)

    def replies(self, placement: Placement) -> list[Reply]:
        asked = {"fields": COMMENT_FIELDS, "filter": "stream", "order": "chronological", "limit": "100"}
        return replies_of(self._look(f"/{placement.parts[0].id}/comments", **asked), self._page)

    def metrics(self, placement: Placement) -> list[Metric]:
        return metrics_of(object_of(self._look(f"/{placement.parts[0].id}", fields=COUNTED)))

    def profile(self) -> Profile:
        body = object_of(self._look("/me", fields="id,name,link"))
        return Profile(str(body.get("name") or ""), "", str(body.get("link") or f"{access.WEB}/{body['id']}"))

    def rehearse(self) -> None:
        """A post that is not published, and deleted at once."""
        said = {"message": "Ausrufer prüft den Zugang", "published": "false"}
        made = object_of(self._ask("POST", f"/{self._page}/feed", data=said, reads=reads_act))["id"]
        self.withdraw(Placement((Part(str(made)),)))

    def connect_url(self, redirect: str, state: str) -> str:
        return access.connect_url(self.settings, redirect, state)

    def connected(self, answer: Mapping[str, str], redirect: str) -> Connection:
        return access.connected(self.supplies.http, self.settings, self.secrets, answer, redirect)

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        return access.FIELDS

    def _uploaded(self, rendition: Rendition, so_far: dict[str, Any], ends: float) -> list[str]:
        """Nothing of it is public, so it may be repeated; what was uploaded is not uploaded again."""
        photos: list[str] = list(so_far.get("photos", []))
        for picture in rendition.pictures[len(photos) :]:
            if time.monotonic() > ends:
                raise TryLater("Die Bilder werden zu Facebook übertragen.", seconds=0.0)
            said = {"published": "false"} | ({"alt_text_custom": picture.alt} if picture.alt else {})
            content = StoredFile(self.supplies, picture.digest)
            files = {"source": (f"bild.{picture.mime.removeprefix('image/')}", content, picture.mime)}
            answer = self._ask("POST", f"/{self._page}/photos", data=said, files=files, reads=reads_act)
            photos.append(str(object_of(answer)["id"]))
            so_far["photos"] = photos
        return photos

    def _publish(self, rendition: Rendition, photos: list[str]) -> Placement:
        if rendition.videos:
            video = rendition.videos[0]
            said = {
                "file_url": public_address(self.supplies, video.digest),
                "description": rendition.text,
                "published": "true",
            }
            return placement_of(str(object_of(self._act(f"/{self._page}/videos", said))["id"]), rendition)
        said = {"message": rendition.text} | ({"link": rendition.link} if rendition.link else {})
        if photos:
            said["attached_media"] = json.dumps([{"media_fbid": each} for each in photos])
        return placement_of(str(object_of(self._act(f"/{self._page}/feed", said))["id"]), rendition)

    def _captioned(self, there: Placement, rendition: Rendition) -> Placement:
        """With captions, which Facebook takes once the film is there. No trouble with them makes the film unsent.

        Bringing them twice does no harm: a language has one file.
        """
        so_far: dict[str, Any] = {}
        for each in (each for video in rendition.videos for each in video.captions):
            try:
                request = captions.request(self.supplies, each, is_default=each.language == rendition.language)
                where = f"/{there.parts[0].id}/captions"
                answer = self._ask("POST", where, reads=captions.reads, deadline=captions.DEADLINE, **request)
                is_taken = answer.peek().get("success") is True
            except Trouble:
                is_taken = False
            if not is_taken:
                leave_out(so_far, each.digest)
        return replace(there, note=note_on(so_far, rendition))

    def _recent(self, rendition: Rendition) -> list[Post]:
        """Newest first."""
        kind, fields = ("videos", VIDEO_FIELDS) if rendition.videos else ("feed", POST_FIELDS)
        asked = {"fields": fields, "limit": str(RECENT)}
        answer = self._ask("GET", f"/{self._page}/{kind}", params=asked, reads=reads_list)
        return [Post.of(each) for each in list_of(answer)]

    def _look(self, path: str, **params: str) -> Answer:
        return self._ask("GET", path, params=params, reads=reads_look)

    def _ask(self, method: str, path: str, *, reads: Reads, **request: Any) -> Answer:
        where = "data" if method == "POST" else "params"
        request[where] = self._token | request.get(where, {})
        address = f"{access.base(self.settings)}{path}"
        return self.supplies.http.ask(method, address, platform=self.name, reads=reads, **request)

    def _act(self, path: str, said: dict[str, str]) -> Answer:
        address, data = f"{access.base(self.settings)}{path}", self._token | said
        return self.supplies.http.act("POST", address, data=data, platform=self.name, reads=reads_act)

    @property
    def _token(self) -> dict[str, str]:
        return {"access_token": self.secrets.get("access_token", "")}

    @property
    def _page(self) -> str:
        """`me` is the page, for a page's own token."""
        return str(self.settings.get("page") or "me")


def placement_of(post: str, rendition: Rendition, address: str = "") -> Placement:
    """A fresh post's address is learned by the first look."""
    return Placement((Part(post, address),), {"video": True} if rendition.videos else {})


def rendition(draft: Draft, pictures: tuple[Picture, ...], videos: tuple[Video, ...], *, with_page: bool) -> Rendition:
    text = normal(draft.text)
    # A link of the editor's gets the card; else it leads to our page, where everybody can read without an account.
    has_card = not (pictures or videos) and set(links(text)) <= {draft.page}
    if len(text) > MAX_TEXT or (with_page and not has_card and draft.page not in links(text)):
        text = shortened(text, draft.page, MAX_TEXT, len)
    return Rendition(
        text=text,
        language=draft.language,
        pictures=pictures,
        videos=videos,
        link=draft.page if has_card else "",
        page=draft.page,
        topic=draft.topic,
        count=len(text),
        limit=MAX_TEXT,
        wording=wording_of(draft, text, is_all=not with_page),
    )
