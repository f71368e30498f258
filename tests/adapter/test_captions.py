"""Captions in SubRip, and how long a film waits for them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ausrufer.adapter.captions import PATIENCE, as_srt, is_left_out, unless_refused
from ausrufer.adapter.errors import LockedOut, Rejected, TryLater
from ausrufer.media.captions import clean_captions

PAIRS = sorted((Path(__file__).with_name("captions")).glob("*.vtt"))


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.stem)
def test_what_is_stored_becomes_subrip(path: Path) -> None:
    stored = path.read_text()
    assert clean_captions(stored.encode(), path.name) == stored  # such a file can be in the store
    assert as_srt(stored) == path.with_suffix(".srt").read_text()


def failing(trouble: Exception) -> Callable[[], None]:
    def bring() -> None:
        raise trouble

    return bring


def test_refused_captions_are_not_brought_again() -> None:
    so_far: dict[str, Any] = {}
    unless_refused(so_far, "de", failing(Rejected("Nein.")))
    unless_refused(so_far, "de", failing(AssertionError("brought again")))

    assert is_left_out(so_far, "de")
    assert not is_left_out(so_far, "en")


def test_captions_that_do_not_get_through_keep_a_film_waiting_for_a_minute() -> None:
    so_far: dict[str, Any] = {}
    busy = failing(TryLater("Bitte später.", seconds=5))
    with pytest.raises(TryLater):
        unless_refused(so_far, "de", busy)
    so_far["captions_since"] -= PATIENCE
    unless_refused(so_far, "de", busy)

    assert is_left_out(so_far, "de")


def test_lost_access_is_no_matter_of_captions() -> None:
    with pytest.raises(LockedOut):
        unless_refused({}, "de", failing(LockedOut("Zu.")))
