"""Threads knows no idempotency key: a doubt is looked up, and a bad picture never keeps a text waiting."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from ausrufer.adapter.contract import Picture, Placement
from ausrufer.adapter.errors import TryLater, Unclear
from ausrufer.adapter.testing import FakeMedia, RecordingKeep
from tests.platforms.errand import Errand, draft, new_order
from tests.platforms.graph import Graph, answered, fields_of, path_of
from tests.platforms.rigs import Rig, picture
from tests.platforms.rigs.threads import ThreadsRig

BOTH = (picture("bruecke"), picture("karte"))


@pytest.fixture
def threads(rigs: dict[str, Rig]) -> ThreadsRig:
    """The stand-in as a real process, empty and calm."""
    rig = rigs["threads"]
    assert isinstance(rig, ThreadsRig)
    rig.standin.calm(posts=True)
    return rig


def errand(rig: ThreadsRig, pictures: tuple[Picture, ...] = ()) -> Errand:
    return Errand(rig.platform, rig.platform.render(draft(pictures=pictures)))


def searched_twice(story: Errand) -> Placement | None:
    """As the core does before it sends again, without its waiting."""
    found = story.platform.find(story.order, story.rendition) or story.platform.find(story.order, story.rendition)
    story.unclear = False
    return found


def finished(story: Errand) -> Placement:
    """However long Threads would like us to wait."""
    for _ in range(40):
        if placement := searched_twice(story) if story.unclear else story.send():
            return placement
    raise AssertionError(f"never placed: {story}")


@pytest.mark.parametrize(
    "fault", ["timeout_before", "timeout_after", "http_500", "html_502", "garbage", "cut", "redirect", "huge"]
)
@pytest.mark.parametrize("pictures", [(), BOTH[:1], BOTH], ids=["text", "one picture", "two"])
def test_after_any_broken_answer_one_copy_is_online(
    threads: ThreadsRig, fault: str, pictures: tuple[Picture, ...]
) -> None:
    threads.standin.fault(fault)
    story = errand(threads, pictures)
    assert story.send() is None
    assert story.unclear
    finished(story)

    assert (threads.timeline(), story.rank) == ([story.rendition.text], 0)


def test_fifty_lost_answers_leave_fifty_posts(threads: ThreadsRig) -> None:
    stories = [errand(threads, BOTH[:1] if number % 2 else ()) for number in range(50)]
    for story in stories:
        threads.lose_the_next_answer()
        finished(story)

    assert threads.timeline() == [story.rendition.text for story in stories]


def test_a_text_that_shows_only_after_both_searches_is_not_sent_twice(threads: ThreadsRig) -> None:
    threads.standin.set(shown_after=3600)
    threads.lose_the_next_answer()
    story = errand(threads)
    story.send()
    assert searched_twice(story) is None
    threads.standin.set(shown_after=0)

    assert story.send()
    assert threads.timeline() == [story.rendition.text]


def test_a_limit_on_the_last_search_is_waited_for_and_the_search_not_forgotten(threads: ThreadsRig) -> None:
    threads.lose_the_next_answer()
    story = errand(threads)
    story.send()
    for _ in range(2):
        threads.standin.fault("rate_limit", match="read")
        assert story.send() is None
        assert story.waits[-1] == 600

    assert story.send()
    assert threads.timeline() == [story.rendition.text]


def test_an_odd_answer_to_a_search_refuses_no_post() -> None:
    """Refused, the next rendition would follow, and the first is out already."""

    def odd(request: httpx.Request) -> httpx.Response | None:
        return answered("no_status_any_more") if path_of(request) == "/me/threads" else None

    graph = Graph(odd, containers={"17": {}}, statuses=["PUBLISHED"] * 3)
    platform, order = graph.connect(), replace(new_order(), so_far={"container": "17"})
    rendition = platform.render(draft(pictures=BOTH[:1]))[0]
    with pytest.raises((TryLater, Unclear)):
        platform.send(order, rendition, RecordingKeep())
    with pytest.raises(TryLater):
        platform.find(order, rendition)


@pytest.mark.parametrize("when", ["at_once", "later"])
@pytest.mark.parametrize("pictures", [BOTH[:1], BOTH], ids=["one picture", "two"])
def test_pictures_that_cannot_be_fetched_cost_the_text_no_time(
    threads: ThreadsRig, pictures: tuple[Picture, ...], when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = threads.platform.supplies.media
    assert isinstance(stored, FakeMedia)
    monkeypatch.setattr(stored, "base", "http://127.0.0.1:1/media")
    threads.standin.set(pictures_fail=when)
    story = errand(threads, pictures)
    finished(story)

    assert (len(story.refusals), story.waits) == (1, [])
    assert (story.rendition.wording, threads.timeline()) == ("text_only", [story.rendition.text])
    assert story.rendition.page in story.rendition.text


def test_the_pictures_of_a_carousel_are_waited_for_like_a_single_one() -> None:
    graph = Graph(statuses=["FINISHED"] + ["IN_PROGRESS"] * 6)
    platform = graph.connect()
    story = Errand(platform, platform.render(draft(pictures=BOTH)))
    while story.send() is None:
        assert len(story.waits) < 10

    assert story.waits == [1, 1, 2, 3, 5, 10]
    kinds = [fields.get("is_carousel_item", fields.get("media_type")) for fields in graph.sent()]
    assert kinds == ["true", "true", "CAROUSEL", None]  # nothing is made twice
    assert [fields_of(each).get("fields") for each in graph.requests].count("status,error_message") == 9


@pytest.mark.parametrize("pictures", [(), BOTH], ids=["text", "pictures"])
def test_when_the_day_is_used_up_it_waits_and_costs_no_attempt(
    threads: ThreadsRig, pictures: tuple[Picture, ...]
) -> None:
    threads.standin.set(posts=0)
    story = errand(threads, pictures)
    assert story.send() is None
    assert (story.waits, story.refusals, story.rank) == ([300], [], 0)

    threads.standin.calm()
    finished(story)
    assert threads.timeline() == [story.rendition.text]


def test_a_fresh_container_that_is_not_found_is_published_once_in_the_end(threads: ThreadsRig) -> None:
    threads.standin.set(race=1.0)
    story = errand(threads, BOTH[:1])
    assert [story.send() for _ in range(4)] == [None] * 4
    assert story.waits == [2, 5, 10, 20]
    threads.standin.set(race=0.0)
    finished(story)

    assert len(threads.standin.posts()[0]["images"]) == 1
    assert threads.timeline() == [story.rendition.text]
