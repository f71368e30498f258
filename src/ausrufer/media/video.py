"""Videos made anew: copied as they are when they fit, otherwise recoded. No Django: this runs in the child process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.codec import CodecContext
from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import PictureType, VideoFrame
from av.video.reformatter import ColorRange

from ausrufer.kernel.sentence import Sentence
from ausrufer.media.probe import Clip, probe
from ausrufer.media.repackage import repackage
from ausrufer.media.store import into_store
from ausrufer.media.transcode import Sides, size, transcode
from ausrufer.media.trouble import BadMedia, damaged

Progress = Callable[[int], object]
MAX_SECONDS = 300  # Threads; platform sheet, section 5.2
MAX_SIDE = 4096  # pixels; a larger picture does not fit into the child's memory
MAX_RATIO = 10.0  # Threads: 0.1:1 to 10:1 is what can be looked at
MAX_WIDTH = 1440  # pixels of a poster
POSTER_AT = 1.0  # seconds, or what comes next: the very first frame is often black


def make(source: Path, folder: Path, name: str, progress: Progress) -> Mapping[str, Any]:
    """The stored MP4 and its poster, without any word or place the camera wrote. Raises BadMedia."""
    try:
        with opened(source) as container, ThreadPoolExecutor(1) as beside:
            clip = probe(container, name)
            check(clip, name)
            drawing: list[Future[str]] = []

            def write(path: Path) -> float:
                seconds = (repackage if clip.fits else transcode)(container, path, clip, progress)
                if seconds < 0.9 * clip.seconds - 0.5:  # the end is missing, though the index speaks of it
                    raise damaged(name)
                if clip.fits:  # while the digest is taken
                    drawing.append(beside.submit(poster_of, container, folder))
                return seconds

            stored = into_store(folder, "mp4", write)
            poster = drawing[0].result() if drawing else poster_of_file(folder / f"{stored.digest}.mp4", folder)
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


def smaller(source: Path, folder: Path, name: str, sides: Sides, progress: Progress) -> Mapping[str, Any]:
    """A copy of a stored film for a platform that takes no larger ones. Raises BadMedia."""
    try:
        with opened(source) as container:
            clip = probe(container, name)

            def write(path: Path) -> None:
                if transcode(container, path, clip, progress, sides) < 0.9 * clip.seconds - 0.5:
                    raise damaged(name)

            return {"digest": into_store(folder, "mp4", write).digest}
    except (FFmpegError, ValueError, StopIteration) as error:
        raise damaged(name) from error


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


def poster_of_file(path: Path, folder: Path) -> str:
    with opened(path) as container:
        return poster_of(container, folder)


def poster_of(container: InputContainer, folder: Path) -> str:
    """The digest of a JPEG from its beginning, of those frames that stand alone."""
    video = container.streams.video[0]
    container.seek(int(POSTER_AT * 1_000_000))  # to what stands alone before it
    video.codec_context.skip_frame = "NONKEY"
    last = None
    for frame in container.decode(video):
        last = frame
        if frame.time is not None and frame.time >= POSTER_AT:
            break
    if last is None:
        raise ValueError("no frame")
    content = as_jpeg(last)
    return into_store(folder, "jpg", lambda path: path.write_bytes(content)).digest


def as_jpeg(frame: VideoFrame) -> bytes:
    """By FFmpeg's own encoder: the frame is in a JPEG's colours already, and Pillow would have to be loaded first."""
    width = min(frame.width, MAX_WIDTH)
    height = max(2, round(frame.height * width / frame.width))
    context = CodecContext.create("mjpeg", "w")
    context.width, context.height, context.pix_fmt = width, height, "yuvj420p"
    context.time_base = Fraction(1, 25)
    context.options = {"qmin": "3", "qmax": "3", "flags": "+bitexact"}
    fresh = frame.reformat(width, height, "yuvj420p", dst_color_range=ColorRange.JPEG)
    fresh.pts, fresh.time_base, fresh.pict_type = 0, context.time_base, PictureType.NONE
    return b"".join(bytes(packet) for packet in [*context.encode(fresh), *context.encode(None)])
