"""Pictures in one call, videos in pieces, descriptions for both (platform sheet, section 5)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from ausrufer.adapter.contract import Picture, Video
from ausrufer.adapter.errors import Rejected, TryLater
from ausrufer.adapter.http import Answer
from ausrufer.adapter.stored import StoredFile
from ausrufer.adapter.supplies import Supplies
from ausrufer.kernel.clock import utc_now
from ausrufer.platforms.x import reading

MAX_ALT = 1000  # characters
PIECE = 4_000_000  # bytes; older documents say at most 5 MB
PREPARING = 15.0  # seconds after which the rest is left for the next call, so that the claim does not run out
GIVE_UP = 300.0  # seconds of processing; then the text goes with a link
FORGOTTEN = 3600.0  # seconds after which an upload is begun anew; X keeps unused ones for a day

Ask = Callable[..., Answer]


class Media:
    """`so_far["media"]` keeps {digest: {"id", "sent", "state", "since"}} between calls; nothing of it is public."""

    def __init__(
        self, supplies: Supplies, ask: Ask, describe: Callable[[str, str], None], so_far: dict[str, Any]
    ) -> None:
        self.supplies, self.ask, self.describe = supplies, ask, describe
        self.known: dict[str, dict[str, Any]] = so_far.setdefault("media", {})
        self.ends = time.monotonic() + PREPARING

    def uploaded(self, item: Picture | Video) -> str:
        """The id of what is ready to be shown. Raises TryLater until it is, Rejected when X does not take it."""
        entry = self.known.setdefault(item.digest, {})
        if entry and utc_now().timestamp() - entry.get("since", 0.0) > FORGOTTEN:
            entry.clear()
        if isinstance(item, Video):
            self._video(item, entry)
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

    def _video(self, item: Video, entry: dict[str, Any]) -> None:
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

    def _processed(self, entry: dict[str, Any]) -> None:
        if "state" not in entry:
            answer = self.ask("POST", f"/2/media/upload/{entry['id']}/finalize", reads=reading.reads_media)
        else:
            asked = {"media_id": entry["id"], "command": "STATUS"}
            answer = self.ask("GET", "/2/media/upload", params=asked, reads=reading.reads_media)
        entry["state"], seconds = reading.processing_of(answer)
        if entry["state"] == "failed":
            raise Rejected("X kann das Video nicht verarbeiten.", diagnostic=answer.excerpt)
        if entry["state"] == "succeeded":
            return
        if utc_now().timestamp() - entry["since"] > GIVE_UP:
            raise Rejected("X verarbeitet das Video seit über fünf Minuten.", diagnostic=answer.excerpt)
        raise TryLater("X verarbeitet das Video noch.", seconds=seconds)

    def _note(self, entry: dict[str, Any], answer: Answer) -> None:
        entry |= {"id": str(reading.data_of(answer)["id"]), "since": utc_now().timestamp()}
