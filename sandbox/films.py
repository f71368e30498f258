"""What the head of a film says of it."""

from __future__ import annotations

import struct


def seconds(content: bytes) -> float | None:
    """Of an MP4 or MOV, from its `mvhd` (ISO/IEC 14496-12, 8.2.2); None when its head does not say it."""
    place = content.find(b"mvhd") + 4
    if place < 4 or len(content) < place + 32:
        return None
    is_long = content[place] == 1  # its times have 64 bits
    scale, length = struct.unpack_from(">IQ" if is_long else ">II", content, place + (20 if is_long else 12))
    return float(length) / scale if scale else None
