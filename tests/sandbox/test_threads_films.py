"""Films that Threads takes, and each of the ten things its container says of the others (sheet, section 3.3)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from ausrufer.media import workshop
from sandbox import films
from sandbox.meta_films import MESSAGES
from tests.media.clips import HEAVY, clip
from tests.sandbox.conftest import Town
from tests.sandbox.playing import StandIn
from tests.sandbox.real_films import INTERLACED, film, fine
from tests.sandbox.test_threads_media import create, picture

RECORDED = Path(__file__).parents[1] / "platforms" / "answers" / "threads" / "containers"
PADDING = b"\0\xd0\0\0free" + bytes(0xD00000 - 8)  # 13.6 MB


def end(standin: StandIn, address: str) -> str:
    """What its container says; empty when the film is taken."""
    container = standin.call("POST", "/me/threads", media_type="VIDEO", video_url=address).json()["id"]
    answer = standin.call("GET", f"/{container}", fields="status,error_message")
    assert answer.status_code == 200
    said = answer.json()
    assert said["status"] == ("ERROR" if "error_message" in said else "FINISHED")
    return str(said.get("error_message", ""))


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"codec": "libx265", "format": "mov"},
        {"layout": ""},
        {"layout": "mono", "sampling": 44_100},
        {"rate": 60},
        {"rate": 24},
        {"size": (240, 320)},
        {"size": (320, 32)},
        {"size": (1920, 1080)},
    ],
)
def test_a_film_within_the_limits_is_taken(standin: StandIn, town: Town, facts: dict[str, Any]) -> None:
    kind = "video/quicktime" if facts.get("format") == "mov" else "video/mp4"
    assert end(standin, town.put("/film", film(**facts), kind)) == ""


@pytest.mark.parametrize(
    "odd", [{}, {"codec": "libvpx-vp9"}, {"sound": False}, {"rate": 15}, {"pix_fmt": "yuv422p"}, {"options": HEAVY}]
)
def test_whatever_our_own_workshop_made_is_taken(
    standin: StandIn, town: Town, tmp_path: Path, odd: dict[str, Any]
) -> None:
    made = workshop.make("video", clip(tmp_path / "film", **odd), tmp_path / "media", "film")
    content = (tmp_path / "media" / f"{made['digest']}.mp4").read_bytes()
    assert end(standin, town.put("/film", content, "video/mp4")) == ""


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"codec": "mpeg4"}, "FAILED_PROCESSING_VIDEO"),
        ({"options": {}}, "FAILED_PROCESSING_VIDEO"),  # its index at the end, as most programs write it
        ({"options": {"movflags": "+faststart"}}, "FAILED_PROCESSING_VIDEO"),  # with an edit list
        ({"colours": "yuv422p"}, "FAILED_PROCESSING_VIDEO"),
        ({"codec": "libx265", "colours": "yuv422p"}, "FAILED_PROCESSING_VIDEO"),
        ({"picture": INTERLACED}, "FAILED_PROCESSING_VIDEO"),
        ({"size": (1922, 1080)}, "FAILED_PROCESSING_VIDEO"),
        ({"size": (330, 32)}, "INVALID_ASPEC_RATIO"),
        ({"rate": 22}, "INVALID_FRAME_RATE"),
        ({"rate": 61}, "INVALID_FRAME_RATE"),
        ({"rate": 23, "seconds": 300.5, "size": (32, 32)}, "INVALID_DURATION"),
        ({"picture": HEAVY}, "INVALID_BIT_RATE"),
        ({"sound_codec": "libmp3lame"}, "FAILED_PROCESSING_AUDIO"),
        ({"sampling": 96_000}, "FAILED_PROCESSING_AUDIO"),
        ({"layout": "5.1"}, "INVALID_AUDIO_CHANNELS"),
        ({"sound": {"aac_pce": "1"}}, "INVALID_AUDIO_CHANNEL_LAYOUT"),  # said only where no number stands for it
    ],
)
def test_a_film_beyond_them_is_told_what_is_wrong(
    standin: StandIn, town: Town, facts: dict[str, Any], message: str
) -> None:
    assert end(standin, town.put("/film.mp4", film(**facts), "video/mp4")) == message


@pytest.mark.parametrize(
    ("content", "kind", "message"),
    [
        (lambda: fine()[:900], "video/mp4", "FAILED_PROCESSING_VIDEO"),
        (lambda: b"RIFF....AVI ", "video/mp4", "FAILED_PROCESSING_VIDEO"),
        (lambda: b"", "video/mp4", "FAILED_PROCESSING_VIDEO"),
        (fine, "text/html", "FAILED_DOWNLOADING_VIDEO"),
        (fine, "video/webm", "FAILED_DOWNLOADING_VIDEO"),
    ],
)
def test_so_is_what_is_no_such_file(
    standin: StandIn, town: Town, content: Callable[[], bytes], kind: str, message: str
) -> None:
    assert end(standin, town.put("/film.mp4", content(), kind)) == message


def test_a_film_that_cannot_be_fetched_is_not_looked_at(standin: StandIn, town: Town) -> None:
    assert end(standin, f"{town.origin}/fehlt.mp4") == "FAILED_DOWNLOADING_VIDEO"


def test_a_gigabyte_is_the_most(standin: StandIn, town: Town) -> None:
    address = town.put("/film.mp4", fine() + PADDING, "video/mp4", length=1_000_000_001)
    assert end(standin, address) == "FAILED_DOWNLOADING_VIDEO"


@pytest.mark.parametrize("message", MESSAGES)
def test_each_of_the_ten_can_be_asked_for_and_is_said_as_it_was_recorded(
    standin: StandIn, town: Town, message: str
) -> None:
    standin.set(media_end=message)
    film = standin.call("POST", "/me/threads", media_type="VIDEO", video_url=town.put("/a.mp4", b"", "video/mp4"))
    recorded = json.loads((RECORDED / f"{message.lower()}.json").read_text())
    for container in (made.json()["id"] for made in (film, create(standin, town.put("/a.jpg", picture())))):
        answer = standin.call("GET", f"/{container}", fields="status,error_message")
        assert (answer.status_code, answer.json()) == (recorded["status"], recorded["body"] | {"id": container})
    standin.calm()
    assert end(standin, town.put("/film.mp4", fine(), "video/mp4")) == ""


def test_a_message_nobody_says_cannot_be_asked_for(standin: StandIn) -> None:
    with pytest.raises(httpx.HTTPStatusError):
        standin.set(media_end="TOO_BLUE")


def test_the_length_of_a_real_film_is_read() -> None:
    content = film(seconds=2.0)
    assert films.seconds(content) == pytest.approx(2.0, abs=0.1)
    assert films.seconds(content[:30]) is None
