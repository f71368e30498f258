"""The calls that bring media (platform sheet, section 5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.http import Reply, Request, as_json
from sandbox.playing import parts
from sandbox.x.clock import Clock
from sandbox.x.credit import ALT_TEXT, Credit
from sandbox.x.media import Media, announced, picture
from sandbox.x.problems import invalid


class Uploads:
    def __init__(self, clock: Clock, credit: Credit, number: Callable[[], str]) -> None:
        self.clock, self.credit, self.number = clock, credit, number
        self.media: dict[str, Media] = {}

    def answer(self, request: Request) -> Reply:
        """Raises Refused."""
        try:
            media = self.meant(request)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise invalid(f"{error!r} is missing or wrong.") from error
        return as_json({"data": media.as_json(self.clock.now())})

    def meant(self, request: Request) -> Media:
        now, said = self.clock.now(), parts(request)
        match request.method, request.path.removeprefix("/2/media/").split("/"):
            case "POST", ["upload"]:
                return self.added(picture(self.number(), said.get("media"), said.get("media_category"), now))
            case "POST", ["upload", "initialize"]:
                return self.added(announced(self.number(), said, now))
            case "POST", ["upload", found, "append"]:
                media = self.known(found)
                media.append(int(said["segment_index"]), said.get("media"))
                return media
            case "POST", ["upload", found, "finalize"]:
                media = self.known(found)
                media.finalize(now)
                return media
            case "GET", ["upload"] if request.params.get("command") == "STATUS":
                return self.known(request.params["media_id"])
            case "POST", ["subtitles"]:
                media = self.known(said["id"])
                media.caption(said, self.known(said["subtitles"]["id"]))
                return media
            case "POST", ["metadata"]:
                return self.described(said)
        raise invalid("No such call.")

    def described(self, said: dict[str, Any]) -> Media:
        media = self.known(said["id"])
        media.describe(said["metadata"]["alt_text"]["text"])
        self.credit.take(ALT_TEXT)
        return media

    def added(self, media: Media) -> Media:
        self.media[media.id] = media
        return media

    def known(self, number: str) -> Media:
        """Raises Refused; also for what was left lying too long."""
        media = self.media.get(number)
        if media is None or self.clock.now() >= media.ends:
            raise invalid(f"There is no media {number}.")
        return media
