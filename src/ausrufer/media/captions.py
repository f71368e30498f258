"""Captions: WebVTT, read and written anew, so that only times and words remain."""

from __future__ import annotations

import re
from pathlib import Path

from ausrufer.kernel.sentence import Sentence
from ausrufer.media.store import into_store
from ausrufer.media.trouble import BadMedia

MAX_SIZE = 2_000_000  # bytes
CLOCK = r"(?:(\d{2,4}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
TIMING = re.compile(rf"{CLOCK}[ \t]+-->[ \t]+{CLOCK}(?:[ \t].*)?")
TAG = re.compile(r"<[^>]*>?")
NOT_CAPTIONS = "„{name}“ ist keine Untertiteldatei im Format WebVTT."
BACKWARDS = "„{name}“, Zeile {line}: Der Untertitel endet, bevor er beginnt."
NO_TIME = "„{name}“, Zeile {line}: Hier fehlt eine Zeitangabe wie 00:01.000 --> 00:04.000."
EMPTY = "„{name}“ enthält keinen Untertitel."


def store_captions(content: bytes, name: str, folder: Path) -> tuple[str, int]:
    """(digest, size) of the stored file. Raises BadMedia."""
    text = clean_captions(content, name)
    stored = into_store(folder, "vtt", lambda path: path.write_text(text, encoding="utf-8"))
    return stored.digest, stored.size


def clean_captions(content: bytes, name: str) -> str:
    """Without styles, notes, positions and markup. Raises BadMedia."""
    values = {"name": name}
    if len(content) > MAX_SIZE:
        raise BadMedia(Sentence("„{name}“ ist größer als 2 MB.", values))
    try:
        lines = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    except UnicodeDecodeError as error:
        raise BadMedia(Sentence(NOT_CAPTIONS, values)) from error
    if "\0" in "".join(lines) or not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        raise BadMedia(Sentence(NOT_CAPTIONS, values))
    cues = [cue for number, block in blocks(lines) if (cue := one_cue(number, block, name))]
    if not cues:
        raise BadMedia(Sentence(EMPTY, values))
    return "\n\n".join(["WEBVTT", *cues]) + "\n"


def blocks(lines: list[str]) -> list[tuple[int, list[str]]]:
    """(number of its first line, lines) of what stands between empty lines; without the head."""
    found: list[tuple[int, list[str]]] = []
    is_open = False
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            is_open = False
        elif is_open:
            found[-1][1].append(line)
        else:
            found.append((number, [line]))
            is_open = True
    return found[1:]


def one_cue(number: int, block: list[str], name: str) -> str:
    """ "" for a note, a style or a region."""
    if re.match(r"(NOTE|STYLE|REGION)\b", block[0]) and "-->" not in block[0]:
        return ""
    place = next((place for place, line in enumerate(block[:2]) if "-->" in line), None)
    timing = TIMING.fullmatch(block[place].strip()) if place is not None else None
    if place is None or timing is None:
        raise BadMedia(Sentence(NO_TIME, {"name": name, "line": str(number)}))
    start, end = moment(timing.groups()[:4]), moment(timing.groups()[4:])
    if end <= start:
        raise BadMedia(Sentence(BACKWARDS, {"name": name, "line": str(number + place)}))
    words = [TAG.sub("", line).replace("-->", "→").strip() for line in block[place + 1 :]]
    words = [line for line in words if line]
    return "\n".join([f"{written(start)} --> {written(end)}", *words]) if words else ""


def moment(parts: tuple[str | None, ...]) -> int:
    """Milliseconds."""
    hours, minutes, seconds, thousandths = (int(each or 0) for each in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths


def written(moment: int) -> str:
    seconds, thousandths = divmod(moment, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{thousandths:03}"
