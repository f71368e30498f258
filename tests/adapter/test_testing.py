"""The fake platform does what its words say, so that stories told with it are true."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ausrufer.adapter import registry
from ausrufer.adapter.contract import Draft, Order, Platform
from ausrufer.adapter.errors import Banned, LockedOut, LostClaim, Rejected, TryLater, Unclear
from ausrufer.adapter.http import Http
from ausrufer.adapter.supplies import Supplies
from ausrufer.adapter.testing import FakePlatform, Killed, RecordingKeep
from ausrufer.kernel.clock import utc_now

ORDER = Order("6f1c", utc_now())
TEXT = "Die Brücke ist gesperrt."


@pytest.fixture
def threads() -> Iterator[FakePlatform]:
    fake = FakePlatform("threadsfake", "Threads").register()
    yield fake
    fake.unregister()


def connected(fake: FakePlatform) -> Platform:
    return registry.platform_class(fake.key)(Supplies(Http()), {}, {})


@pytest.mark.parametrize(
    ("words", "error", "copies"),
    [
        ("publish but not answer", Unclear, 1),
        ("not answer", Unclear, 0),
        ("ask for patience for 600 seconds", TryLater, 0),
        ("limit our looks for 600 seconds", TryLater, 0),
        ("process for 2 seconds", TryLater, 0),
        ("be unreachable", TryLater, 0),
        ("refuse as too long", Rejected, 0),
        ("refuse", Rejected, 0),
        ("lock us out", LockedOut, 0),
        ("ban us", Banned, 0),
        ("crash before publishing", RuntimeError, 0),
        ("crash after publishing", RuntimeError, 1),
        ("be killed after publishing", Killed, 1),
    ],
)
def test_words_become_deeds(threads: FakePlatform, words: str, error: type[BaseException], copies: int) -> None:
    threads.will(words)
    platform = connected(threads)
    rendition = platform.render(Draft(TEXT, "https://www.stadt.example/b/7k4q2m"))[0]
    with pytest.raises(error):
        platform.send(ORDER, rendition, RecordingKeep())

    assert threads.timeline == [TEXT] * copies
    assert (platform.find(ORDER, rendition) is not None) == bool(copies)


def test_without_a_script_it_publishes_and_shows(threads: FakePlatform) -> None:
    platform = connected(threads)
    rendition = platform.render(Draft(TEXT, "https://www.stadt.example/b/7k4q2m"))[0]
    placement = platform.send(ORDER, rendition, RecordingKeep())
    threads.will_show("not yet")

    assert [platform.is_online(placement).online for _ in range(2)] == [False, True]
    platform.withdraw(placement)
    assert threads.timeline == []


def test_a_word_nobody_taught_it_stops_the_story(threads: FakePlatform) -> None:
    with pytest.raises(ValueError, match="is none of"):
        threads.will("publsh")


def test_a_lost_claim_publishes_nothing(threads: FakePlatform) -> None:
    keep = RecordingKeep()
    keep.lose_claim()
    platform = connected(threads)
    with pytest.raises(LostClaim):
        platform.send(ORDER, platform.render(Draft(TEXT, "https://www.stadt.example/b/1"))[0], keep)

    assert threads.timeline == []


def test_a_fake_gives_the_real_platforms_place_back() -> None:
    real = FakePlatform("real").register()
    FakePlatform("real").register().unregister()

    assert registry.platform_class("real") is real.platform
    real.unregister()
