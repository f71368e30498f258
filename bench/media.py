"""A picture and a fitting film made anew, against the bare programs that do the same."""

from __future__ import annotations

import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
from av.video.frame import VideoFrame
from PIL import Image, ImageFilter

from ausrufer.media import workshop
from bench.city import City, wait
from bench.figures import Figure, median, quantile

ROUNDS = 9
BAR = 1.5
PHOTO = (4032, 3024)  # pixels, as telephones make them
VIPS = ["vips", "thumbnail", "{source}", "{target}.jpg[Q=86,strip]", "1440", "--height", "10000"]
FFMPEG = [
    *("ffmpeg", "-v", "error", "-y", "-i", "{source}", "-c", "copy", "-map_metadata", "-1"),
    *("-movflags", "+faststart", "{target}.mp4"),
]


def measure(city: City) -> Sequence[Figure | str]:
    with tempfile.TemporaryDirectory(prefix="bench-media-") as folder:
        place = Path(folder)
        return [
            against("1440 px JPEG of a photo of 12 megapixels", "picture", photo(place), VIPS, "vips thumbnail"),
            against("30 s clip that fits, repackaged, with poster", "video", film(place), FFMPEG, "ffmpeg -c copy"),
        ]


def against(name: str, job: str, source: Path, command: list[str], floor_name: str) -> Figure | str:
    """By turns, each a process of its own; ours is begun when the upload begins, so it waits for the file already."""
    if not shutil.which(command[0]):
        return f"| {name} | – | – | {command[0]} is not installed here, so nothing is compared | ≤ {BAR} × | – |"
    target = source.with_name("bare")
    bare = [each.format(source=source, target=target) for each in command]
    ours, theirs = [], []
    for _ in range(ROUNDS):
        workshop.get_ready(job)
        wait(0.5)
        ours.append(seconds(lambda: workshop.make(job, source, source.parent / "made", source.name)))
        theirs.append(seconds(lambda: subprocess.run(bare, check=True, capture_output=True)))
    floor = median(theirs)
    is_kept = median(ours) <= BAR * floor
    return Figure(name, median(ours), quantile(ours, 0.95), f"≤ {BAR} × {floor_name}", is_kept, floor, floor_name)


def seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def photo(folder: Path) -> Path:
    """With grain and shapes, so that it costs what a photo costs."""
    noise = Image.effect_noise((PHOTO[0] // 4, PHOTO[1] // 4), 60).resize(PHOTO, Image.Resampling.BICUBIC)
    grain = Image.effect_noise(PHOTO, 12).filter(ImageFilter.GaussianBlur(0.7))
    path = folder / "photo.jpg"
    Image.merge("RGB", (noise, grain, Image.blend(noise, grain, 0.5))).save(path, quality=90)
    return path


def film(folder: Path) -> Path:
    """1080p, 30 frames and one whole picture a second, 8 Mbit: what a telephone writes; its index at the end."""
    chance, size = random.Random(3), (1920, 1080)
    tile = Image.effect_noise((640, 360), 80).convert("RGB")
    path = folder / "film.mp4"
    with av.open(str(path), "w") as out:
        video = out.add_stream("libx264", rate=30, options={"preset": "ultrafast", "b": "8000000", "g": "30"})
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        pictures = []
        for _ in range(5):
            image = tile.resize(size)
            image.paste("navy", (chance.randrange(900), chance.randrange(500), 1500, 800))
            pictures.append(image)
        for number in range(900):
            frame = VideoFrame.from_image(pictures[number // 12 % 5])  # type: ignore[no-untyped-call]
            frame.pts, frame.time_base = number, Fraction(1, 30)
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
    return path
