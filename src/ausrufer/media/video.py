"""Videos made anew: copied as they are when they fit, otherwise recoded. No Django: this runs in the child process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.error import FFmpegError

from ausrufer.kernel.sentence import Sentence
from ausrufer.media.pictures import fitted, save
from ausrufer.media.probe import Clip, probe
from ausrufer.media.repackage import repackage
from ausrufer.media.store import into_store
from ausrufer.media.transcode import transcode
from ausrufer.media.trouble import BadMedia, damaged

Progress = Callable[[int], object]
MAX_SECONDS = 300  # Threads; platform sheet, section 5.2
MAX_SIDE = 4096  # pixels; a larger picture does not fit into the child's memory
MAX_RATIO = 10.0  # Threads: 0.1:1 to 10:1 is what can be looked at
MAX_WIDTH = 1440  # pixels of a poster
POSTER_AT = 1.0  # seconds: the very first frame is often black


def make(source: Path, folder: Path, name: str, progress: Progress) -> Mapping[str, Any]:
    """The stored MP4 and its poster, without any word or place the camera wrote. Raises BadMedia."""
    try:
        with opened(source) as container:
            clip = probe(container, name)
            check(clip, name)
        write = repackage if clip.fits else transcode
        digest, size = into_store(folder, "mp4", lambda path: write(source, path, clip, progress))
        stored = folder / f"{digest}.mp4"
        with opened(stored) as container:
            made = probe(container, name)
        if made.seconds < 0.9 * clip.seconds - 0.5:  # the end is missing, though the index speaks of it
            stored.unlink()
            raise damaged(name)
        poster = poster_of(stored, folder)
    except (FFmpegError, ValueError, StopIteration) as error:
        raise damaged(name) from error
    return {
        "digest": digest,
        "mime": "video/mp4",
        "width": made.width,
        "height": made.height,
        "size": size,
        "seconds": round(made.seconds, 3),
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


def poster_of(stored: Path, folder: Path) -> str:
    """The digest of a JPEG from its beginning."""
    with opened(stored) as container:
        stream = container.streams.video[0]
        last = None
        for frame in container.decode(stream):
            last = frame
            if frame.time is not None and frame.time >= POSTER_AT:
                break
        if last is None:
            raise ValueError("no frame")
        picture = fitted(last.to_image(), MAX_WIDTH)  # type: ignore[no-untyped-call]
    return into_store(folder, "jpg", lambda path: save(picture, path))[0]
