"""Instagram: pictures and videos that Meta fetches, with a caption; nothing without a picture."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from ausrufer.adapter.capabilities import Capabilities, Look, SendsPictures
from ausrufer.adapter.containers import GIVE_UP, PREPARING, check_time, processing
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
from ausrufer.adapter.errors import Rejected, TryLater, Unclear
from ausrufer.adapter.graph import Gone, list_of, object_of, reads_list, reads_look
from ausrufer.adapter.graph_login import GraphLogin
from ausrufer.adapter.http import Answer, Reads
from ausrufer.adapter.stored import public_address
from ausrufer.kernel.clock import utc_now
from ausrufer.platforms.instagram import reading
from ausrufer.platforms.instagram.reading import Post, reads_act
from ausrufer.platforms.instagram.text import MAX_MEDIA, MAX_TEXT, ladder, same_text

API = "https://graph.instagram.com"
VERSION = "v25.0"
RECENT = 25  # own posts among which a lost one is looked for
MOST_TRIES = 6  # of publishing too early, or with a container that had ended
TOLERANCE = timedelta(seconds=5)  # times are whole seconds, and clocks differ
POST_FIELDS = "id,caption,permalink,timestamp"
COMMENT_FIELDS = "id,text,username,timestamp,parent_id,hidden"
LOGIN = GraphLogin(
    platform="Instagram",
    prefix="ig",
    scopes=(
        "instagram_business_basic,instagram_business_content_publish,instagram_business_manage_comments,"
        "instagram_business_manage_insights"
    ),
    dialog="https://www.instagram.com",
    codes="https://api.instagram.com",
    api=API,
)


class Instagram(Platform):
    """Settings: `api` (only for a stand-in), `handle`, `app_id`, `version`. Secrets: `access_token`, `app_secret`.

    The interface can neither change nor remove a post, so a correction or withdrawal there is a person's work.
    """

    key = "instagram"
    name = "Instagram"
    capabilities = Capabilities(
        max_text=MAX_TEXT,
        measure="Zeichen",
        max_pictures=MAX_MEDIA,
        max_alt=1000,
        max_videos=MAX_MEDIA,
        needs_picture=True,
        sends_pictures=SendsPictures.ADDRESS,
        can_find=True,
        has_limits=True,
        has_replies=True,
        has_metrics=True,
        has_profile=True,
        connects_by_redirect=True,
        renews=True,
        usual_delay=5.0,
        longest_call=55.0,
    )
    look = Look(kind="post", radius=8, handle="handle")

    def has_access(self) -> bool:
        """Connected is who got a token by agreeing."""
        return bool(self.secrets.get("access_token"))

    def render(self, draft: Draft) -> list[Rendition]:
        """Wanted; clearly shorter, if the text is refused. Without its picture nothing can be shown here."""
        return ladder(draft)

    def send(self, order: Order, rendition: Rendition, keep: Keep) -> Placement:
        so_far = dict(order.so_far)
        try:
            container = so_far.get("container") or self._create(rendition, so_far)
            if self._ready(container, so_far) == "PUBLISHED":
                if found := self._found(order, rendition):
                    return found
                late = "Instagram hat veröffentlicht, zeigt den Beitrag aber noch nicht."
                raise Unclear(late, so_far=so_far, diagnostic=f"container {container} is published")
            keep(so_far | {"acted": True})
            answer = self._act("/me/media_publish", {"creation_id": container})
            return Placement((Part(str(object_of(answer)["id"])),))
        except (reading.NotReady, reading.Ended) as trouble:
            trouble.so_far = self._once_more(trouble, so_far)
            raise
        except TryLater as trouble:
            trouble.so_far = so_far
            raise

    def find(self, order: Order, rendition: Rendition) -> Placement | None:
        """Its container says whether it is out. Which post: the oldest since the release with this caption."""
        container = order.so_far.get("container")
        if container and self._state(container)[0] not in ("PUBLISHED", "UNKNOWN"):
            return None
        return self._found(order, rendition)

    def is_online(self, placement: Placement) -> Seen:
        try:
            post = Post.of(object_of(self._look(f"/{placement.parts[0].id}", fields=POST_FIELDS)))
        except Gone as gone:
            return Seen(False, placement.address, sentence=str(gone.sentence))
        return Seen(True, post.address or placement.address)

    def read_limits(self) -> Mapping[str, Any]:
        """posts_used and posts_a_day of the rolling 24 hours."""
        return reading.quota_of(self._look("/me/content_publishing_limit", fields="config,quota_usage"))

    def replies(self, placement: Placement) -> list[Reply]:
        answer = self._look(f"/{placement.parts[0].id}/comments", fields=COMMENT_FIELDS, limit="50")
        return reading.replies_of(answer, str(self.settings.get("handle") or "").removeprefix("@"))

    def metrics(self, placement: Placement) -> list[Metric]:
        answer = self._look(f"/{placement.parts[0].id}/insights", metric="views,likes,comments,shares")
        return reading.metrics_of(answer)

    def profile(self) -> Profile:
        answer = self._look("/me", fields="user_id,username,name")
        body = answer.json()
        if not isinstance(body, dict) or not body.get("username"):
            raise answer.broken("{platform} antwortet unverständlich.", f"no profile: {answer.excerpt}")
        handle, web = str(body["username"]), str(self.settings.get("api") or "https://www.instagram.com")
        return Profile(str(body.get("name") or handle), handle, f"{web.rstrip('/')}/{handle}/")

    def connect_url(self, redirect: str, state: str) -> str:
        return LOGIN.connect_url(self.settings, redirect, state)

    def connected(self, answer: Mapping[str, str], redirect: str) -> Connection:
        return LOGIN.connected(self.supplies.http, self.settings, self.secrets, answer, redirect)

    def renew(self) -> Connection:
        return LOGIN.renewed(self.supplies.http, self.settings, self.secrets)

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        return (
            Field("handle", "Name des Kontos", "Ohne @, z. B. stadt_trier", is_required=False),
            Field("app_id", "Instagram-App-ID", "Im Meta-Dashboard unter „Instagram“; nicht die Facebook-App-ID."),
            Field("app_secret", "Instagram-App-Geheimnis", "Steht neben der Instagram-App-ID.", is_secret=True),
            Field("version", "Version der Schnittstelle", "Meta schaltet jede nach zwei Jahren ab.", default=VERSION),
        )

    def _create(self, rendition: Rendition, so_far: dict[str, Any]) -> str:
        """Containers may be made again: nothing of them is public."""
        items = rendition.media
        if not items:
            raise Rejected("Instagram braucht ein Bild.")
        if len(items) == 1:
            fields = self._item(items[0])
        else:
            fields = {"media_type": "CAROUSEL", "children": self._children(rendition, so_far)}
        answer = self._ask("POST", "/me/media", data={"caption": rendition.text} | fields, reads=reads_act)
        so_far |= {"container": str(object_of(answer)["id"]), "polls": 0, "since": utc_now().timestamp()}
        return str(so_far["container"])

    def _children(self, rendition: Rendition, so_far: dict[str, Any]) -> str:
        ends = time.monotonic() + PREPARING
        so_far["children"] = children = list(so_far.get("children", []))
        for item in rendition.media[len(children) :]:
            check_time(ends, self.name)
            fields = {**self._item(item), "is_carousel_item": "true"}
            if isinstance(item, Video):
                fields["media_type"] = "VIDEO"  # a Reel stands alone
            children.append(str(object_of(self._ask("POST", "/me/media", data=fields, reads=reads_act))["id"]))
        for child in children[so_far.get("ready", 0) :]:
            check_time(ends, self.name)
            self._ready(child, so_far)
            so_far["ready"] = so_far.get("ready", 0) + 1
        return ",".join(children)

    def _item(self, item: Picture | Video) -> dict[str, str]:
        address = public_address(self.supplies, item.digest)
        if isinstance(item, Video):
            return {"media_type": "REELS", "video_url": address}
        return {"image_url": address} | ({"alt_text": item.alt} if item.alt else {})

    def _ready(self, container: str, so_far: dict[str, Any]) -> str:
        """FINISHED or PUBLISHED. Raises TryLater while it is processed, Rejected when it failed, or Unclear."""
        state, words = self._state(container)
        if state == "UNKNOWN" and so_far.get("acted"):
            raise Unclear("Instagram hat den Beitrag vielleicht schon.", so_far=so_far, diagnostic=words)
        if state == "UNKNOWN" and is_forgotten(so_far):
            state = "EXPIRED"
        if state in ("IN_PROGRESS", "UNKNOWN"):
            raise processing(so_far, self.name)
        if state == "EXPIRED":
            raise reading.Ended("Instagram fängt mit den Bildern noch einmal an.", seconds=0.0, diagnostic=words)
        if state not in ("FINISHED", "PUBLISHED"):
            failed = "Instagram konnte die Bilder nicht verarbeiten."
            raise Rejected(failed, diagnostic=f"{state} {words}", so_far={})
        return state

    def _once_more(self, trouble: TryLater, so_far: dict[str, Any]) -> dict[str, Any]:
        """A few times; then it is refused."""
        tries = so_far.get("tries", 0) + 1
        if tries > MOST_TRIES:
            raise Rejected("Instagram nimmt die Bilder nicht an.", diagnostic=trouble.diagnostic, so_far={})
        if isinstance(trouble, reading.Ended):
            return {"tries": tries}
        return so_far | {"tries": tries}

    def _state(self, container: str) -> tuple[str, str]:
        try:
            return reading.state_of(self._look(f"/{container}", fields="status_code,status"))
        except Gone as gone:
            return "UNKNOWN", gone.diagnostic

    def _found(self, order: Order, rendition: Rendition) -> Placement | None:
        asked = {"fields": POST_FIELDS, "limit": str(RECENT)}
        answer = self._ask("GET", "/me/media", params=asked, reads=reads_list)
        for post in reversed([Post.of(each) for each in list_of(answer)]):
            is_since = post.at is not None and post.at >= order.released_at - TOLERANCE
            if is_since and same_text(rendition.text, post.text):
                return Placement((Part(post.id, post.address),))
        return None

    def _look(self, path: str, **params: str) -> Answer:
        return self._ask("GET", path, params=params, reads=reads_look)

    def _ask(self, method: str, path: str, *, reads: Reads, **request: Any) -> Answer:
        where = "data" if method == "POST" else "params"
        request[where] = self._token | request.get(where, {})
        return self.supplies.http.ask(method, self._address(path), platform=self.name, reads=reads, **request)

    def _act(self, path: str, said: dict[str, str]) -> Answer:
        data = self._token | said
        return self.supplies.http.act("POST", self._address(path), data=data, platform=self.name, reads=reads_act)

    def _address(self, path: str) -> str:
        base = str(self.settings.get("api") or API).rstrip("/")
        return f"{base}/{self.settings.get('version') or VERSION}{path}"

    @property
    def _token(self) -> dict[str, str]:
        return {"access_token": self.secrets.get("access_token", "")}


def is_forgotten(so_far: Mapping[str, Any]) -> bool:
    """Made long before we looked, e.g. while the channel was held."""
    now = utc_now().timestamp()
    return bool(now - so_far.get("since", now) >= GIVE_UP > so_far.get("waited", 0.0))
