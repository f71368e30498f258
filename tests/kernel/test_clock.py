"""Times as a person says them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ausrufer.kernel.clock import clock_words

EVENING = datetime(2026, 11, 30, 21, 30, tzinfo=UTC)  # 22:30 in Trier


@pytest.mark.parametrize(
    ("later", "words"),
    [(timedelta(minutes=1), "22:31"), (timedelta(hours=2), "1.12. 00:30"), (timedelta(days=32), "1.1. 22:30")],
)
def test_another_day_is_named(later: timedelta, words: str) -> None:
    assert clock_words(EVENING + later, EVENING) == words
