"""Pictures are made in a process of their own: it may use little, knows no secret, and may die."""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ausrufer.media import workshop
from ausrufer.media.trouble import BadMedia

ORIENTATION = 0x0112
GIGABYTE = 1_000_000_000


def make(source: Path) -> Mapping[str, Any]:
    return workshop.make("picture", source, source.parent / "media", source.name)


def test_the_largest_picture_we_take_stays_under_a_gigabyte(tmp_path: Path) -> None:
    source = tmp_path / "plan.png"
    Image.new("RGBA", (7000, 7000), (0, 80, 90, 120)).save(source, compress_level=1)
    made = make(source)
    assert (made["width"], made["height"], made["mime"]) == (1440, 1440, "image/png")
    assert made["memory"] < GIGABYTE


@pytest.mark.parametrize(("kind", "orientation"), [(kind, each) for kind in ("JPEG", "PNG") for each in range(1, 9)])
def test_whichever_way_it_was_held_the_sky_is_up(tmp_path: Path, kind: str, orientation: int) -> None:
    upright = Image.new("RGB", (1500, 1000), "green")
    upright.paste("blue", (0, 0, 1500, 500))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    back = {3: 3, 6: 2, 8: 4, 2: 0, 4: 1, 5: 5, 7: 6}  # what a camera held so would have stored
    held = upright.transpose(Image.Transpose(back[orientation])) if orientation in back else upright
    source = tmp_path / "foto"
    held.save(source, kind, exif=exif)
    made = make(source)
    shown = Image.open(tmp_path / "media" / f"{made['digest']}.jpg")
    assert shown.size == (1440, 960)
    above, below = shown.getpixel((700, 20)), shown.getpixel((700, 940))
    assert above[2] > above[1]  # type: ignore[index]
    assert below[1] > below[2]  # type: ignore[index]


def test_a_heic_from_an_upright_telephone_stands_upright(tmp_path: Path) -> None:
    import pillow_heif

    image = Image.new("RGB", (400, 300), "red")
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    source = tmp_path / "IMG_1.HEIC"
    content = io.BytesIO()
    pillow_heif.from_pillow(image).save(content, exif=exif.tobytes())
    source.write_bytes(content.getvalue())
    made = make(source)
    assert (made["width"], made["height"]) == (300, 400)
    assert not Image.open(tmp_path / "media" / f"{made['digest']}.jpg").getexif()


def test_a_file_that_kills_its_process_is_refused_and_we_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # As when a decoder has a hole: the child ends without a word.
    source = tmp_path / "plan.png"
    Image.new("RGB", (20, 20)).save(source)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(BadMedia, match="beschädigt oder unvollständig"):
        make(source)


def test_a_process_that_waits_for_the_file_makes_it(tmp_path: Path) -> None:
    source = tmp_path / "foto.jpg"
    Image.new("RGB", (300, 200), "red").save(source)
    workshop.get_ready("picture")
    waiting = workshop.waiting["pictures"].process
    assert make(source)["width"] == 300
    assert waiting.wait(10) == 0
    assert "pictures" not in workshop.waiting


def test_a_process_that_did_not_wait_long_enough_is_replaced(tmp_path: Path) -> None:
    source = tmp_path / "foto.jpg"
    Image.new("RGB", (300, 200), "red").save(source)
    workshop.get_ready("picture")
    workshop.waiting["pictures"].process.kill()
    workshop.waiting["pictures"].process.wait()
    assert make(source)["width"] == 300


def test_getting_ready_twice_is_one_process() -> None:
    workshop.get_ready("picture")
    first = workshop.waiting["pictures"]
    workshop.get_ready("picture")
    assert workshop.waiting.pop("pictures") is first
    assert first.process.stdin
    first.process.stdin.close()  # what happens when whoever began it dies
    assert first.process.wait(10) == 0
