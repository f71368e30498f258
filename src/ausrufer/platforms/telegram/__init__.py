"""Telegram: a public channel, written by a bot and read back on its public page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from ausrufer.adapter.capabilities import Capabilities, ConfirmsBy, Look, SendsPictures
from ausrufer.adapter.contract import (
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
from ausrufer.adapter.errors import LockedOut, Rejected, TryLater
from ausrufer.adapter.http import FILM_DEADLINE, Answer
from ausrufer.adapter.stored import StoredFile
from ausrufer.adapter.wording import wording_of
from ausrufer.kernel.shorten import clearly_shorter, shortened
from ausrufer.kernel.text import normal
from ausrufer.platforms.telegram import reading

MAX_TEXT = 4096  # UTF-16 units
MAX_CAPTION = 1024
MAX_MEDIA = 10
MAX_VIDEO = 50_000_000  # bytes of an upload (platform sheet, section 3)
API = "https://api.telegram.org"
WEB = "https://t.me"
DESCRIBED = {"de": "Bildbeschreibungen:", "en": "Picture descriptions:"}  # by language; German for any other
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "video/mp4": "mp4"}


class Telegram(Platform):
    """Settings: `channel` ("@stadt"), `api` and `web` for other addresses. Secrets: `bot_token`.

    The Bot API has no alternative text. A blind reader hears the message, so descriptions stand below it as "Bild: …",
    and a long text makes room for them. Only when they would take more than half of it, words say where they are: on
    the own page, where every picture is described.
    """

    key = "telegram"
    name = "Telegram"
    capabilities = Capabilities(
        max_text=MAX_TEXT,
        measure="Zeichen (Emojis zählen doppelt)",
        max_pictures=MAX_MEDIA,
        max_videos=1,
        sends_pictures=SendsPictures.UPLOAD,
        confirms_by=ConfirmsBy.PAGE,
        can_find=True,
        can_withdraw=True,
        can_edit=True,
        can_reply=True,
        has_profile=True,
        longest_call=115.0,  # looking, the message, and its album with films
        public_so_far=("message", "stale"),
    )
    look = Look(kind="post", radius=12, handle="channel")

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        return (
            Field("channel", "Kanal", "Der öffentliche Name des Kanals, z. B. @stadt_trier."),
            Field("bot_token", "Schlüssel des Bots", "Nennt der BotFather beim Anlegen des Bots.", is_secret=True),
        )

    def render(self, draft: Draft) -> list[Rendition]:
        """Wanted; text with link, if pictures are refused; clearly shorter, if the text is."""
        videos = tuple(each for each in draft.videos if each.size <= MAX_VIDEO)[:1]
        pictures = draft.pictures[: MAX_MEDIA - len(videos)]
        left_out = (pictures, videos) != (draft.pictures, draft.videos)
        ladder = [rendition(draft, pictures, videos, link=left_out)]
        if draft.pictures or draft.videos:
            ladder.append(replace(rendition(draft, (), (), link=True), wording="text_only"))
        if ladder[-1].count > clearly_shorter(MAX_TEXT):
            text = shortened(normal(draft.text), draft.page, clearly_shorter(MAX_TEXT), measure).strip()
            count = measure(text)
            ladder.append(replace(ladder[-1], text=text, count=count, wording="shortened", pictures=(), videos=()))
        return ladder

    def send(self, order: Order, rendition: Rendition, keep: Keep) -> Placement:
        """Each step is looked for before it is repeated: the message, and the album that answers it."""
        so_far = dict(order.so_far)
        if stale := so_far.get("stale"):
            return self.edit(order, self._placement(stale, rendition), rendition, keep)
        if not isinstance(so_far.get("before"), int):
            so_far["before"] = max((each.ids[-1] for each in self._page()), default=0)
        reply_to = int(order.reply_to.parts[-1].id) if order.reply_to else 0
        made: list[int] = []
        for step in steps_of(rendition):
            ids = so_far.get(step.name) or self._again(so_far, step)
            if not ids:
                keep({**so_far, "doing": step.name})
                ids = self._act_or_leave(step, rendition, reply_to, so_far)
            so_far = {**so_far, step.name: ids, "doing": ""}
            made += ids
            reply_to = ids[0]
        return self._placement(made, rendition)

    def find(self, order: Order, rendition: Rendition) -> Placement | None:
        """On the public page, newer than what was there before. None also while only the message stands, no album:
        `send` then goes on where it was."""
        so_far = order.so_far
        if not isinstance(so_far.get("before"), int):
            return None
        made: list[int] = []
        for step in steps_of(rendition):
            ids = so_far.get(step.name) or self._seen(so_far["before"], step, made)
            if not ids:
                return None
            made += ids
        return self._placement(made, rendition)

    def begun(self, order: Order, rendition: Rendition) -> Placement:
        so_far = order.so_far
        ids = [*so_far.get("stale", []), *so_far.get("message", []), *so_far.get("album", [])]
        for step in steps_of(rendition):
            ids += self._again(so_far, step)
        return self._placement(ids, rendition)

    def is_online(self, placement: Placement) -> Seen:
        address = placement.address
        url = f"{self._web}/{self._channel}/{placement.parts[0].id}"
        page = self.supplies.http.ask("GET", url, params={"embed": "1", "mode": "tme"}, platform=self.name).text
        if f'data-post="{self._channel}/{placement.parts[0].id}"'.lower() in page.lower():
            return Seen(True, address, confirmed_by="page")
        if "tgme_widget_message_error" in page:
            return Seen(False, address, sentence="Der Beitrag ist auf Telegram nicht zu sehen.")
        raise TryLater("Telegram antwortet unverständlich.", seconds=10, diagnostic=page[:200])

    def edit(self, order: Order, placement: Placement, rendition: Rendition, keep: Keep) -> Placement:
        """The words; pictures stay. The same again does no harm, so it may be repeated."""
        is_caption = bool(placement.extra.get("caption"))
        if is_caption and measure(rendition.text) > MAX_CAPTION:
            raise Rejected("Unter einem Bild hat auf Telegram nur ein kürzerer Text Platz.")
        words = {"caption" if is_caption else "text": rendition.text}
        said = {"chat_id": f"@{self._channel}", "message_id": int(placement.parts[0].id), **words}
        keep(order.so_far)
        with suppress(reading.Unchanged):
            reading.result_of(self._ask("editMessageCaption" if is_caption else "editMessageText", json=said))
        return placement

    def withdraw(self, placement: Placement) -> None:
        for part in placement.parts:
            said = {"chat_id": f"@{self._channel}", "message_id": int(part.id)}
            with suppress(reading.Gone):
                reading.result_of(self._ask("deleteMessage", json=said))

    def profile(self) -> Profile:
        reading.result_of(self._ask("getMe"))
        answer = self._ask("getChat", json={"chat_id": f"@{self._channel}"})
        chat = reading.result_of(answer)
        if not isinstance(chat, dict):
            raise answer.broken("{platform} antwortet unverständlich.", answer.excerpt)
        return Profile(str(chat.get("title", "")), f"@{self._channel}", f"{self._web}/{self._channel}")

    def _again(self, so_far: Mapping[str, Any], step: Step) -> list[int]:
        """What an interrupted call may have made."""
        if so_far.get("doing") != step.name:
            return []
        return self._seen(so_far["before"], step, so_far.get("message") or [])

    def _seen(self, before: int, step: Step, made: list[int]) -> list[int]:
        newest = max([before, *made])
        for shown in self._page():
            is_ours = reading.same_text(shown.text, step.text) and shown.has_media == bool(step.media)
            if shown.ids[0] > newest and is_ours:
                return list(shown.ids)
        return []

    def _page(self) -> list[reading.Shown]:
        address = f"{self._web}/s/{self._channel}"
        answer = self.supplies.http.ask("GET", address, platform=self.name, reads=reading.reads_page)
        if "tgme_channel_history" not in answer.text and "tgme_widget_message" not in answer.text:
            raise answer.broken("{platform} antwortet unverständlich.", f"no channel: {answer.excerpt}")
        return reading.shown_on(answer.text)

    def _act_or_leave(self, step: Step, rendition: Rendition, reply_to: int, so_far: Mapping[str, Any]) -> list[int]:
        """A refused album leaves its message: the next rendition is written there, not below it."""
        try:
            return self._act(step, rendition, reply_to)
        except Rejected as trouble:
            if words := so_far.get("message"):
                trouble.so_far = {"before": so_far["before"], "stale": words}
            raise

    def _act(self, step: Step, rendition: Rendition, reply_to: int) -> list[int]:
        said: dict[str, Any] = {"chat_id": f"@{self._channel}"}
        if reply_to:
            said["reply_parameters"] = json.dumps({"message_id": reply_to})
        files = {f"m{place}": self._file(media) for place, media in enumerate(step.media)}
        if not step.media:
            method, said["text"] = "sendMessage", step.text
        elif len(step.media) == 1:
            kind = kind_of(step.media[0])
            method, files = f"send{kind.capitalize()}", {kind: files["m0"]}
            said["caption"] = step.text
        else:
            album = [{"type": kind_of(each), "media": f"attach://m{n}"} for n, each in enumerate(step.media)]
            album[0]["caption"] = step.text
            method, said["media"] = "sendMediaGroup", json.dumps(album)
        request: dict[str, Any] = {"data": said} | ({"files": files} if files else {})
        address = self._method(method)
        deadline = FILM_DEADLINE if any(isinstance(each, Video) for each in step.media) else None
        http = self.supplies.http
        answer = http.act("POST", address, platform=self.name, reads=reading.reads, deadline=deadline, **request)
        return reading.ids_of(answer)

    def _file(self, media: Picture | Video) -> tuple[str, StoredFile, str]:
        return f"datei.{ENDINGS.get(media.mime, 'jpg')}", StoredFile(self.supplies, media.digest), media.mime

    def _placement(self, ids: list[int], rendition: Rendition) -> Placement:
        parts = tuple(Part(str(each), f"{self._web}/{self._channel}/{each}") for each in ids)
        return Placement(parts, {"caption": bool(steps_of(rendition)[0].media)})

    def _ask(self, method: str, **request: Any) -> Answer:
        address = self._method(method)
        return self.supplies.http.ask("POST", address, platform=self.name, reads=reading.reads, **request)

    def _method(self, name: str) -> str:
        return f"{self.settings.get('api') or API}/bot{self.secrets.get('bot_token', '')}/{name}"

    @property
    def _web(self) -> str:
        return str(self.settings.get("web") or WEB)

    @property
    def _channel(self) -> str:
        """Only public channels: nobody could see whether a post in any other one is out."""
        name = str(self.settings.get("channel", "")).removeprefix("@")
        if not name or name.startswith("-"):
            raise LockedOut("Für Telegram ist noch kein öffentlicher Kanal eingetragen.")
        return name


class Step:
    """One call: the message, or the pictures with or without words."""

    def __init__(self, name: str, text: str, media: tuple[Picture | Video, ...] = ()) -> None:
        self.name = name
        self.text = text
        self.media = media


def steps_of(rendition: Rendition) -> list[Step]:
    media: tuple[Picture | Video, ...] = (*rendition.videos, *rendition.pictures)
    if not media:
        return [Step("message", rendition.text)]
    if measure(rendition.text) <= MAX_CAPTION:
        return [Step("message", rendition.text, media)]
    return [Step("message", rendition.text), Step("album", "", media)]


def kind_of(media: Picture | Video) -> str:
    return "video" if isinstance(media, Video) else "photo"


def measure(text: str) -> int:
    """UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def rendition(draft: Draft, pictures: tuple[Picture, ...], videos: tuple[Video, ...], *, link: bool) -> Rendition:
    text, below = normal(draft.text), described(pictures, videos)
    if measure(below) > MAX_TEXT // 2:
        below = f"\n\n{DESCRIBED.get(draft.language, DESCRIBED['de'])} {draft.page}"
    page = "" if draft.page in below else draft.page
    room = MAX_TEXT - measure(below)
    if measure(text) > room or (link and page and page not in text):
        text = shortened(text, page, room, measure).strip()
    wording = wording_of(draft, text, is_all=bool(page) and not link)
    text += below
    return Rendition(
        text=text,
        language=draft.language,
        pictures=pictures,
        videos=videos,
        page=draft.page,
        topic=draft.topic,
        count=measure(text),
        limit=MAX_TEXT,
        wording="described" if below and wording == "whole" else wording,
    )


def described(pictures: tuple[Picture, ...], videos: tuple[Video, ...]) -> str:
    """What stands below the text for those who do not see them; "" when nothing is to be described."""
    lines = [f"Bild: {each.alt}" for each in pictures if each.alt]
    lines += [f"Video: {each.alt}" for each in videos if each.alt]
    return "\n".join(["", "", *lines]) if lines else ""
