"""The same pictures and sound in a fresh MP4: its index first, no edit list, nothing about who, where and with what."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
from av.container import InputContainer
from av.stream import Stream

from ausrufer.media.probe import Clip

OPTIONS = {"movflags": "+faststart+negative_cts_offsets", "use_editlist": "0", "fflags": "+bitexact"}


def repackage(old: InputContainer, target: Path, clip: Clip, progress: Callable[[int], object]) -> float:
    """The seconds it lasts. Copies the first picture and the first sound track; others may say where it was filmed."""
    old.seek(0)
    end = 0.0
    with av.open(str(target), "w", format="mp4", options=OPTIONS) as new:
        kept = [old.streams.video[0], *old.streams.audio[:1]]
        fresh = {each.index: new.add_stream_from_template(each) for each in kept}
        for stream in fresh.values():
            stream.metadata.clear()
        starts = {each.index: shift(old, each) for each in kept}
        for packet in old.demux(kept):
            if packet.dts is None or packet.pts is None:
                continue
            index = packet.stream.index
            packet.dts -= starts[index]
            packet.pts -= starts[index]
            end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
            packet.stream = fresh[index]
            new.mux(packet)
    progress(100)
    return end


def shift(old: InputContainer, stream: Stream) -> int:
    """What the file's first moment is in this track's own measure."""
    return round((old.start_time or 0) / 1_000_000 / stream.time_base) if stream.time_base else 0
