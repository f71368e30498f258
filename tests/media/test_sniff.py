"""A file is what its bytes are; who says something else, or is two things, stays outside."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from ausrufer.media.sniff import sniff
from ausrufer.media.trouble import BadMedia


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, kind)
    return out.getvalue()


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.html", "<p>")
    return out.getvalue()


MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (picture("JPEG"), "foto.JPG", "JPEG"),
        (picture("PNG"), "plan.png", "PNG"),
        (picture("WEBP"), "plan.webp", "WebP"),
        (picture("GIF"), "plan.gif", "GIF"),
        (picture("JPEG"), "ohne Endung", "JPEG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "IMG_1.HEIC", "HEIC"),
        (MP4, "film.mp4", "Video"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "IMG_2.MOV", "Video"),
    ],
)
def test_what_we_take_is_known_by_its_first_bytes(tmp_path: Path, content: bytes, name: str, kind: str) -> None:
    assert sniff(stored(tmp_path, content), name).name == kind


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (picture("PNG"), "foto.jpg", "in Wahrheit ein PNG-Bild.*„.png“"),
        (MP4, "foto.jpg", "in Wahrheit ein Video"),
        (picture("JPEG"), "film.mp4", "in Wahrheit ein JPEG-Bild"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "wappen.svg", "SVG-Zeichnung"),
        (b"<svg onload='x()'/>", "wappen.png", "SVG-Zeichnung"),
        (b"GIF89a/*<HTML><script>x()</script>*/", "bild.gif", "zugleich Bild und etwas anderes"),
        (picture("GIF") + b"<script>x()</script>", "bild.gif", "zugleich Bild und etwas anderes"),
        (picture("JPEG") + zipped(), "bild.jpg", "zugleich Bild und etwas anderes"),
        (b"%PDF-1.7", "brief.jpg", "kein Bild und kein Video"),
        (b"\x1aE\xdf\xa3webm", "film.mp4", "kein Bild und kein Video"),
        (b"", "leer.jpg", "kein Bild und kein Video"),
    ],
)
def test_what_is_something_else_is_refused(tmp_path: Path, content: bytes, name: str, sentence: str) -> None:
    with pytest.raises(BadMedia, match=sentence):
        sniff(stored(tmp_path, content), name)


def stored(folder: Path, content: bytes) -> Path:
    path = folder / "hochgeladen"
    path.write_bytes(content)
    return path
