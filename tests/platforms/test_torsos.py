"""What is out of an order that goes no further: the platform finds every part of it, and takes it down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.platforms.errand import Errand
from tests.platforms.known import platforms_that
from tests.platforms.rigs import Killed, Rig, picture
from tests.platforms.test_bad_stories import errand
from tests.platforms.test_later_stories import LONG, long_errand, shown_in_order


def in_steps(rig: Rig) -> Errand:
    """A chain, or a message and the album below it."""
    if rig.platform.capabilities.can_chain:
        return long_errand(rig)
    words = "".join(LONG.format(number, "Album") for number in range(15))
    return errand(rig, words, pictures=(picture("bruecke"), picture("karte")))


def stops_before(rig: Rig, story: Errand, act: int, *, dies_after_it: bool) -> None:
    """Sent until the act with this number: then the process ends, before it or with its answer unread."""
    keep, acts = story.keep, 0

    def count(so_far: Mapping[str, Any]) -> None:
        nonlocal acts
        acts += 1
        keep(so_far)
        if acts == act and dies_after_it:
            rig.kill_after_publishing()
        elif acts == act:
            raise Killed

    story.keep = count  # type: ignore[method-assign]
    assert story.send() is None
    assert acts == act


def texts(story: Errand) -> list[str]:
    return [story.rendition.text, *story.rendition.more]


@pytest.mark.parametrize(("act", "dies_after_it", "out"), [(1, False, 0), (1, True, 1), (2, False, 1), (2, True, 2)])
@platforms_that(lambda can: can.public_so_far)
def test_an_order_that_ended_half_way_leaves_nothing_when_it_is_withdrawn(
    rig: Rig, act: int, dies_after_it: bool, out: int
) -> None:
    story = in_steps(rig)
    stops_before(rig, story, act, dies_after_it=dies_after_it)
    assert len(shown_in_order(rig, texts(story))) == min(out, len(texts(story)))

    begun = rig.platform.begun(story.order, story.rendition)
    assert len(begun.parts) >= out and bool(begun.parts) == bool(out)
    rig.platform.withdraw(begun)
    assert shown_in_order(rig, texts(story)) == []
