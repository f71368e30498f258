"""The X stand-in as its callers meet it, and what goes on around the account."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.platforms.rigs.small import Small, playing
from tests.system import until

JPEG = b"\xff\xd8\xffbild"
TOKEN = "demo-token"


def words() -> str:
    """New each time: X takes none twice."""
    return f"Hochwasser ({uuid.uuid4().hex[:6]})"


class PlayedX:
    def __init__(self, standin: Small) -> None:
        self.standin = standin

    def fresh(self) -> None:
        self.standin.calm()
        self.console(cents=100_000, posts_read=0, has_access=True)

    def call(self, method: str, path: str, *, token: str = TOKEN, **request: Any) -> httpx.Response:
        return self.standin.client.request(method, path, headers={"Authorization": f"Bearer {token}"}, **request)

    def refused(self, method: str, path: str, *, token: str = TOKEN, **request: Any) -> httpx.Response:
        """What is said; and nothing of it is online."""
        before = self.standin.timeline()
        answer = self.call(method, path, token=token, **request)
        assert self.standin.timeline() == before
        return answer

    def post(self, text: str = "", **more: Any) -> httpx.Response:
        return self.call("POST", "/2/tweets", json={"text": text or words()} | more)

    def not_posted(self, said: dict[str, Any], **more: Any) -> httpx.Response:
        return self.refused("POST", "/2/tweets", json={"text": words()} | said, **more)

    def console(self, **said: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.standin.client.post("/console", json=said).raise_for_status().json()
        return found

    def taken_by(self, method: str, path: str, **request: Any) -> float:
        """US cents."""
        before = self.console()["cents"]
        self.call(method, path, **request)
        return round(float(before - self.console()["cents"]), 3)

    def pass_time(self, seconds: float) -> None:
        self.standin.client.post("/_sim/clock", json={"seconds": seconds}).raise_for_status()

    def stranger(self, text: str, quotes: str = "") -> str:
        """A post of somebody else."""
        said = {"text": text, "quotes": quotes}
        return str(self.standin.client.post("/strangers", json=said).raise_for_status().json()["id"])

    def agree(self, scopes: str) -> httpx.Response:
        """The way of a person who agrees to these; the answer has the token."""
        client, back = self.standin.client, "https://redaktion.stadt.example/zurueck"
        asked = {"response_type": "code", "client_id": "app", "state": "s1", "redirect_uri": back, "scope": scopes}
        challenge = base64.urlsafe_b64encode(hashlib.sha256(b"geheim").digest()).decode().rstrip("=")
        proof = {"code_challenge": challenge, "code_challenge_method": "S256"}
        answer = client.get("/i/oauth2/authorize", params=asked | proof)
        if answer.status_code != 302:
            return answer
        code = str(httpx.URL(answer.headers["Location"]).params["code"])
        said = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": "geheim"}
        return client.post("/2/oauth2/token", data=said, auth=("app", "geheim"))

    def picture(self, content: bytes = JPEG, category: str = "tweet_image") -> httpx.Response:
        files, said = {"media": ("bild", content, "image/jpeg")}, {"media_category": category}
        return self.call("POST", "/2/media/upload", files=files, data=said)

    def announce(self, kind: str, category: str, size: int) -> httpx.Response:
        said = {"media_type": kind, "total_bytes": size, "media_category": category}
        return self.call("POST", "/2/media/upload/initialize", json=said)

    def append(self, media: str, content: bytes, number: int = 0) -> httpx.Response:
        said = {"segment_index": str(number)}
        return self.call("POST", f"/2/media/upload/{media}/append", data=said, files={"media": ("teil", content)})

    def finalize(self, media: str) -> httpx.Response:
        return self.call("POST", f"/2/media/upload/{media}/finalize")

    def upload(self, content: bytes, kind: str = "video/mp4", category: str = "tweet_video") -> str:
        """In pieces, and finished; its processing goes on."""
        made = id_of(self.announce(kind, category, len(content)))
        for number, start in enumerate(range(0, len(content), 5_000_000)):
            self.append(made, content[start : start + 5_000_000], number).raise_for_status()
        self.finalize(made).raise_for_status()
        return made

    def state(self, media: str) -> str:
        """After its processing."""

        def now() -> str:
            asked = {"media_id": media, "command": "STATUS"}
            shown = self.call("GET", "/2/media/upload", params=asked).raise_for_status().json()["data"]
            return str(shown["processing_info"]["state"])

        until(lambda: now() != "in_progress", what="the processing")
        return now()


def id_of(answer: httpx.Response) -> str:
    return str(answer.raise_for_status().json()["data"]["id"])


@contextmanager
def playing_x(folder: Path) -> Iterator[PlayedX]:
    with playing("x", folder) as standin:
        yield PlayedX(standin)
