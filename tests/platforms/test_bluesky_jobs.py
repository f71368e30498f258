"""What the video service may say (sheet, section 3.3): the text goes with the link, unless the film is there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from ausrufer.adapter.contract import Video
from ausrufer.adapter.http import Http
from ausrufer.adapter.supplies import Supplies
from ausrufer.platforms.bluesky import Bluesky
from tests.platforms.errand import Errand, draft
from tests.platforms.rigs import media

ANSWERS = Path(__file__).with_name("answers") / "bluesky"
FAILED = sorted(path.stem for path in (ANSWERS / "jobs").glob("*.json"))
BEGUN = {"jobId": "d1g3st", "did": "did:plc:stadt", "state": "JOB_STATE_CREATED"}


def story(**answers: str) -> tuple[Errand, list[dict[str, Any]]]:
    """A post with a film, and what was published of it. `answers`: the recorded one of a call."""
    published: list[dict[str, Any]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        call = request.url.path.rsplit(".", 1)[-1]
        if call in answers:
            stored = json.loads((ANSWERS / f"{answers[call]}.json").read_text())
            return httpx.Response(stored["status"], json=stored["body"])
        if call == "uploadVideo":
            return httpx.Response(200, json=BEGUN)
        if call == "putRecord":
            published.append(json.loads(request.content)["record"])
        return httpx.Response(
            200, json={"uri": "at://did:plc:stadt/app.bsky.feed.post/3n2wt5ad22222", "cid": "b", "token": "t"}
        )

    session = {"did": "did:plc:stadt", "access_jwt": "gut", "refresh_jwt": "auch gut", "app_password": "x"}
    stored = media()
    film = stored.add(b"\0\0\0\x18ftyp" * 99, alt="", width=1280, height=720, mime="video/mp4")
    platform = Bluesky(
        Supplies(Http(transport=httpx.MockTransport(answer)), media=stored), {"handle": "stadt.test"}, session
    )
    video = Video(film.digest, 1280, 720, 9.0, film.size, "Pegel an der Mosel")
    return Errand(platform, platform.render(draft(videos=(video,)))), published


@pytest.mark.parametrize("reason", FAILED)
def test_whatever_was_wrong_with_the_film_the_text_goes(reason: str) -> None:
    errand, published = story(getJobStatus=f"jobs/{reason}")
    assert errand.send() is None  # handed over
    assert errand.send() is None
    assert errand.refusals == ["Bluesky kann das Video nicht verarbeiten."]

    assert errand.send() and errand.rendition.wording == "text_only"
    assert [post["embed"]["$type"] for post in published] == ["app.bsky.embed.external"]


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("email_not_confirmed", "Bluesky nimmt Videos erst an, wenn die E-Mail-Adresse des Kontos dort bestätigt ist."),
        ("no_videos_left_today", "Bluesky nimmt heute von diesem Konto kein Video mehr an."),
        ("not_for_this_account", "Bluesky nimmt von diesem Konto gerade kein Video an."),
    ],
)
def test_an_account_that_may_show_no_films_now_shows_the_text(reason: str, sentence: str) -> None:
    errand, published = story(uploadVideo=f"uploads/{reason}")
    assert errand.send() is None
    assert errand.refusals == [sentence]

    assert errand.send() and errand.rendition.page in published[0]["text"]


def test_a_film_the_service_has_already_is_shown_at_once() -> None:
    errand, published = story(uploadVideo="uploads/already_exists")
    assert errand.send()
    assert (errand.rank, published[0]["embed"]["video"]["ref"]) == (0, {"$link": "bafkreifilm"})
