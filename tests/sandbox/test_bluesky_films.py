"""The played video service takes a film as the sheet says (section 3.3): who may, how many, and how work ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from sandbox.bluesky.errors import JOB_FAILURES
from tests.sandbox.playing_bluesky import DORA, DORAS_PASSWORD, HANDLE, PASSWORD, StandIn, playing_bluesky

FILM = b"\0\0\0\x18ftypmp42"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    with playing_bluesky(tmp_path_factory.mktemp("films")) as standin:
        yield standin


@pytest.fixture
def service(played: StandIn) -> VideoService:
    played.calm(posts=True)
    return VideoService(played)


class VideoService:
    """With a ticket of the account."""

    def __init__(self, standin: StandIn) -> None:
        self.standin = standin
        self.session = standin.log_in()
        self.ticket = str(self.asked_for_a_ticket().json()["token"])

    def asked_for_a_ticket(self, *, lives: int = 1700, said: dict[str, str] | None = None) -> httpx.Response:
        ours = f"did:web:{httpx.URL(self.standin.origin).netloc.decode().replace(':', '%3A')}"
        ends = str(int(self.standin.state()["now"]) + lives)
        params = {"aud": ours, "lxm": "com.atproto.repo.uploadBlob", "exp": ends} | (said or {})
        token = self.session["accessJwt"]
        return self.standin.call("GET", "com.atproto.server.getServiceAuth", token=token, params=params)

    def bring(self, film: bytes = FILM, *, mime: str = "video/mp4", did: str = "", token: str = "") -> httpx.Response:
        request: dict[str, Any] = {"params": {"did": did or self.session["did"], "name": "film.mp4"}, "content": film}
        name, headers = "app.bsky.video.uploadVideo", {"Content-Type": mime}
        return self.standin.call("POST", name, token=token or self.ticket, headers=headers, **request)

    def left(self) -> dict[str, Any]:
        found: dict[str, Any] = self.standin.call("GET", "app.bsky.video.getUploadLimits", token=self.ticket).json()
        return found

    def looked(self, job: str) -> dict[str, Any]:
        answer = self.standin.call("GET", "app.bsky.video.getJobStatus", params={"jobId": job})
        found: dict[str, Any] = answer.json()["jobStatus"]
        return found

    def ended(self, film: bytes = FILM) -> dict[str, Any]:
        self.standin.set(video_looks=0)
        return self.looked(self.bring(film).json()["jobId"])


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


@pytest.mark.parametrize("said", [{"aud": "did:web:video.bsky.app"}, {"lxm": "com.atproto.repo.putRecord"}])
def test_a_ticket_is_for_bringing_a_blob_to_our_server(service: VideoService, said: dict[str, str]) -> None:
    assert refusal(service.asked_for_a_ticket(said=said)) == (400, "InvalidRequest")


def test_a_ticket_lasts_half_an_hour_at_most(service: VideoService) -> None:
    assert refusal(service.asked_for_a_ticket(lives=1900)) == (400, "BadExpiration")
    service.standin.told("clock", seconds=1701)
    assert refusal(service.bring()) == (400, "ExpiredToken")


def test_only_a_ticket_lets_a_film_in_and_only_its_own_accounts(service: VideoService) -> None:
    dora = service.standin.log_in(DORA, DORAS_PASSWORD)["did"]
    assert refusal(service.bring(token=service.session["accessJwt"])) == (400, "InvalidToken")
    assert refusal(service.bring(did=dora)) == (400, "InvalidRequest")
    assert refusal(service.bring(mime="video/quicktime")) == (400, "InvalidRequest")


def test_who_did_not_confirm_the_address_shows_no_film(service: VideoService) -> None:
    service.standin.told("accounts", handle=HANDLE, password=PASSWORD, is_confirmed=False)
    assert refusal(service.bring()) == (401, "unconfirmed_email")
    left = service.left()
    assert (left["canUpload"], left["error"]) == (False, "unconfirmed_email")
    service.standin.told("accounts", handle=HANDLE, password=PASSWORD, is_confirmed=True)
    assert service.bring().is_success


@pytest.mark.parametrize("limits", [{"daily_videos": 1}, {"daily_video_bytes": 2 * len(FILM)}])
def test_the_days_films_are_used_up_until_tomorrow(service: VideoService, limits: dict[str, int]) -> None:
    service.standin.set(**limits)
    assert service.left()["canUpload"]
    assert service.bring().is_success
    assert refusal(service.bring(FILM + b"another")) == (403, "daily_limit")
    assert refusal(service.bring()) == (409, "already_exists")  # that one was counted

    service.standin.told("clock", seconds=86_401)
    service = VideoService(service.standin)
    assert service.bring(FILM + b"another").is_success


def test_what_is_left_of_the_day_is_told(service: VideoService) -> None:
    service.standin.set(daily_videos=1)
    before = service.left()
    service.bring()
    after = service.left()
    assert (before["remainingDailyVideos"], after["remainingDailyVideos"]) == (1, 0)
    assert before["remainingDailyBytes"] - after["remainingDailyBytes"] == len(FILM)
    assert (after["canUpload"], after["error"]) == (False, "daily_limit")


def test_work_on_a_film_goes_through_every_stage_to_its_blob(service: VideoService) -> None:
    service.standin.set(video_looks=7)
    job = service.bring().json()
    seen = [job, *(service.looked(job["jobId"]) for _ in range(7))]
    stages = ("CREATED", "ENCODING", "ENCODED", "SCANNING", "SCANNED", "UPLOADING", "UPLOADED", "COMPLETED")
    assert [each["state"] for each in seen] == [f"JOB_STATE_{stage}" for stage in stages]
    assert [each["blob"]["mimeType"] for each in seen if "blob" in each] == ["video/mp4"]


def test_a_film_brought_twice_is_the_same_job_and_its_blob(service: VideoService) -> None:
    done = service.ended()
    again = service.bring()
    assert refusal(again) == (409, "already_exists")
    assert (again.json()["jobId"], again.json()["blob"]) == (done["jobId"], done["blob"])


@pytest.mark.parametrize("reason", JOB_FAILURES)
def test_work_may_fail_for_each_reason_of_the_sheet(service: VideoService, reason: str) -> None:
    service.standin.set(video_fails=reason)
    ended = service.ended()
    assert (ended["state"], ended["failureCode"], "blob" in ended) == ("JOB_STATE_FAILED", reason, False)


def test_a_reason_that_the_sheet_does_not_name_is_none(service: VideoService) -> None:
    with pytest.raises(httpx.HTTPStatusError):
        service.standin.set(video_fails="boredom")


def test_what_is_no_film_fails_and_so_does_one_that_is_too_large(service: VideoService) -> None:
    assert service.ended(b"%PDF-1.7")["failureCode"] == "validation_failure"
    service.standin.set(largest_video=len(FILM))
    assert service.ended(FILM)["state"] == "JOB_STATE_COMPLETED"
    assert service.ended(FILM + b"x")["failureCode"] == "pds_upload_unsupported_blob_size"


def test_an_account_out_of_use_gets_no_film_stored(service: VideoService) -> None:
    job = service.bring().json()["jobId"]
    service.standin.told("accounts", handle=HANDLE, password=PASSWORD, status="deactivated")
    service.standin.set(video_looks=0)
    assert service.looked(job)["failureCode"] == "pds_upload_failure"
