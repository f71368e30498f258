"""The same pictures and sound in a fresh MP4: its index first, no edit list, nothing about who, where and with what."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av

from ausrufer.media.probe import Clip

OPTIONS = {"movflags": "+faststart+negative_cts_offsets", "use_editlist": "0", "fflags": "+bitexact"}


def repackage(source: Path, target: Path, clip: Clip, progress: Callable[[int], object]) -> None:
    """Copies the first picture track and the first sound track; others may say where it was filmed."""
    with (
        av.open(str(source), format="mov", options={"protocol_whitelist": "file"}) as old,
        av.open(str(target), "w", format="mp4", options=OPTIONS) as new,
    ):
        kept = [old.streams.video[0], *old.streams.audio[:1]]
        fresh = {each.index: new.add_stream_from_template(each) for each in kept}
        for stream in fresh.values():
            stream.metadata.clear()
        start = old.start_time or 0
        for packet in old.demux(kept):
            if packet.dts is None:
                continue
            if start and packet.time_base:
                shift = round(start / 1_000_000 / packet.time_base)
                packet.dts -= shift
                packet.pts = None if packet.pts is None else packet.pts - shift
            packet.stream = fresh[packet.stream.index]
            new.mux(packet)
    progress(100)
