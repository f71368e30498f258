"""Films that are only heads: what a platform reads before it says no."""

from __future__ import annotations

import struct

SCALE = 1000  # ticks in a second
PLAIN = 100  # H.264's profile High: 4:2:0
LOW_COMPLEXITY = 2  # of AAC


def box(kind: bytes, *content: bytes) -> bytes:
    inside = b"".join(content)
    return struct.pack(">I4s", 8 + len(inside), kind) + inside


def film(
    seconds: float = 12.0,
    *,
    is_index_first: bool = True,
    size: tuple[int, int] = (1280, 720),
    rate: float = 25.0,
    codec: bytes = b"avc1",
    profile: int = PLAIN,
    sound: int = LOW_COMPLEXITY,
) -> bytes:
    """`sound`: AAC's object type; 0 for a silent film."""
    tracks = [track(b"vide", seconds, rate, picture(codec, size, profile))]
    tracks += [track(b"soun", seconds, 50.0, heard(sound))] if sound else []
    head = struct.pack(">IIIII", 0, 0, 0, SCALE, int(seconds * SCALE)) + bytes(80)
    index, pictures = box(b"moov", box(b"mvhd", head), *tracks), box(b"mdat", bytes(200))
    start = box(b"ftyp", b"mp42\0\0\0\0mp42isom")
    return start + (index + pictures if is_index_first else pictures + index)


def track(kind: bytes, seconds: float, rate: float, entry: bytes) -> bytes:
    head = box(b"mdhd", struct.pack(">IIIIII", 0, 0, 0, SCALE, int(seconds * SCALE), 0))
    times = box(b"stts", struct.pack(">IIII", 0, 1, round(seconds * rate), round(SCALE / rate)))
    described = box(b"stsd", struct.pack(">II", 0, 1), entry)
    table = box(b"minf", box(b"stbl", described, times))
    return box(b"trak", box(b"mdia", head, box(b"hdlr", bytes(8), kind, bytes(13)), table))


def picture(codec: bytes, size: tuple[int, int], profile: int) -> bytes:
    facts = box(b"avcC", bytes((1, profile, 0, 31, 0xFF)))
    return box(codec, bytes(24), struct.pack(">HH", *size), bytes(50), facts)


def heard(object_type: int) -> bytes:
    own = bytes((5, 2, object_type << 3, 0x10))
    decoder = bytes((4, 13 + len(own), 0x40)) + bytes(12) + own
    return box(b"mp4a", bytes(28), box(b"esds", bytes(4), bytes((3, 3 + len(decoder), 0, 1, 0)), decoder))
