"""How large a picture is, read from its head."""

from __future__ import annotations

import struct

FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # JPEG markers that carry the size


def dimensions(content: bytes) -> tuple[int, int] | None:
    """(width, height) of a PNG or JPEG; None when it is neither, or has none."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR" and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
    else:
        width, height = of_jpeg(content) if content.startswith(b"\xff\xd8\xff") else (0, 0)
    return (width, height) if width and height else None


def of_jpeg(content: bytes) -> tuple[int, int]:
    place = 2
    while place + 9 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker == 0xFF:  # filling
            place += 1
        elif marker in FRAMES:
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return width, height
        else:
            place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
    return 0, 0
