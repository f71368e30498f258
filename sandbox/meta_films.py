"""Which films Meta's platforms take, and what a container says of the others (Threads sheet, sections 3.3 and 5.2).

An open group of pictures is the one thing asked for there that no index tells.
"""

from __future__ import annotations

from sandbox.fetching import Fetched
from sandbox.film_index import Picture, Sound, read

HEAD = 4_000_000  # bytes in which the index of the longest film has room
TYPES = ("video/mp4", "video/quicktime")
MAX_SIZE = 1_000_000_000  # bytes
CODECS = ("avc1", "avc3", "hvc1", "hev1")  # H.264 and HEVC
MAX_WIDTH = 1920  # pixels
RATIOS = (0.01, 10.0)
RATES = (23.0 - 0.05, 60.0 + 0.05)  # frames a second; their times are rounded
MAX_BITS = 100_000_000  # a second
MAX_SAMPLING = 48_000  # a second
UNKNOWN = "UNKNOWN"
MESSAGES = (
    *("FAILED_DOWNLOADING_VIDEO", "FAILED_PROCESSING_AUDIO", "FAILED_PROCESSING_VIDEO", "INVALID_ASPEC_RATIO"),
    *("INVALID_BIT_RATE", "INVALID_DURATION", "INVALID_FRAME_RATE", "INVALID_AUDIO_CHANNELS"),
    *("INVALID_AUDIO_CHANNEL_LAYOUT", UNKNOWN),
)


def trouble(found: Fetched | None, longest: float) -> str:
    """One of the messages; empty when the film is taken. `longest`: seconds."""
    if found is None or found.type not in TYPES or found.length > MAX_SIZE:
        return "FAILED_DOWNLOADING_VIDEO"
    film = read(bytes(found.body))
    if film is None or not film.is_index_first or film.seconds is None:
        return "FAILED_PROCESSING_VIDEO"
    if not 0 < film.seconds <= longest:
        return "INVALID_DURATION"
    if film.picture is None or film.has_edits:
        return "FAILED_PROCESSING_VIDEO"
    if found.length * 8 / film.seconds > MAX_BITS:
        return "INVALID_BIT_RATE"
    return trouble_with_picture(film.picture) or (trouble_with_sound(film.sound) if film.sound else "")


def trouble_with_picture(picture: Picture) -> str:
    is_whole = picture.is_420 and picture.is_progressive
    if picture.codec not in CODECS or not is_whole or not 0 < picture.width <= MAX_WIDTH or not picture.height:
        return "FAILED_PROCESSING_VIDEO"
    if not RATIOS[0] <= picture.width / picture.height <= RATIOS[1]:
        return "INVALID_ASPEC_RATIO"
    return "" if RATES[0] <= picture.rate <= RATES[1] else "INVALID_FRAME_RATE"


def trouble_with_sound(sound: Sound) -> str:
    if not sound.is_aac or sound.sampling > MAX_SAMPLING:
        return "FAILED_PROCESSING_AUDIO"
    if sound.channels not in (1, 2):
        return "INVALID_AUDIO_CHANNELS"
    return "" if sound.has_layout else "INVALID_AUDIO_CHANNEL_LAYOUT"
