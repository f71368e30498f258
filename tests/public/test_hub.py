"""Who gets which event: the hub alone, with readers that only remember."""

from __future__ import annotations

import re

from ausrufer.public.stream.hub import KEPT, MAX_BACKLOG, Event, Hub, Wish


class Dora:
    """A citizen with the page open."""

    def __init__(self, **wish: object) -> None:
        self.wish = Wish(**wish)  # type: ignore[arg-type]
        self.got = b""
        self.waiting = 0
        self.is_gone = False

    def backlog(self) -> int:
        return self.waiting

    def write(self, data: bytes) -> None:
        self.got += data

    def drop(self) -> None:
        self.is_gone = True

    @property
    def posts(self) -> list[str]:
        return re.findall(r"data: (\w+)\n", self.got.decode())


def event(number: int, topic: str = "roadworks") -> Event:
    return Event.made(number, "post", f"p{number}", topic, f"p{number}")


def hub_with(*numbers: int) -> Hub:
    hub = Hub()
    hub.begin([event(number) for number in numbers])
    return hub


def test_whoever_is_there_gets_it_once() -> None:
    hub, dora = hub_with(), Dora()
    hub.join(dora)
    hub.tell(event(1))
    hub.tell(event(1))
    assert dora.posts == ["p1"]


def test_whoever_comes_back_gets_what_was_missed() -> None:
    hub, dora = hub_with(1, 2, 3), Dora(last_event=1)
    hub.join(dora)
    assert dora.posts == ["p2", "p3"]


def test_a_post_published_between_page_and_stream_is_not_missed() -> None:
    hub, dora = hub_with(1, 2, 3), Dora(post="p2")
    hub.join(dora)
    assert dora.posts == ["p3"]


def test_with_a_page_older_than_all_that_is_kept_everything_kept_comes() -> None:
    hub, dora = hub_with(1, 2), Dora(post="uralt")
    hub.join(dora)
    assert dora.posts == ["p1", "p2"]


def test_whoever_heard_nothing_yet_still_knows_from_where_to_come_back() -> None:
    hub, dora = hub_with(1, 2), Dora(post="p2")
    hub.join(dora)
    assert "id: 2\n" in dora.got.decode()
    assert dora.posts == []


def test_a_topics_page_gets_its_topic_only() -> None:
    hub, dora = hub_with(), Dora(topic="council")
    hub.join(dora)
    hub.tell(event(1, "roadworks"))
    hub.tell(event(2, "council"))
    assert dora.posts == ["p2"]


def test_readers_come_back_each_after_a_pause_of_their_own() -> None:
    hub = hub_with()
    pauses = set()
    for _ in range(40):
        dora = Dora()
        hub.join(dora)
        [pause] = re.findall(r"retry: (\d+)\n", dora.got.decode())
        assert 1000 <= int(pause) <= 15_000
        pauses.add(pause)
    assert len(pauses) > 30


def test_a_reader_that_takes_nothing_is_let_go_and_the_others_go_on() -> None:
    hub, slow, dora = hub_with(), Dora(), Dora()
    hub.join(slow)
    hub.join(dora)
    slow.waiting = MAX_BACKLOG + 1
    hub.tell(event(1))
    assert slow.is_gone and slow.posts == []
    assert dora.posts == ["p1"]
    assert hub.readers == {dora}


def test_a_hub_started_anew_catches_up_for_readers_that_were_faster_than_its_database() -> None:
    hub, dora = Hub(), Dora(last_event=1)
    hub.join(dora)
    assert dora.posts == []
    hub.begin([event(1), event(2)])
    assert dora.posts == ["p2"]


def test_only_the_latest_are_kept() -> None:
    hub = hub_with(*range(1, KEPT + 20))
    assert len(hub.events) == KEPT


def test_no_line_of_a_fragment_becomes_a_field_of_its_own() -> None:
    made = Event.made(7, "post", "p7", "", "eins\nid: 99\r\nevent: gone\rdata: x\u2028ende")
    lines = made.data.decode().split("\n")
    assert lines[:2] == ["id: 7", "event: post"]
    assert all(line.startswith("data: ") for line in lines[2:-2])
