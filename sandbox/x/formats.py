"""What X shows (platform sheet, section 5): pictures, animations, films and SubRip."""

from __future__ import annotations

import re

from sandbox import film_index, gifs

MB = 1_000_000  # bytes
FILM_TYPES = {"video/mp4", "video/quicktime"}
# Categories, the types of each, and its most bytes. The sheet says none for captions, so theirs is a film's.
CATEGORIES = {
    "tweet_image": ({"image/jpeg", "image/png", "image/gif", "image/webp"}, 5 * MB),
    "tweet_gif": ({"image/gif"}, 15 * MB),
    "tweet_video": (FILM_TYPES, 512 * MB),
    "amplify_video": (FILM_TYPES, 512 * MB),
    "subtitles": ({"text/srt", "text/vtt"}, 512 * MB),
}
PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8")  # how JPEG, PNG and GIF begin
ANIMATION, MOST_PICTURES = (1280, 1080), 350
SHORTEST, LONGEST = 0.5, 140.0  # seconds of a film
SMALLEST, LARGEST = 32, (1024, 1280)  # pixels: the shorter side, the longer; X itself recommends 720 by 1280 as well
FASTEST = 60.0  # pictures a second
PLAIN = {66, 77, 88, 100}  # profiles of H.264 that know no colours but yuv420p
LOW_COMPLEXITY = 2  # of AAC
CLOCK = r"\d{2,}:[0-5]\d:[0-5]\d,\d{3}"
CUE = re.compile(rf"\d+\n{CLOCK} --> {CLOCK}\n\S.*(?:\n\S.*)*")


def is_shown(category: str, content: bytes) -> bool:
    match category:
        case "tweet_image":
            return is_picture(content)
        case "tweet_gif":
            return is_animation(content)
        case "subtitles":
            return is_srt(content)
    return is_film(content)


def is_picture(content: bytes) -> bool:
    is_webp = content.startswith(b"RIFF") and content[8:12] == b"WEBP"
    return len(content) <= CATEGORIES["tweet_image"][1] and (is_webp or content.startswith(PICTURES))


def is_animation(content: bytes) -> bool:
    if (found := gifs.measured(content)) is None:
        return False
    width, height, pictures = found
    return width <= ANIMATION[0] and height <= ANIMATION[1] and pictures <= MOST_PICTURES


def is_film(content: bytes) -> bool:
    """Open groups of pictures would be refused too; they stand in no index, so nobody here sees them."""
    film = film_index.read(content)
    if film is None or film.picture is None or film.seconds is None or not SHORTEST <= film.seconds <= LONGEST:
        return False
    picture, sound = film.picture, film.sound
    short, long = sorted((picture.width, picture.height))
    is_size = SMALLEST <= short <= LARGEST[0] and long <= LARGEST[1]
    is_code = picture.codec in ("avc1", "avc3") and picture.profile in PLAIN and round(picture.rate, 1) <= FASTEST
    return is_size and is_code and (sound is None or (sound.is_aac and sound.profile == LOW_COMPLEXITY))


def is_srt(content: bytes) -> bool:
    """SubRip, numbered from 1."""
    try:
        cues = content.decode().strip().split("\n\n")
    except UnicodeDecodeError:
        return False
    numbered = all(cue.split("\n")[0] == str(number) for number, cue in enumerate(cues, 1))
    return numbered and all(CUE.fullmatch(cue) for cue in cues)
