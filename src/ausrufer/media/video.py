"""Videos made anew: copied as they are when they fit, otherwise recoded. No Django: this runs in the child process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.error import FFmpegError
from PIL.Image import Transpose

from ausrufer.kernel.sentence import Sentence
from ausrufer.media.pictures import save
from ausrufer.media.probe import Clip, probe
from ausrufer.media.repackage import repackage
from ausrufer.media.store import into_store
from ausrufer.media.transcode import size, transcode
from ausrufer.media.trouble import BadMedia, damaged

Progress = Callable[[int], object]
MAX_SECONDS = 300  # Threads; platform sheet, section 5.2
MAX_SIDE = 4096  # pixels; a larger picture does not fit into the child's memory
MAX_RATIO = 10.0  # Threads: 0.1:1 to 10:1 is what can be looked at
MAX_WIDTH = 1440  # pixels of a poster
TURNS = {90: Transpose.ROTATE_90, 180: Transpose.ROTATE_180, 270: Transpose.ROTATE_270}  # as `Clip.turn` says
POSTER_AT = 1.0  # seconds, or what comes next: the very first frame is often black


def make(source: Path, folder: Path, name: str, progress: Progress) -> Mapping[str, Any]:
    """The stored MP4 and its poster, without any word or place the camera wrote. Raises BadMedia."""
    try:
        with opened(source) as container:
            clip = probe(container, name)
            check(clip, name)

            def write(path: Path) -> float:
                seconds = (repackage if clip.fits else transcode)(container, path, clip, progress)
                if seconds < 0.9 * clip.seconds - 0.5:  # the end is missing, though the index speaks of it
                    raise damaged(name)
                return seconds

            stored = into_store(folder, "mp4", write)
            poster = poster_of(container, folder, clip)
    except (FFmpegError, ValueError, StopIteration) as error:
        raise damaged(name) from error
    width, height = (clip.width, clip.height) if clip.fits else size(clip)
    return {
        "digest": stored.digest,
        "mime": "video/mp4",
        "width": width,
        "height": height,
        "size": stored.size,
        "seconds": round(stored.told, 3),
        "poster": poster,
        "copied": clip.fits,
    }


def opened(path: Path) -> InputContainer:
    """Only as MP4 or MOV, and nothing that it points to."""
    return av.open(str(path), format="mov", options={"protocol_whitelist": "file", "enable_drefs": "0"})


def check(clip: Clip, name: str) -> None:
    values = {"name": name}
    if clip.seconds > MAX_SECONDS + 0.5:
        raise BadMedia(Sentence("„{name}“ ist länger als 5 Minuten. Bitte kürzen.", values))
    if max(clip.width, clip.height) > MAX_SIDE:
        raise BadMedia(Sentence("„{name}“ hat ein größeres Bild als 4096 Punkte. Bitte kleiner ausgeben.", values))
    if max(clip.width, clip.height) > MAX_RATIO * min(clip.width, clip.height):
        raise BadMedia(Sentence("„{name}“ ist zu schmal: höchstens zehnmal so lang wie breit.", values))


def poster_of(container: InputContainer, folder: Path, clip: Clip) -> str:
    """The digest of a JPEG from its beginning, of those frames that stand alone."""
    video = container.streams.video[0]
    container.seek(0)
    video.codec_context.skip_frame = "NONKEY"
    last = None
    for frame in container.decode(video):
        last = frame
        if frame.time is not None and frame.time >= POSTER_AT:
            break
    if last is None:
        raise ValueError("no frame")
    width, height = size(clip)
    broad = min(width, MAX_WIDTH)
    on_its_side = clip.turn % 180 != 0
    shown = (round(height * broad / width), broad) if on_its_side else (broad, round(height * broad / width))
    picture = last.to_image(width=shown[0], height=shown[1])  # type: ignore[no-untyped-call]
    if turn := TURNS.get(clip.turn % 360):
        picture = picture.transpose(turn)
    return into_store(folder, "jpg", lambda path: save(picture, path)).digest
