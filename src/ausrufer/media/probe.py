"""What is in a video file, and whether every platform takes it as it is. No Django."""

from __future__ import annotations

from dataclasses import dataclass

from av.container import InputContainer

from ausrufer.kernel.sentence import Sentence
from ausrufer.media.trouble import BadMedia, damaged

MAX_WIDTH = 1920  # pixels; this and what follows: Threads, platform sheet, section 5.2
RATES = (23.0, 60.0)  # frames a second
MAX_SAMPLES = 48_000  # a second
MAX_BITS = 100_000_000  # a second, of the whole file
STRAIGHT = (0, 360, -360)
SEQUENTIAL = 1  # AVFieldOrder: whole frames
H264_PROFILES = ("Baseline", "Constrained Baseline", "Main", "High")


@dataclass(frozen=True)
class Clip:
    width: int  # pixels, as it is shown
    height: int  # pixels, as it is shown
    seconds: float
    rate: float  # frames a second
    turn: int  # degrees; the telephone was held upright
    has_sound: bool
    fits: bool  # H.264 4:2:0 and AAC within every platform's limits


def probe(container: InputContainer, name: str) -> Clip:
    """Decodes one frame, since some facts stand nowhere else. Raises BadMedia or FFmpegError."""
    if not container.streams.video:
        raise BadMedia(Sentence("„{name}“ enthält kein Bild, nur Ton.", {"name": name}))
    video = container.streams.video[0]
    video.thread_count = 1  # each further one holds frames of its own; the encoder is what takes the time
    frame = next(container.decode(video), None)
    if frame is None or not frame.width or not frame.height:
        raise damaged(name)
    seconds = length(container)
    if seconds <= 0:
        raise damaged(name)
    rate = float(video.average_rate or 0)
    turn = round(frame.rotation)
    context = video.codec_context
    picture_fits = (
        context.name == "h264"
        and context.pix_fmt == "yuv420p"
        and (context.profile or "") in H264_PROFILES
        and frame.width <= MAX_WIDTH
        and RATES[0] <= rate <= RATES[1]
        and turn in STRAIGHT
        and not frame.interlaced_frame
        and video.sample_aspect_ratio in (None, 0, 1)
    )
    on_its_side = abs(turn) in (90, 270)
    width, height = (frame.height, frame.width) if on_its_side else (frame.width, frame.height)
    is_light = (container.bit_rate or 0) <= MAX_BITS
    fits = picture_fits and is_light and sound_fits(container) and is_even(container, rate)
    return Clip(width, height, seconds, rate, turn, bool(container.streams.audio), fits)


def length(container: InputContainer) -> float:
    if container.duration:
        return container.duration / 1_000_000
    video = container.streams.video[0]
    return float(video.duration * video.time_base) if video.duration and video.time_base else 0.0


def sound_fits(container: InputContainer) -> bool:
    if not container.streams.audio:
        return True
    context = container.streams.audio[0].codec_context
    return context.name == "aac" and context.sample_rate <= MAX_SAMPLES and context.layout.nb_channels <= 2


def is_even(container: InputContainer, rate: float) -> bool:
    """A stated rate that its frames keep: telephones slow down in the dark (variable frame rate)."""
    guessed = container.streams.video[0].guessed_rate
    return guessed is None or abs(float(guessed) - rate) < 0.5
