"""How large an animation is, and of how many pictures (GIF89a specification, sections 17 to 27)."""

from __future__ import annotations

import struct

PICTURE, MORE = 0x2C, 0x21  # what a block begins with; MORE: something that is said beside the pictures


def measured(content: bytes) -> tuple[int, int, int] | None:
    """(width, height, pictures); None when it is no whole GIF."""
    if not content.startswith((b"GIF87a", b"GIF89a")):
        return None
    try:
        width, height, flags = struct.unpack_from("<HHB", content, 6)
        place, pictures = 13 + colours(flags), 0
        while content[place] in (PICTURE, MORE):
            if content[place] == PICTURE:
                pictures += 1
                place = behind(content, place + 11 + colours(content[place + 9]))
            else:
                place = behind(content, place + 2)
    except (IndexError, struct.error):
        return None
    return width, height, pictures


def colours(flags: int) -> int:
    """Bytes of the table of colours that follows."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def behind(content: bytes, place: int) -> int:
    """Where a chain of blocks ends."""
    while size := content[place]:
        place += size + 1
    return place + 1
