"""What a file really is, by its first bytes; its name is only believed when it says the same."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ausrufer.kernel.sentence import Sentence
from ausrufer.media.trouble import BadMedia

LOOKED_AT = 4096  # bytes at either end
ZIP_END = 66_000  # bytes; a ZIP archive is read from its end, comment included


@dataclass(frozen=True)
class Kind:
    name: str
    endings: tuple[str, ...]
    is_video: bool = False


JPEG = Kind("JPEG", ("jpg", "jpeg", "jpe", "jfif"))
PNG = Kind("PNG", ("png",))
WEBP = Kind("WebP", ("webp",))
GIF = Kind("GIF", ("gif",))
HEIC = Kind("HEIC", ("heic", "heif", "hif"))
VIDEO = Kind("Video", ("mp4", "m4v", "mov", "qt"), is_video=True)

STARTS = ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"GIF87a", GIF), (b"GIF89a", GIF))
HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
OTHER_BRANDS = (b"avif", b"avis", b"crx ", b"M4A ", b"M4B ")
OLD_MOVIES = (b"moov", b"mdat", b"wide", b"free", b"skip")  # QuickTime without a brand
# Whoever sees one of these may take the file for a program; no camera writes them.
FOREIGN = (b"<html", b"<script", b"<svg", b"<?php", b"<!doctype", b"%pdf-", b"#!/")

NOT_A_PICTURE = "„{name}“ ist kein Bild, das wir lesen können (JPEG, PNG, WebP, HEIC oder GIF)."
NOTHING_WE_TAKE = (
    "„{name}“ ist kein Bild und kein Video, das wir lesen können (JPEG, PNG, WebP, HEIC, GIF, MP4 oder MOV)."
)
DRAWING = "„{name}“ ist eine SVG-Zeichnung und kein Bild, das alle Kanäle zeigen. Bitte als PNG speichern."
TWO_THINGS = "„{name}“ ist zugleich Bild und etwas anderes. Solche Dateien nehmen wir nicht an."
WRONG_ENDING = "„{name}“ ist in Wahrheit {kind}. Bitte mit der Endung „.{ending}“ speichern."


def sniff(path: Path, name: str, *, pictures_only: bool = False) -> Kind:
    """Raises BadMedia for what is none of ours, for two things in one file, and for a wrong ending."""
    head, tail = ends(path)
    values = {"name": name}
    kind = kind_of(head)
    if kind is None or (pictures_only and kind.is_video):
        is_drawing = b"<svg" in head.lower()
        raise BadMedia(Sentence(DRAWING if is_drawing else NOT_A_PICTURE if pictures_only else NOTHING_WE_TAKE, values))
    if not kind.is_video and is_two_things(head, tail):
        raise BadMedia(Sentence(TWO_THINGS, values))
    ending = Path(name).suffix.lower().removeprefix(".")
    if ending and ending not in kind.endings:
        says = "ein Video" if kind.is_video else f"ein {kind.name}-Bild"
        raise BadMedia(Sentence(WRONG_ENDING, {**values, "kind": says, "ending": kind.endings[0]}))
    return kind


def kind_of(head: bytes) -> Kind | None:
    for start, kind in STARTS:
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return HEIC if brand in HEIC_BRANDS else None if brand in OTHER_BRANDS else VIDEO
    return VIDEO if head[4:8] in OLD_MOVIES else None


def is_two_things(head: bytes, tail: bytes) -> bool:
    words = head.lower() + b"\n" + tail[-LOOKED_AT:].lower()
    return any(each in words for each in FOREIGN) or b"PK\x05\x06" in tail


def ends(path: Path) -> tuple[bytes, bytes]:
    with path.open("rb") as file:
        head = file.read(LOOKED_AT)
        size = path.stat().st_size
        file.seek(max(0, size - ZIP_END))
        return head, file.read(ZIP_END)
