"""What the index of an MP4 or MOV says of its film (ISO/IEC 14496-12, 14496-14 and 14496-15)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from sandbox import h264
from sandbox.films import seconds

PICTURE_FACTS, SOUND_FACTS = 78, 28  # bytes of a sample entry before the boxes in it
SOUND_FACTS_MORE = {1: 16, 2: 36}  # QuickTime's versions of it
SAMPLINGS = (96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350)
CHANNELS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 8}  # AAC's numbers of layouts; any other names none


@dataclass(frozen=True)
class Picture:
    codec: str  # "avc1"
    profile: int  # of H.264; 0: of anything else
    width: int
    height: int
    rate: float  # frames a second
    is_420: bool
    is_progressive: bool


@dataclass(frozen=True)
class Sound:
    codec: str  # "mp4a"
    is_aac: bool
    profile: int  # of AAC, its audio object type; 2 is AAC-LC
    sampling: int  # a second
    channels: int
    has_layout: bool  # says which loudspeaker a channel is for


@dataclass(frozen=True)
class Film:
    seconds: float | None
    is_index_first: bool  # the whole of it, before what it shows
    has_edits: bool
    picture: Picture | None
    sound: Sound | None


def read(content: bytes) -> Film | None:
    """None when it does not begin as one, or has no index."""
    kinds = {kind: inside for kind, inside in boxes(content) if kind in (b"ftyp", b"moov", b"mdat")}
    if next(iter(kinds), b"") != b"ftyp" or b"moov" not in kinds:
        return None
    tracks = [inside for kind, inside in boxes(kinds[b"moov"]) if kind == b"trak"]
    found = {within(track, b"mdia", b"hdlr")[8:12]: track for track in reversed(tracks)}
    picture, sound = found.get(b"vide"), found.get(b"soun")
    return Film(
        seconds(content),
        [*kinds] == [b"ftyp", b"moov", b"mdat"],
        any(within(track, b"edts", b"elst") for track in tracks),
        picture_of(picture) if picture else None,
        sound_of(sound) if sound else None,
    )


def boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(kind, what is inside); the last one may be cut."""
    place = 0
    while place + 8 <= len(content):
        size, kind = struct.unpack_from(">I4s", content, place)
        head = 16 if size == 1 else 8
        if size == 1 and place + head <= len(content):
            size = struct.unpack_from(">Q", content, place + 8)[0]
        end = place + size if size >= head else len(content)
        yield kind, content[place + head : end]
        place = end


def within(content: bytes, *path: bytes) -> bytes:
    """What is inside the first box of this path; empty when there is none."""
    for wanted in path:
        content = next((inside for kind, inside in boxes(content) if kind == wanted), b"")
    return content


def entry(track: bytes) -> tuple[str, bytes]:
    """(codec, its facts and boxes)"""
    kind, inside = next(boxes(within(track, b"mdia", b"minf", b"stbl", b"stsd")[8:]), (b"", b""))
    return kind.decode("latin-1"), inside


def picture_of(track: bytes) -> Picture:
    codec, facts = entry(track)
    width, height = struct.unpack_from(">HH", facts.ljust(28, b"\0"), 24)
    more = facts[PICTURE_FACTS:]
    profile, is_420, is_progressive = 0, True, True
    if parameters := within(more, b"avcC"):
        profile = parameters[1]
        is_420, is_progressive = h264.shape(parameters)
    elif parameters := within(more, b"hvcC"):
        is_420 = len(parameters) > 16 and parameters[16] & 3 == 1
        is_progressive = parameters[6] >> 6 & 3 != 1  # says "interlaced", and not "progressive"
    return Picture(codec, profile, width, height, rate_of(track), is_420, is_progressive)


def rate_of(track: bytes) -> float:
    times = within(track, b"mdia", b"minf", b"stbl", b"stts")[8:]
    runs = [struct.unpack_from(">II", times, place) for place in range(0, len(times) - 7, 8)]
    ticks = sum(number * length for number, length in runs)
    facts = within(track, b"mdia", b"mdhd")
    scale = int.from_bytes(facts[20:24] if facts[:1] == b"\1" else facts[12:16], "big")
    return sum(number for number, _ in runs) * scale / ticks if ticks else 0.0


def sound_of(track: bytes) -> Sound:
    codec, facts = entry(track)
    facts = facts.ljust(SOUND_FACTS, b"\0")
    version, channels = struct.unpack_from(">H6xH", facts, 8)
    sampling = int.from_bytes(facts[24:26], "big")
    more = facts[SOUND_FACTS + SOUND_FACTS_MORE.get(version, 0) :]
    kind, setup = described(within(more, b"esds") or within(more, b"wave", b"esds"))
    if codec != "mp4a" or kind != 0x40 or len(setup) < 2:
        return Sound(codec, False, 0, sampling, channels, has_layout=True)
    bits = h264.Bits(setup)
    if (profile := bits.take(5)) == 31:
        profile = 32 + bits.take(6)
    number = bits.take(4)
    sampling = bits.take(24) if number == 15 else SAMPLINGS[number] if number < len(SAMPLINGS) else sampling
    layout = bits.take(4)
    return Sound(codec, True, profile, sampling, CHANNELS.get(layout, channels), has_layout=layout in CHANNELS)


def described(content: bytes) -> tuple[int, bytes]:
    """(object type, AudioSpecificConfig) of an elementary stream's descriptors (ISO/IEC 14496-1, 7.2.6)."""
    kind, place = 0, 4
    while place + 2 <= len(content):
        tag, length, place = content[place], 0, place + 1
        while place < len(content):
            length, more = length << 7 | content[place] & 0x7F, content[place] & 0x80
            place += 1
            if not more:
                break
        if tag == 5:
            return kind, content[place : place + length]
        if tag == 4:
            kind = content[place] if place < len(content) else 0
        place += {3: 3, 4: 13}.get(tag, length)  # these two hold the others
    return kind, b""
