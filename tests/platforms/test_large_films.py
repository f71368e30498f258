"""A film of any size goes out in pieces: the machine that sends it never holds it whole."""

from __future__ import annotations

import tracemalloc
from typing import cast

from ausrufer.adapter.capabilities import SendsPictures
from ausrufer.adapter.contract import Rendition, Video
from ausrufer.adapter.testing import FakeMedia
from tests.platforms.errand import Errand, draft
from tests.platforms.known import platforms_that
from tests.platforms.rigs import Rig
from tests.sandbox import films

SIZES = (60_000_000, 49_000_000)  # bytes; Telegram takes up to 50 MB
MOST = 4_000_000  # bytes in memory meanwhile, of everything
START = films.film(60.0)


def with_film(rig: Rig, size: int) -> list[Rendition]:
    stored = cast(FakeMedia, rig.platform.supplies.media)
    kept = stored.add(START.ljust(size, b"\0"), alt="Die Mosel steigt", width=1280, height=720, mime="video/mp4")
    film = Video(kept.digest, 1280, 720, 60.0, size, kept.alt)
    return rig.platform.render(draft(videos=(film,)))


@platforms_that(lambda can: can.max_videos and can.sends_pictures == SendsPictures.UPLOAD)
def test_memory_does_not_grow_with_the_film(rig: Rig) -> None:
    ladder = next(found for size in SIZES if (found := with_film(rig, size))[0].videos)
    stored, story = cast(FakeMedia, rig.platform.supplies.media), Errand(rig.platform, ladder)
    stored.most_read = 0
    tracemalloc.start()
    try:
        story.carry_out(within=60.0)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        stored.files.pop(ladder[0].videos[0].digest)

    assert story.rank == 0  # it went out with its film
    assert most < MOST
