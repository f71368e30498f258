"""Pairs: `<name>.draft.json` is what an editor wrote, `<name>.<platform>.json` what that platform makes of it.

Only the fields a file names are compared; pictures go by the names of `rigs.PICTURES`, videos by what they show.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from ausrufer.adapter.contract import Draft, Rendition, Video
from ausrufer.adapter.http import Http
from ausrufer.adapter.registry import platform_class
from ausrufer.adapter.supplies import Supplies
from tests.platforms.known import PLATFORMS
from tests.platforms.rigs import PICTURES, picture

FOLDER = Path(__file__).with_name("renditions")
PAIRS = sorted(path.name for path in FOLDER.glob("*.json") if not path.name.endswith(".draft.json"))
KEYS = {platform.key for platform in PLATFORMS}
NAMED = (
    *("storm_warning_umlauts", "emoji_family", "flags", "right_to_left", "str_nr", "hashtag_hyphen", "bare_domain"),
    *("two_thousand_characters", "two_thousand_as_chain"),
)
NAMES = {picture(name).digest: name for name in PICTURES}


def rendered(pair: str) -> list[Rendition]:
    name, key, _ = pair.rsplit(".", 2)
    facts = json.loads((FOLDER / f"{name}.draft.json").read_text())
    facts["pictures"] = tuple(picture(each) for each in facts.get("pictures", ()))
    facts["videos"] = tuple(film(each) for each in facts.get("videos", ()))
    nowhere = Http(transport=httpx.MockTransport(lambda request: httpx.Response(500)))
    return platform_class(key)(Supplies(http=nowhere), {}, {}).render(Draft(**facts))


def film(alt: str) -> Video:
    return Video("f" * 64, 1280, 720, seconds=9.0, size=900_000, alt=alt)


def as_json(rendition: Rendition) -> dict[str, Any]:
    fields = {name: getattr(rendition, name) for name in ("wording", "text", "count", "limit", "link", "language")}
    pictures = [NAMES[each.digest] for each in rendition.pictures]
    fields |= {"pictures": pictures, "videos": [each.alt for each in rendition.videos]}
    fields |= {"more": list(rendition.more), "page": rendition.page}
    return fields | {"extra": dict(rendition.extra)}


@pytest.mark.parametrize("pair", PAIRS)
def test_a_draft_becomes_these_renditions(pair: str) -> None:
    expected = json.loads((FOLDER / pair).read_text())
    found = [as_json(rendition) for rendition in rendered(pair)]

    assert len(found) == len(expected)
    for wanted, got in zip(expected, found, strict=True):
        assert {name: got[name] for name in wanted} == wanted


def test_no_draft_stands_alone() -> None:
    drafts = {path.name.removesuffix(".draft.json") for path in FOLDER.glob("*.draft.json")}
    assert drafts == {pair.rsplit(".", 2)[0] for pair in PAIRS}


@pytest.mark.parametrize("key", sorted(KEYS))
def test_what_has_broken_others_has_its_pair_on_every_platform(key: str) -> None:
    assert [name for name in NAMED if f"{name}.{key}.json" not in PAIRS] == []


def test_every_pair_belongs_to_a_platform() -> None:
    assert {pair.rsplit(".", 2)[1] for pair in PAIRS} <= KEYS
