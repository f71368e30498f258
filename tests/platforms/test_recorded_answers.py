"""Every platform that talks to somebody has recorded answers for the errors of its sheet; here Mastodon's."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from ausrufer.adapter.capabilities import SendsPictures
from ausrufer.adapter.errors import Trouble, TryLater
from ausrufer.adapter.testing import RecordingKeep
from tests.platforms.errand import draft, new_order
from tests.platforms.known import PLATFORMS
from tests.platforms.test_mastodon import Instance

ANSWERS = Path(__file__).with_name("answers")
TALKING = [
    each.key for each in PLATFORMS if each.capabilities.sends_pictures in (SendsPictures.UPLOAD, SendsPictures.ADDRESS)
]
# What tells the rows of each sheet's table of errors apart; it stands so in one of the recorded answers.
ROWS = {
    "threads": (
        *(f'"error_subcode": {code},' for code in (4279009, 4279004, 463, 4279019, 2207052, 2207051, 4279013)),
        *(f'"code": {code},' for code in (100, 190, 452, 10, 200, 4, 17, 32, 341, 613, 1, 2, 368, 506)),
        *("at most 500 characters", "nonexisting field (status)", '"status": 429', '"status": 503', '"status": 502'),
        *("LINK_LIMIT_EXCEEDED", "FEATURE_NOT_AVAILABLE", "GEO_GATING_INVALID_COUNTRY_CODES"),
        *(f"{2207000 + code}" for code in (3, 4, 5, 6, 8, 9, 10, 20, 26, 28, 50)),
        *(f'"FAILED_{what}"' for what in ("DOWNLOADING_VIDEO", "PROCESSING_AUDIO", "PROCESSING_VIDEO")),
        *(f'"INVALID_{what}"' for what in ("ASPEC_RATIO", "BIT_RATE", "DURATION", "FRAME_RATE")),
        *('"INVALID_AUDIO_CHANNELS"', '"INVALID_AUDIO_CHANNEL_LAYOUT"', '"UNKNOWN"'),
    ),
    "mastodon": tuple(f'"status": {status}' for status in (401, 403, 404, 422, 429, 500, 502, 503)),
    "bluesky": (
        *("InvalidRequest", "ExpiredToken", "InvalidToken", "AuthMissing", "RateLimitExceeded", "InvalidSwap"),
        *("AccountTakedown", "AccountDeactivated", "300 graphemes", '"status": 500', '"status": 502', "already_exists"),
        *("validation_failure", "encoding_failure", "pds_upload_failure", "pds_upload_unsupported_blob_size"),
        *("generic_failure", "unconfirmed_email", "daily_limit", "BlobNotFound", "blob too big", "3000, got"),
    ),
    "x": (
        *("/invalid-request", "/resource-not-found", "/not-authorized-for-resource", "/client-forbidden"),
        *("/usage-capped", "/rate-limit-exceeded", "duplicate content", "credits are depleted", "x-rate-limit-reset"),
        *("you have not been mentioned", "only reply to or quote posts where you are mentioned"),
        *(f'"status": {status}' for status in (400, 401, 402, 403, 404, 429, 500, 502, 503, 504)),
    ),
    "telegram": (
        *('"retry_after"', "caption is too long", "message is too long", "can't be deleted", '"error_code": 413'),
        *("administrator rights", "chat not found", "PHOTO_INVALID_DIMENSIONS", '"error_code": 401'),
        *("text is empty", "group send failed", "too big for a photo", "Too Many Requests: retry after"),
    ),
    "facebook": (
        *("1366046", "1390008", "1346003", "1404102", "1404078", "1366051", "1609008", "2061006"),
        *("1363047", "1609010", '"error_subcode": 490'),
    ),
    "instagram": (*(f"{2207000 + code}" for code in (3, 4, 5, 6, 8, 9, 10, 20, 26, 28, 42, 50, 51, 52)),),
}


@pytest.mark.parametrize("key", TALKING)
def test_every_row_of_the_sheets_table_of_errors_is_recorded(key: str) -> None:
    recorded = [json.dumps(json.loads(path.read_text())) for path in (ANSWERS / key).rglob("*.json")]
    assert [row for row in ROWS[key] if not any(row in each for each in recorded)] == []


@pytest.mark.parametrize("path", sorted((ANSWERS / "mastodon").glob("*.json")), ids=lambda path: path.stem)
def test_every_refusal_of_mastodons_sheet_has_its_next_step(path: Path) -> None:
    recorded = json.loads(path.read_text())

    def answer(request: httpx.Request) -> httpx.Response | None:
        if request.method != "POST":
            return None
        body = recorded["body"]
        content = body if isinstance(body, str) else json.dumps(body)
        return httpx.Response(recorded["status"], headers=recorded.get("headers"), content=content)

    platform = Instance(answer).connect()
    with pytest.raises(Trouble, match=recorded["says"]) as caught:
        platform.send(new_order(), platform.render(draft())[0], RecordingKeep())

    assert type(caught.value).__name__ == recorded["expects"]
    if isinstance(caught.value, TryLater) and recorded["status"] == 429:
        assert caught.value.seconds == 300
