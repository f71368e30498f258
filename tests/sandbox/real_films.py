"""Real films, each with what a story wants wrong about it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, cast

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

SOUND = 2.0  # seconds, at most
FINE = {"movflags": "+faststart+negative_cts_offsets", "use_editlist": "0"}
INTERLACED = {"flags": "+ildct+ilme"}


@dataclass(frozen=True)
class Recipe:
    """A second of an empty picture; its index first and without edit lists, as the Threads sheet asks for it."""

    seconds: float = 1.0
    size: tuple[int, int] = (320, 240)
    rate: int = 25
    codec: str = "libx264"
    colours: str = "yuv420p"
    picture: dict[str, str] = field(default_factory=dict)
    sound_codec: str = "aac"
    sampling: int = 48_000
    layout: str = "stereo"  # silent without
    sound: dict[str, str] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=lambda: dict(FINE))
    format: str = "mp4"


def film(**facts: Any) -> bytes:
    recipe = Recipe(**facts)
    with tempfile.TemporaryDirectory() as folder:  # no memory: FFmpeg reads again what it wrote to put the index first
        path = Path(folder) / "film"
        with av.open(str(path), "w", format=recipe.format, options=recipe.options) as made:
            fill(made, recipe)
        return path.read_bytes()


@cache
def fine() -> bytes:
    return film()


def fill(made: OutputContainer, recipe: Recipe) -> None:
    quick = {"preset": "ultrafast"} | ({"x265-params": "log-level=none"} if recipe.codec == "libx265" else {})
    video = cast("VideoStream", made.add_stream(recipe.codec, rate=recipe.rate, options=quick | recipe.picture))
    (video.width, video.height), video.pix_fmt = recipe.size, recipe.colours
    tone = None
    if recipe.layout:
        tone = cast("AudioStream", made.add_stream(recipe.sound_codec, rate=recipe.sampling, options=recipe.sound))
        tone.layout = recipe.layout
    frame = VideoFrame(*recipe.size, recipe.colours)
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    for number in range(int(recipe.rate * recipe.seconds)):
        frame.pts = number
        made.mux(video.encode(frame))
    made.mux(video.encode(None))
    if tone:
        play(made, tone, recipe)


def play(made: OutputContainer, tone: AudioStream, recipe: Recipe) -> None:
    """Nothing to hear."""
    size = 1152 if recipe.sound_codec == "libmp3lame" else 1024  # samples of one frame
    silence = AudioFrame(format="fltp", layout=recipe.layout, samples=size)
    for plane in silence.planes:
        plane.update(bytes(plane.buffer_size))
    silence.sample_rate = recipe.sampling
    for number in range(int(recipe.sampling * min(recipe.seconds, SOUND) / size)):
        silence.pts = number * size
        made.mux(tone.encode(silence))
    made.mux(tone.encode(None))
