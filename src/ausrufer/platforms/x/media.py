"""Pictures in one call, videos in pieces, descriptions for both (platform sheet, section 5); captions for videos.

Captions are an upload of their own (category `subtitles`, type `text/srt`), which `POST /2/media/subtitles` puts beside
a video before it is posted. Source: OpenAPI 2.167 in xdevplatform/docs, `InitializeMediaUploadRequest` and
`CreateMediaSubtitlesRequest`; the order of the calls: the page "POST media/subtitles/create" of the interface 1.1.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from ausrufer.adapter.captions import stored_srt, unless_refused
from ausrufer.adapter.contract import Captions, Picture, Video
from ausrufer.adapter.errors import Rejected, TryLater
from ausrufer.adapter.http import Answer, Reads
from ausrufer.adapter.stored import StoredFile, media_of, there
from ausrufer.adapter.supplies import Supplies
from ausrufer.kernel.clock import utc_now
from ausrufer.platforms.x import reading

MAX_ALT = 1000  # characters
NAMES = {
    "de": "Deutsch",
    "en": "English",
    "fr": "Français",
    "lb": "Lëtzebuergesch",
    "uk": "Українська",
    "ar": "العربية",
}
PIECE = 4_000_000  # bytes; older documents say at most 5 MB
PREPARING = 15.0  # seconds after which the rest is left for the next call, so that the claim does not run out
SIDES = (1280, 1024)  # pixels of a film at most, the longer and the shorter; platform sheet, section 5
SHRINKING = 3.0  # seconds between two looks for its smaller copy
GIVE_UP = 300.0  # seconds of making it smaller, or of processing; then the text goes with a link
FORGOTTEN = 3600.0  # seconds after which an upload is begun anew; X keeps unused ones for a day

Ask = Callable[..., Answer]


class Media:
    """`so_far["media"]` keeps {digest: {"id", "sent", "state", "since", "captions", "copy"}} between calls.

    Nothing of it is public.
    """

    def __init__(
        self, supplies: Supplies, ask: Ask, describe: Callable[[str, str], None], so_far: dict[str, Any]
    ) -> None:
        self.supplies, self.ask, self.describe = supplies, ask, describe
        self.so_far = so_far
        self.known: dict[str, dict[str, Any]] = so_far.setdefault("media", {})
        self.ends = time.monotonic() + PREPARING

    def uploaded(self, item: Picture | Video) -> str:
        """The id of what is ready to be shown. Raises TryLater until it is, Rejected when X does not take it."""
        entry = self._entry(item.digest)
        if isinstance(item, Video):
            self._video(item, entry)
            for each in item.captions:
                if each.language not in entry.setdefault("captions", []):
                    unless_refused(self.so_far, each.digest, partial(self._captions, each, entry))
        elif "id" not in entry:
            if time.monotonic() > self.ends:
                raise TryLater("Die Bilder werden zu X übertragen.", seconds=0.0)
            files = {"media": ("bild", StoredFile(self.supplies, item.digest), item.mime)}
            said = {"media_category": "tweet_image"}
            self._note(entry, self.ask("POST", "/2/media/upload", files=files, data=said, reads=reading.reads_media))
        if item.alt and not entry.get("described"):
            self.describe(entry["id"], item.alt)
            entry["described"] = True
        return str(entry["id"])

    def _video(self, approved: Video, entry: dict[str, Any]) -> None:
        item = self._fitting(approved, entry)
        if "id" not in entry:
            said = {"media_type": item.mime, "total_bytes": item.size, "media_category": "tweet_video"}
            answer = self.ask("POST", "/2/media/upload/initialize", json=said, reads=reading.reads_media)
            self._note(entry, answer)
        pieces = range(0, item.size, PIECE)
        for number in range(entry.get("sent", 0), len(pieces)):
            if time.monotonic() > self.ends:
                raise TryLater("Das Video wird zu X übertragen.", seconds=0.0)
            piece = StoredFile(self.supplies, item.digest, pieces[number], PIECE)
            where, said = f"/2/media/upload/{entry['id']}/append", {"segment_index": str(number)}
            files = {"media": ("teil", piece, "application/octet-stream")}
            self.ask("POST", where, data=said, files=files, reads=reading.reads_media)
            entry["sent"] = number + 1
        if entry.get("state") != "succeeded":
            self._processed(entry)

    def _fitting(self, film: Video, entry: dict[str, Any]) -> Video:
        """The film, or its smaller copy: the same one as long as an upload lasts. Raises TryLater until it is made."""
        if max(film.width, film.height) <= SIDES[0] and min(film.width, film.height) <= SIDES[1]:
            return film
        media = media_of(self.supplies, film.digest)
        if "copy" not in entry:
            now = utc_now().timestamp()
            since = entry.setdefault("since", now)
            made = media.smaller(film.digest, SIDES)
            if made is None and now - since > GIVE_UP:
                raise Rejected("Das Video wird seit über fünf Minuten für X verkleinert.")
            if made is None:
                raise TryLater("Das Video wird für X verkleinert.", seconds=SHRINKING)
            entry["copy"] = made
        copy = str(entry["copy"])
        return replace(film, digest=copy, size=there(copy, lambda: media.size(copy)))

    def _captions(self, each: Captions, film: dict[str, Any]) -> None:
        """They fit into one piece."""
        if time.monotonic() > self.ends:
            raise TryLater("Das Video wird zu X übertragen.", seconds=0.0)
        entry = self._entry(each.digest)
        if "state" not in entry:
            content = stored_srt(self.supplies, each)
            said = {"media_type": "text/srt", "total_bytes": len(content), "media_category": "subtitles"}
            answer = self.ask("POST", "/2/media/upload/initialize", json=said, reads=reading.reads_captions)
            self._note(entry, answer)
            where, said = f"/2/media/upload/{entry['id']}/append", {"segment_index": "0"}
            files = {"media": ("untertitel.srt", content, "application/octet-stream")}
            self.ask("POST", where, data=said, files=files, reads=reading.reads_captions)
        if entry.get("state") != "succeeded":
            self._processed(entry, reading.reads_captions)
        track = {"id": entry["id"], "language_code": each.language.upper(), "display_name": name_of(each.language)}
        said = {"id": film["id"], "media_category": "TweetVideo", "subtitles": track}
        self.ask("POST", "/2/media/subtitles", json=said, reads=reading.reads_captions)
        film["captions"].append(each.language)

    def _processed(self, entry: dict[str, Any], reads: Reads = reading.reads_media) -> None:
        if "state" not in entry:
            answer = self.ask("POST", f"/2/media/upload/{entry['id']}/finalize", reads=reads)
        else:
            asked = {"media_id": entry["id"], "command": "STATUS"}
            answer = self.ask("GET", "/2/media/upload", params=asked, reads=reads)
        entry["state"], seconds = reading.processing_of(answer)
        if entry["state"] == "failed":
            raise Rejected("X kann das Video nicht verarbeiten.", diagnostic=answer.excerpt)
        if entry["state"] == "succeeded":
            return
        if utc_now().timestamp() - entry["since"] > GIVE_UP:
            raise Rejected("X verarbeitet das Video seit über fünf Minuten.", diagnostic=answer.excerpt)
        raise TryLater("X verarbeitet das Video noch.", seconds=seconds)

    def _entry(self, digest: str) -> dict[str, Any]:
        entry = self.known.setdefault(digest, {})
        if entry and utc_now().timestamp() - entry.get("since", 0.0) > FORGOTTEN:
            entry.clear()
        return entry

    def _note(self, entry: dict[str, Any], answer: Answer) -> None:
        entry |= {"id": str(reading.data_of(answer)["id"]), "since": utc_now().timestamp()}


def takes(captions: Captions) -> bool:
    """X names a language by two letters (`CreateMediaSubtitlesSubtitles`, `language_code`)."""
    return re.fullmatch("[a-z]{2}", captions.language) is not None


def name_of(language: str) -> str:
    """For a person who chooses among several."""
    return NAMES.get(language, language)
