"""What the index of an MP4 or MOV says of its tracks (ISO/IEC 14496-12, -14 and -15)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

CONTAINERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}
ENTRY = 16  # bytes of `stsd` before the name of its first entry: version, number of entries, and the entry's size


@dataclass(frozen=True)
class Film:
    codec: str  # "avc1" is H.264
    profile: int  # of H.264; 0: of anything else
    width: int  # pixels, as they are coded
    height: int
    rate: float  # pictures a second; 0.0 when the index does not say it
    sound: str = ""  # "mp4a" is AAC
    sound_profile: int = 0  # audio object type; 2 is AAC-LC


def film_of(content: bytes) -> Film | None:
    """None when there is no index, or no picture in it."""
    # In a MOV a second `hdlr` follows, about where the data lies: the first of each name is meant.
    tracks = [dict(reversed([*boxes(content, *place)])) for place in found(content, b"trak")]
    pictures = next((each for each in tracks if handler(each) == b"vide"), None)
    if pictures is None or len(entry := pictures.get(b"stsd", b"")) < ENTRY + 28:
        return None
    codec, (width, height) = name(entry), struct.unpack_from(">HH", entry, ENTRY + 24)
    place = entry.find(b"avcC")
    profile = entry[place + 5] if 0 < place < len(entry) - 5 else 0
    film = Film(codec, profile, width, height, rate(pictures))
    heard = next((each[b"stsd"] for each in tracks if handler(each) == b"soun" and b"stsd" in each), None)
    if heard is None:
        return film
    return Film(codec, profile, width, height, film.rate, name(heard), sound_profile(heard))


def found(content: bytes, wanted: bytes) -> Iterator[tuple[int, int]]:
    """Where the insides of all boxes of that name begin and end."""
    yield from (place for kind, place in walked(content, 0, len(content)) if kind == wanted)


def boxes(content: bytes, start: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    """Names and insides of those that hold no others."""
    for kind, (first, last) in walked(content, start, end):
        if kind not in CONTAINERS:
            yield kind, content[first:last]


def walked(content: bytes, start: int, end: int) -> Iterator[tuple[bytes, tuple[int, int]]]:
    while start + 8 <= end:
        size, kind = struct.unpack_from(">I4s", content, start)
        head = 8
        if size == 1 and start + 16 <= end:  # its size has 64 bits
            size, head = struct.unpack_from(">Q", content, start + 8)[0], 16
        last = start + size if size else end
        if last > end or last < start + head:
            return
        yield kind, (start + head, last)
        if kind in CONTAINERS:
            yield from walked(content, start + head, last)
        start = last


def handler(track: dict[bytes, bytes]) -> bytes:
    """b"vide" or b"soun"."""
    return track.get(b"hdlr", b"")[8:12]


def name(entry: bytes) -> str:
    return entry[ENTRY - 4 : ENTRY].decode("latin-1")


def rate(track: dict[bytes, bytes]) -> float:
    """Over the whole length."""
    head, times = track.get(b"mdhd", b""), track.get(b"stts", b"")
    is_long = head[:1] == b"\1"
    if len(head) < (32 if is_long else 20) or len(times) < 8:
        return 0.0
    scale, length = struct.unpack_from(">IQ" if is_long else ">II", head, 20 if is_long else 12)
    runs = struct.iter_unpack(">II", times[8 : 8 + (len(times) - 8) // 8 * 8])
    return sum(count for count, _ in runs) * scale / length if length else 0.0


def sound_profile(entry: bytes) -> int:
    """From the descriptor with the decoder's own facts (ISO/IEC 14496-1, 7.2.6); 0 when there is none."""
    place = entry.find(b"esds")
    if place < 0:
        return 0
    place += 8
    try:
        while entry[place] != 5:
            skipped = {3: 3, 4: 13}[entry[place]]
            place = behind_length(entry, place + 1) + skipped
        return entry[behind_length(entry, place + 1)] >> 3
    except (IndexError, KeyError):
        return 0


def behind_length(content: bytes, place: int) -> int:
    """Seven bits a byte, of which all but the last begin with 1."""
    while content[place] & 0x80:
        place += 1
    return place + 1
