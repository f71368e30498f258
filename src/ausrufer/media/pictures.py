"""Pictures made anew: decoded, turned upright, re-encoded, stripped. No Django: this runs in the child process."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError
from PIL.Image import Transpose

from ausrufer.kernel.sentence import Sentence
from ausrufer.media.sniff import NOT_A_PICTURE
from ausrufer.media.store import SMALL_WIDTH, into_store
from ausrufer.media.trouble import BadMedia, damaged

MAX_PIXELS = 50_000_000  # a decoded picture needs 3 bytes a pixel
MAX_WIDTH = 1440  # pixels; Threads: 320-1440 wide; platform sheet, section 5.1
MAX_RATIO = 10.0  # Threads: up to 10:1
NARROWEST, BROADEST = 4 / 5, 1.91  # Instagram; platform sheet "Meta", section 2
QUALITY = 86
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "HEIF")
ORIENTATION = 0x0112  # EXIF: which side was up
TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
ON_ITS_SIDE = (Transpose.TRANSPOSE, Transpose.ROTATE_270, Transpose.TRANSVERSE, Transpose.ROTATE_90)
TOO_MANY = "„{name}“ hat mehr als 50 Millionen Bildpunkte."
TOO_THIN = "„{name}“ ist zu schmal: höchstens zehnmal so lang wie breit."


def clean(source: Path, folder: Path, name: str) -> Mapping[str, Any]:
    """A fresh file with the picture's pixels and nothing else; JPEG in sRGB, PNG only where there is transparency.

    Raises BadMedia.
    """
    picture = decoded(source, name)
    if max(picture.size) / max(1, min(picture.size)) > MAX_RATIO:
        raise BadMedia(Sentence(TOO_THIN, {"name": name}))
    mime = "image/png" if picture.mode == "RGBA" else "image/jpeg"
    stored = into_store(folder, "png" if mime == "image/png" else "jpg", lambda path: save(picture, path))
    facts = {"digest": stored.digest, "width": picture.width, "height": picture.height, "size": stored.size}
    return facts | {"mime": mime, "framed": framed(picture, folder)}


def framed(picture: Image.Image, folder: Path) -> Mapping[str, Any] | None:
    """As JPEG in a shape that Instagram takes, with white bars; None for one that has it already."""
    ratio = picture.width / picture.height
    if picture.mode != "RGBA" and NARROWEST <= ratio <= BROADEST:
        return None
    width = max(picture.width, math.ceil(picture.height * NARROWEST))
    height = max(picture.height, math.ceil(width / BROADEST))
    scale = min(1.0, MAX_WIDTH / width)
    size = math.ceil(width * scale), math.floor(height * scale)
    inner = picture.resize((max(1, round(picture.width * scale)), max(1, round(picture.height * scale))))
    canvas = Image.new("RGB", size, "white")
    mask = inner if inner.mode == "RGBA" else None
    canvas.paste(inner, ((size[0] - inner.width) // 2, (size[1] - inner.height) // 2), mask)
    stored = into_store(folder, "jpg", lambda path: save(canvas, path))
    return {"digest": stored.digest, "width": canvas.width, "height": canvas.height, "size": stored.size}


def smaller(source: Path, folder: Path, name: str) -> Mapping[str, Any]:
    """The 720 px size of a stored JPEG, named after it; nothing for one that is small anyway."""
    with Image.open(source, formats=("JPEG",)) as picture:
        if picture.width <= SMALL_WIDTH:
            return {}
        picture.draft("RGB", (SMALL_WIDTH, 1))
        small = fitted(picture, SMALL_WIDTH)
    fresh = folder / f".{source.stem}-{SMALL_WIDTH}.new"
    save(small, fresh)
    fresh.rename(folder / f"{source.stem}-{SMALL_WIDTH}.jpg")
    return {"width": small.width}


def decoded(source: Path, name: str) -> Image.Image:
    values = {"name": name}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with opened(source) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise BadMedia(Sentence(TOO_MANY, values))
                if picture.format == "JPEG":
                    # Decoded at a half or a quarter where that is enough: a photo of 24 megapixels needs no more.
                    picture.draft(None, (MAX_WIDTH, MAX_WIDTH))
                turn = TURNS.get(picture.getexif().get(ORIENTATION, 1))
                small = fitted(picture, MAX_WIDTH, on_its_side=turn in ON_ITS_SIDE)
                return small if turn is None else small.transpose(turn)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadMedia(Sentence(TOO_MANY, values)) from error
    except UnidentifiedImageError as error:
        raise BadMedia(Sentence(NOT_A_PICTURE, values)) from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise damaged(name) from error


def opened(source: Path) -> Image.Image:
    with source.open("rb") as file:
        if file.read(12)[4:8] == b"ftyp":  # the HEIC decoder costs 60 ms to load, so only who needs it pays
            import pillow_heif

            pillow_heif.register_heif_opener()
    return Image.open(source, formats=FORMATS)


def fitted(picture: Image.Image, width: int, *, on_its_side: bool = False) -> Image.Image:
    """At most so wide once it is upright, with pixels loaded."""
    see_through = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    shown = picture.convert("RGBA" if see_through else "RGB")
    if see_through and shown.getchannel("A").getextrema() == (255, 255):
        shown = shown.convert("RGB")
    broad, long = (shown.height, shown.width) if on_its_side else shown.size
    if broad > width:
        long = max(1, round(long * width / broad))
        size = (long, width) if on_its_side else (width, long)
        shown = shown.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return shown


def save(picture: Image.Image, path: Path) -> None:
    bare = Image.frombytes(picture.mode, picture.size, picture.tobytes())  # no EXIF, GPS, profile or comment
    if picture.mode == "RGBA":
        bare.save(path, "PNG", optimize=True)
    else:
        bare.save(path, "JPEG", quality=QUALITY, progressive=True)
