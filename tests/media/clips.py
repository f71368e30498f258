"""Small real videos, as telephones and programs would write them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

PLACE = "+49.7566+006.6414/"  # the Porta Nigra
# Filled up to 150 megabits a second.
HEAVY = {
    "preset": "ultrafast",
    "x264-params": "nal-hrd=cbr:bitrate=150000:vbv-maxrate=150000:vbv-bufsize=6000",
}


def clip(
    path: Path,
    *,
    codec: str = "libx264",
    size: tuple[int, int] = (320, 240),
    rate: int = 25,
    seconds: float = 2.0,
    sound: bool = True,
    format: str = "mp4",
    every: int = 1,
    options: dict[str, str] | None = None,
    pix_fmt: str = "yuv420p",
) -> Path:
    """Red on the left, blue on the right, with a place and a name in its metadata; its index at the end.

    `every` 3: only every third frame is there, now and then, so that the rate is not even.
    """
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    with av.open(str(path), "w", format=format) as out:
        out.metadata.update({"location": PLACE, "location-eng": PLACE, "artist": "Amira", "title": "Geheim"})
        video = cast("VideoStream", out.add_stream(codec, rate=rate, options=options or {}))
        video.width, video.height, video.pix_fmt = *size, pix_fmt
        video.codec_context.time_base = Fraction(1, rate)
        tone = out.add_stream("aac", rate=48_000, layout="stereo") if sound else None
        for number in range(int(rate * seconds)):
            if every > 1 and number % every and number > rate // 2:
                continue
            frame = VideoFrame.from_image(image)  # type: ignore[no-untyped-call]
            frame.pts, frame.time_base = number, Fraction(1, rate)
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
        if tone:
            for number in range(int(48_000 * seconds / 1024)):
                silence = AudioFrame(format="fltp", layout="stereo", samples=1024)
                for plane in silence.planes:
                    plane.update(bytes(plane.buffer_size))
                silence.sample_rate, silence.pts, silence.time_base = 48_000, number * 1024, Fraction(1, 48_000)
                out.mux(tone.encode(silence))
            out.mux(tone.encode(None))
    return path
