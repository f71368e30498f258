"""Pictures, videos and subtitles as blobs: uploaded once, named in the record by their content."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping
from typing import Any

from ausrufer.adapter.captions import is_left_out, unless_refused
from ausrufer.adapter.contract import Picture, Video
from ausrufer.adapter.errors import Rejected, Trouble, TryLater
from ausrufer.adapter.http import FILM_DEADLINE, Answer
from ausrufer.adapter.stored import StoredFile, stored_bytes
from ausrufer.adapter.supplies import Supplies
from ausrufer.kernel.clock import utc_now
from ausrufer.platforms.bluesky import reading
from ausrufer.platforms.bluesky.session import NAME, Session
from ausrufer.platforms.bluesky.text import LARGEST_PICTURE, LARGEST_THUMB

PREPARING = 15.0  # seconds after which uploading is left for the next call, so that the claim does not run out
VIDEO_SERVICE = "https://video.bsky.app"
MOST_TRIES = 5  # uploads that broke; then the text goes out without the video
TICKET_LIVES = 1500  # seconds; the server grants half an hour, by its own clock
PATIENCE = 35  # looks at a video in processing, five minutes in all
LONGEST_WAIT = 10  # seconds between two looks
NO_FILMS = {
    "unconfirmed_email": "Bluesky nimmt Videos erst an, wenn die E-Mail-Adresse des Kontos dort bestätigt ist.",
    "daily_limit": "Bluesky nimmt heute von diesem Konto kein Video mehr an.",
}
SCALES = (1.0, 0.8, 0.64, 0.5, 0.4, 0.3, 0.2)

Blob = dict[str, Any]


class AlreadyThere(Rejected):
    """The service has this film, from an earlier post or from an upload whose answer was lost; `status` is its job."""

    def __init__(self, status: Mapping[str, Any]) -> None:
        super().__init__("Bluesky verarbeitet das Video noch.", diagnostic=str(status)[:300])
        self.status = status


class Uploads:
    """What was reached stands in `so_far["blobs"]` by digest, also when a method raises."""

    def __init__(self, session: Session, supplies: Supplies, settings: Mapping[str, Any], so_far: dict[str, Any]):
        self.session = session
        self.supplies = supplies
        self.video_service = str(settings.get("video", VIDEO_SERVICE)).rstrip("/")
        self.so_far = so_far
        self.blobs: dict[str, Blob] = dict(so_far.get("blobs", {}))
        so_far["blobs"] = self.blobs
        self.started = time.monotonic()

    def picture(self, picture: Picture, most: int = LARGEST_PICTURE) -> Blob:
        if picture.digest not in self.blobs:
            content, mime = small_enough(stored_bytes(self.supplies, picture.digest), picture.mime, most)
            self._upload(picture.digest, content, mime)
        return self.blobs[picture.digest]

    def thumb(self, picture: Picture) -> Blob | None:
        """A card does without, when its picture is refused."""
        try:
            return self.picture(picture, LARGEST_THUMB)
        except Rejected:
            return None

    def captions(self, digest: str) -> Blob | None:
        """None when they are not taken: the film goes without them."""

        def bring() -> None:
            if digest not in self.blobs:
                self._upload(digest, stored_bytes(self.supplies, digest), "text/vtt")

        unless_refused(self.so_far, digest, bring)
        return None if is_left_out(self.so_far, digest) else self.blobs[digest]

    def video(self, video: Video) -> Blob:
        """Through the video service, which shows no hole while it works; without one, straight to the server."""
        if video.digest in self.blobs:
            return self.blobs[video.digest]
        status = self._look_at(self.so_far["job"]) if "job" in self.so_far else self._hand_over(video)
        if isinstance(status.get("blob"), dict):
            self.blobs[video.digest] = status["blob"]
            return self.blobs[video.digest]
        if status.get("state") == "JOB_STATE_FAILED":
            raise Rejected("Bluesky kann das Video nicht verarbeiten.", diagnostic=str(status)[:300])
        looks = self.so_far["looks"] = self.so_far.get("looks", 0) + 1
        if looks > PATIENCE:
            raise Rejected("Bluesky verarbeitet das Video seit über fünf Minuten.", diagnostic=str(status)[:300])
        raise TryLater("Bluesky verarbeitet das Video noch.", seconds=min(looks, LONGEST_WAIT))

    def _hand_over(self, video: Video) -> Mapping[str, Any]:
        """Afterwards we are called again, since all that may take as long as a call may last."""
        tries = self.so_far["tries"] = self.so_far.get("tries", 0) + 1
        if tries > MOST_TRIES:
            raise Rejected("Das Video lässt sich nicht zu Bluesky übertragen.", diagnostic=f"{video.size} bytes")
        if not self.video_service:
            self._upload(video.digest, StoredFile(self.supplies, video.digest), video.mime, deadline=FILM_DEADLINE)
            raise TryLater("Das Video wird zu Bluesky übertragen.", seconds=0)
        try:
            answer = self.supplies.http.ask(
                "POST",
                f"{self.video_service}/xrpc/app.bsky.video.uploadVideo",
                params={"did": self.session.did, "name": f"{video.digest[:16]}.mp4"},
                content=StoredFile(self.supplies, video.digest),
                headers={"Authorization": f"Bearer {self._ticket()}", "Content-Type": video.mime},
                platform=NAME,
                reads=reads_video,
                deadline=FILM_DEADLINE,
            )
        except AlreadyThere as known:
            self.so_far["job"] = known.status["jobId"]
            return known.status
        self.so_far["job"] = job_status(answer)["jobId"]
        return {}

    def _look_at(self, job: str) -> Mapping[str, Any]:
        try:
            address = f"{self.video_service}/xrpc/app.bsky.video.getJobStatus"
            return job_status(
                self.supplies.http.ask("GET", address, params={"jobId": job}, platform=NAME, reads=reads_job)
            )
        except reading.Gone:
            del self.so_far["job"]
            raise TryLater("Das Video wird noch einmal zu Bluesky übertragen.", seconds=1) from None

    def _ticket(self) -> str:
        """The video service stores the finished video with our server, in our name."""
        params = {"aud": self.session.server, "lxm": "com.atproto.repo.uploadBlob"}
        expires = str(int(utc_now().timestamp()) + TICKET_LIVES)
        answer = self.session.ask("GET", "com.atproto.server.getServiceAuth", params=params | {"exp": expires})
        return reading.text_inside(answer, "token")

    def _upload(self, digest: str, content: bytes | StoredFile, mime: str, deadline: float | None = None) -> None:
        if time.monotonic() - self.started > PREPARING:
            raise TryLater("Die Bilder werden zu Bluesky übertragen.", seconds=0.0)
        answer = self.session.ask(
            "POST",
            "com.atproto.repo.uploadBlob",
            content=content,
            headers={"Content-Type": mime},
            reads=reading.reads_upload,
            deadline=deadline,
        )
        blob = reading.inside(answer, "blob")
        reading.text_inside(answer, "blob", "ref", "$link")
        self.blobs[digest] = blob


def small_enough(content: bytes, mime: str, most: int) -> tuple[bytes, str]:
    """As it is when it fits; else as a JPEG with fewer pixels. What cannot be read is left for Bluesky to refuse."""
    if len(content) <= most:
        return content, mime
    from PIL import Image  # only here, and most pictures fit

    try:
        with Image.open(io.BytesIO(content)) as opened:
            whole = opened.convert("RGB")
    except (OSError, Image.DecompressionBombError):
        return content, mime
    for scale in SCALES:
        size = max(1, round(whole.width * scale)), max(1, round(whole.height * scale))
        out = io.BytesIO()
        whole.resize(size, Image.Resampling.LANCZOS).save(out, "JPEG", quality=85)
        if out.tell() <= most:
            return out.getvalue(), "image/jpeg"
    return content, mime


def job_status(answer: Answer) -> Mapping[str, Any]:
    """The service answers with the status alone or below a name."""
    body = answer.json()
    status = body.get("jobStatus", body) if isinstance(body, dict) else None
    if not isinstance(status, dict) or not isinstance(status.get("jobId"), str):
        raise answer.broken("{platform} antwortet unverständlich.", f"no job: {answer.excerpt}")
    return status


def reads_video(answer: Answer) -> Trouble | None:
    if answer.status == 409 and isinstance(answer.peek().get("jobId"), str):
        return AlreadyThere(answer.peek())
    if sentence := NO_FILMS.get(reading.said(answer)[0]):
        return Rejected(sentence, diagnostic=answer.excerpt)  # until tomorrow, or a person acts: the text need not wait
    trouble = reading.reads_upload(answer)
    if trouble is None and answer.status in (401, 403, 409):
        return Rejected("Bluesky nimmt von diesem Konto gerade kein Video an.", diagnostic=answer.excerpt)
    return trouble


def reads_job(answer: Answer) -> Trouble | None:
    if answer.status in (400, 404):
        return reading.Gone("Bluesky kennt das Video nicht mehr.", diagnostic=answer.excerpt)
    return reading.reads_upload(answer) or reading.not_refused(answer)
