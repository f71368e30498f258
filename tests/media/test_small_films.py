"""A smaller copy of a film, for platforms that take no larger ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import pytest

from ausrufer.media import workshop
from ausrufer.media.trouble import BadMedia
from sandbox.x import formats
from tests.media.clips import clip

X = (1280, 1024)  # pixels


def copied(source: Path, folder: Path) -> Path:
    made = workshop.make("smaller video", source, folder, source.name, sides=X)
    return folder / f"{made['digest']}.mp4"


@pytest.mark.parametrize(
    ("size", "becomes"),
    [((1080, 1920), (720, 1280)), ((1920, 1080), (1280, 720)), ((1440, 1440), (1024, 1024)), ((640, 480), (640, 480))],
)
def test_it_stands_as_it_stood_and_fits_where_the_film_did_not(
    tmp_path: Path, size: tuple[int, int], becomes: tuple[int, int]
) -> None:
    source = clip(tmp_path / "film.mp4", size=size, seconds=1.0)
    small = copied(source, tmp_path / "media")
    with av.open(str(small)) as container:
        [picture], [sound] = container.streams.video, container.streams.audio
        assert (picture.width, picture.height) == becomes
        assert (picture.codec_context.pix_fmt, sound.codec_context.name) == ("yuv420p", "aac")
        assert float(container.duration or 0) / av.time_base == pytest.approx(1.0, abs=0.2)
    assert formats.is_film(small.read_bytes())


def test_of_what_is_no_film_there_is_no_copy(tmp_path: Path) -> None:
    source = tmp_path / "film.mp4"
    source.write_bytes(b"kein Film" * 99)
    with pytest.raises(BadMedia):
        copied(source, tmp_path / "media")


def test_the_copy_says_no_more_than_the_film(tmp_path: Path) -> None:
    odd: dict[str, Any] = {"size": (1080, 1920), "seconds": 0.5, "sound": False}
    assert b"Amira" not in copied(clip(tmp_path / "film.mp4", **odd), tmp_path / "media").read_bytes()
