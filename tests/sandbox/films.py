"""Films that are only heads: what a platform reads before it says no."""

from __future__ import annotations

import struct

SCALE = 1000  # ticks in a second


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def film(seconds: float = 12.0, *, is_index_first: bool = True) -> bytes:
    index = box(b"moov", box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, SCALE, int(seconds * SCALE)) + bytes(80)))
    pictures = box(b"mdat", bytes(200))
    start = box(b"ftyp", b"mp42\0\0\0\0mp42isom")
    return start + (index + pictures if is_index_first else pictures + index)
