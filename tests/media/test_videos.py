"""What telephones film becomes what every platform takes, and nothing of where and by whom stays in it."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image

from ausrufer.media import workshop
from ausrufer.media.trouble import BadMedia
from tests.media.clips import HEAVY, PLACE, clip

Make = Callable[[Path], Mapping[str, Any]]
GIGABYTE = 1_000_000_000


@pytest.fixture
def make(tmp_path: Path) -> Make:
    return lambda source: workshop.make("video", source, tmp_path / "media", source.name)


def stored(made: Mapping[str, Any], folder: Path) -> Path:
    return folder / "media" / f"{made['digest']}.mp4"


def boxes(content: bytes) -> list[bytes]:
    """The outermost parts of an MP4, in order."""
    found, place = [], 0
    while place < len(content):
        size, kind = struct.unpack(">I4s", content[place : place + 8])
        found.append(kind)
        place += size
    return found


def test_a_fitting_clip_is_copied_with_its_index_first_and_without_a_place(make: Make, tmp_path: Path) -> None:
    source = clip(tmp_path / "film.mp4")
    assert boxes(source.read_bytes())[-1] == b"moov"
    assert b"loci" in source.read_bytes()  # where it was filmed, as MP4 says it
    made = make(source)
    content = stored(made, tmp_path).read_bytes()
    assert made["copied"]
    assert boxes(content).index(b"moov") < boxes(content).index(b"mdat")
    assert not any(word in content for word in (b"loci", PLACE.encode(), b"Amira", b"Geheim", b"elst"))
    assert (made["width"], made["height"]) == (320, 240)
    assert made["seconds"] == pytest.approx(2.0, abs=0.1)


def test_copied_pictures_are_the_same_to_the_byte(make: Make, tmp_path: Path) -> None:
    source = clip(tmp_path / "film.mp4")
    assert packets(stored(make(source), tmp_path)) == packets(source)


def packets(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(each) for each in container.demux(video=0) if each.size]


@pytest.mark.parametrize(
    "how",
    [
        {"codec": "libx265", "format": "mov"},
        {"codec": "libvpx-vp9"},
        {"rate": 15, "every": 3},
        {"size": (2560, 1440), "seconds": 0.5, "sound": False},
        {"pix_fmt": "yuv444p"},
        {"size": (321, 241), "codec": "mpeg4"},
        {"seconds": 0.5, "sound": False, "options": HEAVY},
    ],
    ids=["hevc as mov", "vp9", "15 frames, uneven", "too broad", "4:4:4", "odd numbers", "150 megabits a second"],
)
def test_everything_else_is_recoded_by_one_recipe(make: Make, tmp_path: Path, how: dict[str, Any]) -> None:
    made = make(clip(tmp_path / f"film.{how.get('format', 'mp4')}", **how))
    assert not made["copied"]
    path = stored(made, tmp_path)
    assert not any(word in path.read_bytes() for word in (b"loci", PLACE.encode(), b"Amira"))
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        assert (video.codec_context.name, video.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert video.average_rate in (25, 30)
        assert video.width <= 1920
        assert [each.codec_context.name for each in container.streams.audio] == (
            ["aac"] if how.get("sound", True) else []
        )
    assert make(path)["copied"]  # what we make fits


def test_a_film_from_an_upright_telephone_stands_upright(make: Make, tmp_path: Path) -> None:
    source = clip(tmp_path / "film.mov", format="mov", sound=False)
    turn(source)
    made = make(source)
    assert (made["width"], made["height"]) == (240, 320)
    poster = Image.open(tmp_path / "media" / f"{made['poster']}.jpg").convert("RGB")
    red, _, blue = poster.getpixel((120, 20))  # type: ignore[misc]
    assert red > 150 > blue  # turned clockwise: the left side is on top now


def turn(path: Path) -> None:
    """Writes into the track's matrix that it is shown turned by 90 degrees clockwise, as a telephone does."""
    content = bytearray(path.read_bytes())
    place = content.index(b"tkhd") + 4 + 4 + 20 + 16
    content[place : place + 36] = struct.pack(">9i", 0, 0x10000, 0, -0x10000, 0, 0, 0x00F00000, 0, 0x40000000)
    path.write_bytes(content)


def test_progress_is_told_while_it_is_recoded(tmp_path: Path) -> None:
    told: list[int] = []
    source = clip(tmp_path / "film.mp4", codec="libvpx-vp9", seconds=4)
    workshop.make("video", source, tmp_path, source.name, told.append)
    assert told == sorted(told)
    assert told[-1] == 100
    assert len(told) > 20


def test_the_largest_film_we_take_stays_under_a_gigabyte(make: Make, tmp_path: Path) -> None:
    source = clip(tmp_path / "film.mp4", size=(4096, 2160), seconds=1, sound=False, options={"preset": "ultrafast"})
    assert make(source)["memory"] < GIGABYTE


def cut(path: Path) -> Path:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    return path


def cut_behind_the_index(path: Path) -> Path:
    made = workshop.make("video", clip(path, seconds=20), path.parent, path.name)
    content = (path.parent / f"{made['digest']}.mp4").read_bytes()
    path.write_bytes(content[: len(content) * 3 // 4])
    return path


def empty_index(path: Path) -> Path:
    path.write_bytes(struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 0) + struct.pack(">I4s", 8, b"moov"))
    return path


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda path: cut(clip(path)), "beschädigt oder unvollständig"),
        (cut_behind_the_index, "beschädigt oder unvollständig"),
        (empty_index, "beschädigt oder unvollständig|kein Bild"),
        (lambda path: clip(path, rate=1, seconds=302, sound=False), "länger als 5 Minuten"),
        (lambda path: clip(path, size=(5000, 600), seconds=0.1, sound=False), "größeres Bild als 4096"),
        (lambda path: clip(path, size=(2000, 100), seconds=0.1, sound=False), "zu schmal"),
    ],
)
def test_what_is_no_good_film_is_refused_and_leaves_nothing(
    make: Make, tmp_path: Path, spoil: Callable[[Path], Path], sentence: str
) -> None:
    with pytest.raises(BadMedia, match=sentence):
        make(spoil(tmp_path / "film.mp4"))
    assert not (tmp_path / "media").exists() or not list((tmp_path / "media").iterdir())
