"""One recipe for everything else: H.264 High, 4:2:0, at most 1920 wide or smaller, even frame rate, AAC, upright."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.filter import Graph
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from ausrufer.media.probe import MAX_WIDTH, Clip
from ausrufer.media.repackage import OPTIONS

X264 = {"preset": "veryfast", "crf": "22", "profile": "high", "maxrate": "8M", "bufsize": "16M", "threads": "2"}
Sides = tuple[int, int]  # pixels: the longer one and the shorter one, whichever way the film stands
SOUND = 48_000  # samples a second
# Degrees against the clock that the frames need, as FFmpeg's filters say it.
UPRIGHT = {90: ["transpose=cclock"], 180: ["hflip", "vflip"], 270: ["transpose=clock"]}


def transcode(
    old: InputContainer, target: Path, clip: Clip, progress: Callable[[int], object], sides: Sides | None = None
) -> float:
    """The seconds it lasts. Says how far it is, in whole percent."""
    rate = 25 if abs(clip.rate - 25) < 0.5 or abs(clip.rate - 50) < 0.5 else 30
    old.seek(0)
    number = 0
    with av.open(str(target), "w", format="mp4", options=OPTIONS) as new:
        width, height = size(clip, sides)
        picture = new.add_stream("libx264", rate=rate, options=X264)
        picture.width, picture.height, picture.pix_fmt = width, height, "yuv420p"
        picture.codec_context.time_base = Fraction(1, rate)
        picture.codec_context.gop_size = rate * 2
        sound = new.add_stream("aac", rate=SOUND, layout="stereo") if clip.has_sound else None
        if sound:
            sound.bit_rate = 128_000
        said = -1
        for frame in frames(old, clip, rate, (width, height)):
            if isinstance(frame, VideoFrame):
                new.mux(picture.encode(frame))
                number += 1
                percent = min(99, int((frame.time or 0) / clip.seconds * 100))
                if percent > said:
                    progress(said := percent)
            elif sound:
                new.mux(sound.encode(frame))
        new.mux(picture.encode(None))
        if sound:
            new.mux(sound.encode(None))
    progress(100)
    return number / rate


def size(clip: Clip, sides: Sides | None = None) -> tuple[int, int]:
    """Even numbers, as 4:2:0 asks for. Never larger than it was."""
    width = min(clip.width, MAX_WIDTH)
    height = round(clip.height * width / clip.width)
    if sides:
        share = min(1.0, sides[0] / max(width, height), sides[1] / min(width, height))
        width, height = round(width * share), round(height * share)
    return max(2, width // 2 * 2), max(2, height // 2 * 2)


def frames(old: InputContainer, clip: Clip, rate: int, size: tuple[int, int]) -> Iterator[VideoFrame | AudioFrame]:
    """Pictures as the recipe wants them and sound as it is, in the order of the file."""
    video: VideoStream = old.streams.video[0]
    audio: list[AudioStream] = list(old.streams.audio[:1])
    graph: Graph | None = None
    for packet in old.demux([video, *audio]):
        for frame in packet.decode():
            if isinstance(frame, AudioFrame):
                yield frame
            if not isinstance(frame, VideoFrame):
                continue
            if graph is None:
                graph = recipe(video, frame, clip, rate, size)
            graph.vpush(frame)
            yield from ready(graph)
    if graph is not None:
        graph.vpush(None)
        yield from ready(graph)


def recipe(video: VideoStream, frame: VideoFrame, clip: Clip, rate: int, size: tuple[int, int]) -> Graph:
    steps = [f"fps={rate}:start_time=0", *UPRIGHT.get(clip.turn % 360, [])]
    steps += [f"scale={size[0]}:{size[1]}:flags=bicubic", "setsar=1", "format=yuv420p"]
    if frame.interlaced_frame:
        steps.insert(0, "yadif")
    graph = Graph()
    last = graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=video.time_base)
    for step in [*steps, "buffersink"]:
        name, _, arguments = step.partition("=")
        fresh = graph.add(name, arguments or None)
        last.link_to(fresh)
        last = fresh
    graph.configure()
    return graph


def ready(graph: Graph) -> Iterator[VideoFrame]:
    while True:
        try:
            frame = graph.vpull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        frame.pict_type = av.video.frame.PictureType.NONE
        yield frame
