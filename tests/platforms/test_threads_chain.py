"""Long text on Threads: a chain of answers, each of them online once and in order, whatever happens in between."""

from __future__ import annotations

import httpx
import pytest

from ausrufer.adapter.contract import Draft, Video
from ausrufer.platforms.threads import Threads
from tests.platforms.errand import Errand, draft
from tests.platforms.graph import Graph, answered, fields_of, is_publishing
from tests.platforms.rigs import Killed, picture

LONG = " ".join(f"Satz {number} über die gesperrte Römerbrücke und ihre Umleitung." for number in range(20))


def chain(graph: Graph, **facts: object) -> Errand:
    platform = graph.connect()
    return Errand(platform, platform.render(draft(LONG, when_long="chain", **facts)))


def parts(story: Errand) -> list[str]:
    return [story.rendition.text, *story.rendition.more]


def texts(graph: Graph) -> list[str]:
    return [post["text"] for post in graph.posts]


def test_a_long_text_becomes_answers_to_each_other() -> None:
    graph = Graph()
    story = chain(graph, topic="Verkehr & Bau")
    placement = story.send()

    assert placement and len(placement.parts) == len(parts(story)) > 2
    assert texts(graph) == parts(story)
    assert all(len(text.encode()) <= 500 for text in texts(graph))
    above = [fields.get("reply_to_id") for fields in graph.sent()]
    assert above == [None, *(part.id for part in placement.parts[:-1])]
    assert [fields.get("topic_tag") for fields in graph.sent()][:2] == ["Verkehr Bau", None]
    assert story.platform.is_online(placement).online


def test_the_picture_stands_in_the_first_part() -> None:
    graph = Graph()
    story = chain(graph, pictures=(picture("bruecke"),))

    assert story.send()
    assert texts(graph) == parts(story)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_killed_after_a_part_the_next_process_goes_on_behind_it(number: int) -> None:
    published = 0

    def dies(request: httpx.Request) -> httpx.Response | None:
        nonlocal published
        if not is_publishing(request):
            return None
        published += 1
        if published == number:
            graph.publish(fields_of(request))
            raise Killed
        return None

    graph = Graph(dies)
    story = chain(graph)
    assert story.send() is None and story.unclear
    Threads.placed.clear()  # what the killed process knew
    placement = story.platform.find(story.order, story.rendition) or story.send()

    assert texts(graph) == parts(story)
    assert placement and [part.id for part in placement.parts] == [post["id"] for post in graph.posts]


def test_a_refused_part_takes_the_earlier_ones_back_and_the_short_text_goes() -> None:
    def refuses(request: httpx.Request) -> httpx.Response | None:
        return answered("too_long") if "reply_to_id" in fields_of(request) else None

    graph = Graph(refuses)
    story = chain(graph)
    assert story.send() is None
    left = story.platform.begun(story.order, story.rendition)
    assert [part.id for part in left.parts] == [post["id"] for post in graph.posts]
    assert story.send()

    assert story.rendition.wording == "shortened"
    assert texts(graph) == [story.rendition.text]


def test_the_card_shows_the_own_page_when_the_text_was_shortened() -> None:
    graph = Graph()
    wanted: Draft = draft(LONG)
    story = Errand(graph.connect(), graph.connect().render(wanted))
    assert story.send()

    assert graph.sent()[0]["link_attachment"] == wanted.page


def test_pictures_and_videos_share_a_carousel() -> None:
    graph = Graph()
    film = Video(picture("karte").digest, 1080, 1920, 12.0, 1000, "Fahrt über die Brücke")
    platform = graph.connect()
    story = Errand(platform, platform.render(draft(pictures=(picture("bruecke"),), videos=(film,))))
    assert story.send()

    first, second, carousel, _ = graph.sent()
    assert [first["media_type"], second["media_type"], carousel["media_type"]] == ["IMAGE", "VIDEO", "CAROUSEL"]
    assert second["video_url"] and second["alt_text"] == "Fahrt über die Brücke"
