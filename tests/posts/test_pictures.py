"""A picture is what its pixels show, and nothing of what the telephone wrote beside them."""

from __future__ import annotations

import io
import resource
import struct
import zlib
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image

from ausrufer.posts import compose, pictures
from ausrufer.posts.models import Post
from ausrufer.posts.readiness import problems
from ausrufer.posts.render import renditions
from ausrufer.posts.trouble import BadPicture
from tests import town

GPS = 0x8825
ORIENTATION = 0x0112


@pytest.fixture
def draft() -> Post:
    return compose.start_draft(town.amira())


def photo(
    size: tuple[int, int] = (400, 300), format: str = "JPEG", *, turned: bool = False, mode: str = "RGB"
) -> io.BytesIO:
    """Red on the left, blue on the right, taken in Trier."""
    image = Image.new(mode, size, "red")
    image.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    exif = Image.Exif()
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (49.0, 45.0, 24.0)
    if turned:
        exif[ORIENTATION] = 6  # the telephone was held upright: show it turned by 90 degrees
    out = io.BytesIO()
    image.save(out, format, exif=exif)
    out.seek(0)
    return out


def stored(picture: object) -> Image.Image:
    return Image.open(pictures.picture_path(picture.digest, picture.mime))  # type: ignore[attr-defined]


def attach(draft: Post, file: io.BytesIO, name: str = "foto.jpg", **more: object) -> object:
    return pictures.attach(draft, file=file, name=name, by=town.amira(), **more)  # type: ignore[arg-type]


def test_where_it_was_taken_stays_with_the_photographer(draft: Post) -> None:
    assert Image.open(photo()).getexif().get_ifd(GPS)  # the test's photo does carry it
    kept = stored(attach(draft, photo()))
    assert not kept.getexif()
    assert not kept.info.get("exif")


def test_an_upright_telephone_gives_an_upright_picture(draft: Post) -> None:
    kept = stored(attach(draft, photo((400, 300), turned=True)))
    assert kept.size == (300, 400)
    red, _, blue = kept.convert("RGB").getpixel((150, 20))  # type: ignore[misc]
    assert red > 200 > blue  # turned clockwise: the left side is on top now


@pytest.mark.parametrize(
    ("format", "mime"), [("JPEG", "image/jpeg"), ("PNG", "image/jpeg"), ("WEBP", "image/jpeg"), ("GIF", "image/jpeg")]
)
def test_every_usual_format_becomes_one_that_all_platforms_take(draft: Post, format: str, mime: str) -> None:
    kept = attach(draft, photo(format=format), name=f"bild.{format.lower()}")
    assert kept.mime == mime  # type: ignore[attr-defined]


def test_a_telephones_heic_is_read(draft: Post) -> None:
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (200, 100), "green")).save(out)
    out.seek(0)
    assert stored(attach(draft, out, "IMG_0001.HEIC")).size == (200, 100)


def test_transparency_is_kept_as_png(draft: Post) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (100, 100), (0, 0, 0, 0)).save(out, "PNG")
    out.seek(0)
    assert attach(draft, out, "wappen.png").mime == "image/png"  # type: ignore[attr-defined]


def test_a_large_photo_is_scaled_to_1440_pixels(draft: Post) -> None:
    assert stored(attach(draft, photo((4000, 3000)))).size == (1440, 1080)


def bomb() -> io.BytesIO:
    """A PNG of a few kilobytes that says it is 60,000 by 60,000."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100_000)) + chunk(b"IEND", b"")
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + body)


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (lambda: io.BytesIO(photo().getvalue()[:800]), "beschädigt oder unvollständig"),
        (lambda: io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"), "kein Bild"),
        (lambda: io.BytesIO(b"%PDF-1.7"), "kein Bild"),
        (lambda: io.BytesIO(b""), "kein Bild"),
        (bomb, "50 Millionen Bildpunkte"),
        (lambda: photo((3000, 200)), "zu schmal"),
        (lambda: io.BytesIO(b"x" * 30_000_001), "größer als 30 MB"),
    ],
)
def test_what_is_no_good_picture_is_refused_with_a_sentence(
    draft: Post, media_folder: Path, file: object, sentence: str
) -> None:
    with pytest.raises(BadPicture, match=sentence):
        attach(draft, file(), "foto")  # type: ignore[operator]
    assert not draft.attachments.exists()
    assert not media_folder.exists() or not list(media_folder.iterdir())


def test_a_full_disk_is_said_and_nothing_is_kept(draft: Post) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))  # writing breaks off after 1,000 bytes
    try:
        with pytest.raises(BadPicture, match="kein Platz"):
            attach(draft, photo())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not draft.attachments.exists()


def test_the_twenty_first_picture_is_refused(draft: Post) -> None:
    for number in range(20):
        attach(draft, photo((40 + number, 40)), alt="Plan")
    with pytest.raises(BadPicture, match="höchstens 20"):
        attach(draft, photo())


def test_a_picture_needs_words_or_the_mark_that_it_is_decorative(draft: Post) -> None:
    attach(draft, photo())
    draft.refresh_from_db()
    assert "Bild 1 braucht eine Beschreibung" in " ".join(map(str, problems(draft)))
    pictures.describe(draft.attachments.get(), by=town.amira(), alt="", decorative=True)
    assert not [problem for problem in problems(draft) if problem.field == "pictures"]


@pytest.mark.parametrize("urgent", [False, True])
def test_a_description_longer_than_a_channel_takes_is_said_before_the_release(urgent: bool) -> None:
    """Else it would be cut on the way, and nobody had seen it."""
    town.channel("threads")
    draft = town.written("Heute ist Altstadtfest.", by=town.amira(), about=town.crisis() if urgent else None)
    attach(draft, photo((1200, 800)), alt="Die Bühne")
    attach(draft, photo((900, 600)), alt=("Wort " * 220).strip())
    draft.refresh_from_db()

    [problem] = problems(draft)
    assert str(problem) == "Die Beschreibung von Bild 2 ist für Threads zu lang: 1099 von 1000 Zeichen."
    assert problem.field == "pictures"


def test_a_channel_that_lives_on_pictures_says_before_the_release_what_it_needs() -> None:
    instagram = town.channel("instagram")
    draft = town.written("Heute ist Altstadtfest.", by=town.amira())
    assert "Instagram braucht ein Bild." in map(str, problems(draft))

    assert [each.field for each in problems(draft)] == [f"channel:{instagram.key}"]
    attach(draft, photo((1200, 800)), alt="Die Bühne")
    draft.refresh_from_db()
    assert problems(draft) == []


@pytest.mark.parametrize(("size", "mode"), [((900, 1200), "RGB"), ((1600, 400), "RGB"), ((500, 500), "RGBA")])
def test_a_picture_of_another_shape_goes_to_instagram_with_bars(size: tuple[int, int], mode: str) -> None:
    town.channel("instagram")
    draft = town.written("Heute ist Altstadtfest.", by=town.amira())
    file = (see_through(), "plan.png") if mode == "RGBA" else (photo(size), "foto.jpg")
    attach(draft, *file, alt="Die Bühne")
    draft.refresh_from_db()

    [own, instagram] = [each.wanted.pictures[0] for each in renditions(draft)]
    assert 4 / 5 <= instagram.width / instagram.height <= 1.91
    assert (instagram.mime, instagram.alt) == ("image/jpeg", "Die Bühne")
    assert pictures.picture_path(instagram.digest, instagram.mime).stat().st_size == instagram.size
    assert own.digest != instagram.digest
    assert problems(draft) == []


@pytest.mark.parametrize(("platform", "most"), [("facebook", 4_000_000), ("x", 5_000_000)])
def test_a_heavy_png_goes_as_jpeg_where_it_would_be_refused(platform: str, most: int) -> None:
    town.channel(platform)
    draft = town.written("Heute ist Altstadtfest.", by=town.amira())
    attach(draft, grainy(), "plan.png", alt="Die Bühne")
    draft.refresh_from_db()

    [own, theirs] = [each.wanted.pictures[0] for each in renditions(draft)]
    assert (own.mime, own.size > most) == ("image/png", True)
    assert (theirs.mime, theirs.size < most, theirs.alt) == ("image/jpeg", True, "Die Bühne")
    assert (theirs.width, theirs.height) == (own.width, own.height)
    assert renditions(draft)[1].wanted.wording == "whole"


def grainy() -> io.BytesIO:
    """With a grain as a scanned plan has it, and see-through at its edges."""
    image = Image.effect_noise((1440, 1440), 40).convert("RGB")
    image.putalpha(Image.radial_gradient("L").resize(image.size))
    out = io.BytesIO()
    image.save(out, "PNG")
    out.seek(0)
    return out


def see_through() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGBA", (500, 500), (200, 0, 0, 120)).save(out, "PNG")
    out.seek(0)
    return out
