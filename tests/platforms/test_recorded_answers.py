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
LEAST = 10  # a sheet's table has more than a handful of rows


@pytest.mark.parametrize("key", TALKING)
def test_a_platform_that_talks_to_somebody_has_its_recorded_answers(key: str) -> None:
    recorded = [json.loads(path.read_text()) for path in (ANSWERS / key).glob("*.json")]
    assert len(recorded) >= LEAST
    assert {each["status"] for each in recorded} >= {429} or key in ("threads", "facebook", "instagram")  # Meta: 400


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
