"""What is special about Threads: one call for a text, containers for pictures, and Meta's early 'not found'."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest

from ausrufer.adapter.contract import Draft, Part, Placement, Rendition
from ausrufer.adapter.errors import LostClaim, TryLater, Unclear
from ausrufer.adapter.testing import FakeMedia, RecordingKeep
from ausrufer.kernel.clock import utc_now
from tests.platforms.errand import Errand, draft, new_order
from tests.platforms.graph import Graph, answered, fields_of, is_publishing, once, path_of
from tests.platforms.rigs import picture

TEXT = draft("Die Römerbrücke ist gesperrt.")
ONE_PICTURE = draft("Die Römerbrücke ist gesperrt.", pictures=(picture("bruecke"),))
TWO_PICTURES = draft("Die Römerbrücke ist gesperrt.", pictures=(picture("bruecke"), picture("karte")))


def errand(graph: Graph, wanted: Draft) -> Errand:
    platform = graph.connect()
    return Errand(platform, platform.render(wanted))


def attempts(story: Errand, most: int = 100) -> Placement | None:
    """Sends again at once, however long Threads asked to wait, until it is placed, refused or unclear."""
    for _ in range(most):
        placement = story.send()
        if placement or story.unclear or story.refusals:
            return placement
    return None


def test_a_text_is_one_call_and_the_first_look_learns_its_address() -> None:
    graph = Graph()
    story = errand(graph, TEXT)
    placement = story.send()
    assert placement
    seen = story.platform.is_online(placement)

    assert graph.calls == ["POST /me/threads", "GET /ID"]
    assert seen.online and seen.address == graph.posts[0]["permalink"]
    assert graph.sent()[0] == {
        "access_token": "geheim",
        "media_type": "TEXT",
        "auto_publish_text": "true",
        "text": TEXT.text,
    }


def test_a_picture_that_is_ready_at_once_costs_no_waiting() -> None:
    graph = Graph()
    placement = errand(graph, ONE_PICTURE).send()

    assert placement
    assert graph.calls == ["POST /me/threads", "GET /ID", "POST /me/threads_publish"]
    container = graph.sent()[0]
    assert container["media_type"] == "IMAGE"
    assert container["alt_text"] == "Gesperrte Brücke mit rot-weißer Schranke"
    assert urlsplit(container["image_url"]).hostname == "stadt.example"


def test_several_pictures_become_a_carousel_whose_children_have_no_text() -> None:
    graph = Graph()
    assert errand(graph, TWO_PICTURES).send()
    first, second, carousel, published = graph.sent()

    assert (first["is_carousel_item"], second["is_carousel_item"]) == ("true", "true")
    assert "text" not in first | second
    descriptions = ["Gesperrte Brücke mit rot-weißer Schranke", "Karte der Umleitung"]
    assert [first["alt_text"], second["alt_text"]] == descriptions
    assert (carousel["media_type"], carousel["text"]) == ("CAROUSEL", TWO_PICTURES.text)
    assert len(carousel["children"].split(",")) == 2
    assert published.keys() == {"access_token", "creation_id"}


@pytest.mark.parametrize("number", [20, 21])
def test_a_carousel_has_twenty_children_at_most_and_the_rest_is_linked(number: int) -> None:
    graph = Graph()
    story = errand(graph, draft("Die Römerbrücke ist gesperrt.", pictures=(picture("karte"),) * number))
    assert attempts(story)

    carousel = next(each for each in graph.sent() if each.get("media_type") == "CAROUSEL")
    assert len(carousel["children"].split(",")) == 20
    assert (story.rendition.page in carousel["text"]) == (number > 20)


def test_pictures_in_the_works_are_looked_at_more_and_more_seldom() -> None:
    graph = Graph(statuses=["IN_PROGRESS"] * 7)
    story = errand(graph, ONE_PICTURE)
    attempts(story)

    assert story.waits == [1, 1, 2, 3, 5, 10, 10]
    assert graph.calls.count("POST /me/threads") == 1
    assert len(graph.posts) == 1


def test_after_five_minutes_of_processing_the_text_goes_with_the_link() -> None:
    graph = Graph(statuses=["IN_PROGRESS"] * 100)
    story = errand(graph, ONE_PICTURE)
    attempts(story)
    assert story.refusals == ["Threads wurde nicht rechtzeitig fertig."]
    assert 300 <= sum(story.waits) <= 310

    assert story.send()
    assert [post["text"] for post in graph.posts] == [f"{ONE_PICTURE.text}\n{ONE_PICTURE.page}"]


@pytest.mark.parametrize("status", ["ERROR", "EXPIRED"])
def test_a_container_that_failed_leaves_the_text_and_a_clean_start(status: str) -> None:
    graph = Graph(statuses=[status])
    story = errand(graph, ONE_PICTURE)
    assert story.send() is None

    assert story.refusals == ["Threads konnte die Bilder nicht verarbeiten."]
    assert story.order.so_far == {}
    assert story.send()
    assert graph.posts[0]["text"].endswith(ONE_PICTURE.page)


def test_published_too_early_the_same_container_is_tried_again() -> None:
    graph = Graph(once(is_publishing, *["media_not_found"] * 3))
    story = errand(graph, ONE_PICTURE)
    attempts(story)

    assert story.waits == [2, 5, 10]
    assert graph.calls.count("POST /me/threads") == 1
    assert len(graph.posts) == 1


def test_a_container_never_found_is_made_anew_and_after_three_the_text_goes() -> None:
    graph = Graph(lambda request: answered("media_not_found") if path_of(request) == "/me/threads_publish" else None)
    story = errand(graph, ONE_PICTURE)
    attempts(story)

    assert story.waits == [2, 5, 10, 20] * 3
    assert graph.calls.count("POST /me/threads") == 4
    assert story.refusals == ["Threads nimmt die Bilder nicht an."]
    assert story.send() and len(graph.posts) == 1


def test_a_child_that_is_not_ready_is_not_created_again() -> None:
    graph = Graph(once(lambda request: "children" in fields_of(request), "child_not_ready"))
    story = errand(graph, TWO_PICTURES)
    attempts(story)

    assert story.waits == [1]
    assert [fields.get("is_carousel_item") for fields in graph.sent()] == ["true", "true", None, None, None]
    assert len(graph.posts) == 1


def test_the_picture_is_not_repeated_when_the_container_says_it_is_published() -> None:
    graph = Graph()
    graph.publish({"text": ONE_PICTURE.text})
    graph.containers["17"] = {}
    graph.statuses = ["PUBLISHED"]
    story = errand(graph, ONE_PICTURE)
    story.order = replace(story.order, so_far={"container": "17"})

    assert story.send() == Placement((Part(graph.posts[0]["id"], graph.posts[0]["permalink"]),))
    assert len(graph.posts) == 1


def test_published_but_not_yet_listed_is_never_sent_again() -> None:
    graph = Graph(containers={"17": {}}, statuses=["PUBLISHED", "PUBLISHED"])
    platform, order = graph.connect(), replace(new_order(), so_far={"container": "17"})
    rendition = platform.render(ONE_PICTURE)[0]
    with pytest.raises(Unclear):
        platform.send(order, rendition, RecordingKeep())
    with pytest.raises(TryLater):
        platform.find(order, rendition)

    assert graph.sent() == []


def test_a_container_that_still_waits_proves_that_nothing_is_out() -> None:
    graph = Graph(containers={"17": {}})
    graph.publish({"text": ONE_PICTURE.text})  # somebody else's, with the same words
    platform, order = graph.connect(), replace(new_order(), so_far={"container": "17"})

    assert platform.find(order, platform.render(ONE_PICTURE)[0]) is None


def test_what_must_not_be_repeated_is_kept_before() -> None:
    graph, keep = Graph(), RecordingKeep()
    platform = graph.connect()
    keep.lose_claim()
    with pytest.raises(LostClaim):
        platform.send(new_order(), platform.render(TWO_PICTURES)[0], keep)

    assert "POST /me/threads_publish" not in graph.calls


def lost(graph: Graph, since: timedelta = timedelta(0), text: str = TEXT.text) -> Placement | None:
    """What is found for an order that was released `since` ago."""
    platform = graph.connect()
    order = replace(new_order(), released_at=utc_now() - since)
    return platform.find(order, Rendition(text))


def test_a_lost_post_is_known_by_its_words_and_its_time() -> None:
    graph = Graph()
    graph.publish({"text": "Etwas anderes."})
    graph.publish({"text": TEXT.text})

    assert lost(graph) == Placement((Part(graph.posts[1]["id"], graph.posts[1]["permalink"]),))


def test_the_same_words_from_before_the_release_are_another_post() -> None:
    graph = Graph()
    graph.publish({"text": TEXT.text}, at=utc_now() - timedelta(seconds=30))

    assert lost(graph) is None
    assert lost(graph, since=timedelta(minutes=1)) is not None


def test_a_clock_of_metas_that_is_behind_hides_nothing() -> None:
    behind = utc_now() - timedelta(minutes=3)
    graph = Graph()
    graph.publish({"text": TEXT.text}, at=behind)
    date = {"Date": behind.strftime("%a, %d %b %Y %H:%M:%S GMT")}
    graph.special = lambda request: httpx.Response(200, json={"data": graph.posts}, headers=date)

    assert lost(graph) is not None


def test_the_same_words_twice_within_a_second_are_told_apart_where_we_published_both() -> None:
    graph = Graph()
    first, second = errand(graph, TEXT), errand(graph, TEXT)
    assert first.send()
    second.dies_before_acting = True
    second.send()

    assert second.platform.find(second.order, second.rendition) is None
    assert first.platform.find(first.order, first.rendition) is not None


def test_words_that_meta_has_already_are_looked_for_and_then_go_shorter() -> None:
    long = draft("Die Straße bleibt gesperrt. " * 17)
    graph = Graph(once(is_publishing, "duplicate", "duplicate"))
    story = errand(graph, long)
    assert story.send() is None and story.unclear
    assert story.platform.find(story.order, story.rendition) is None
    story.unclear = False

    assert story.send() is None
    assert story.refusals == ["Threads hält den Beitrag für eine Wiederholung."]
    assert story.send() and graph.posts[0]["text"].endswith(long.page)


def test_a_text_refused_as_too_long_although_counted_right_goes_out_clearly_shorter() -> None:
    long = draft("Die Straße bleibt gesperrt. " * 16)
    graph = Graph(once(is_publishing, "too_long"))
    story = errand(graph, long)
    assert story.send() is None
    assert story.send()

    assert story.refusals == ["Threads findet den Text zu lang."]
    assert len(graph.posts[0]["text"].encode()) <= 400
    assert graph.posts[0]["text"].endswith(long.page)


def test_a_correction_answers_the_post_it_corrects_and_is_looked_for_among_the_answers() -> None:
    graph = Graph()
    order = replace(new_order(), reply_to=Placement((Part("55"),)))
    platform = graph.connect()
    platform.send(order, platform.render(TEXT)[0], RecordingKeep())
    assert graph.sent()[0]["reply_to_id"] == "55"

    assert platform.find(order, platform.render(TEXT)[0])
    assert graph.calls[-1] == "GET /me/replies"


class EmptiedMedia(FakeMedia):
    def public_url(self, digest: str) -> str:
        raise FileNotFoundError(digest)


@pytest.mark.parametrize("stored", [EmptiedMedia(), None])
def test_a_picture_that_cannot_be_shown_to_meta_is_a_reason_for_the_text(stored: FakeMedia | None) -> None:
    platform = Graph().connect()
    platform.supplies = replace(platform.supplies, media=stored)
    story = Errand(platform, platform.render(ONE_PICTURE))

    assert story.send() is None
    assert story.send() and story.rendition.wording == "text_only"


def test_withdrawing_deletes_and_what_is_gone_stays_gone() -> None:
    graph = Graph()
    story = errand(graph, TEXT)
    placement = story.send()
    assert placement
    story.platform.withdraw(placement)

    assert not story.platform.is_online(placement).online


def test_the_days_quota_is_read_from_threads() -> None:
    entry = {"quota_usage": 4, "config": {"quota_total": 250, "quota_duration": 86400}}
    graph = Graph(lambda request: httpx.Response(200, json={"data": [entry]}))

    assert graph.connect().read_limits() == {"posts_used": 4, "posts_a_day": 250}


def test_umlauts_and_quotes_count_by_their_bytes_whichever_way_they_were_typed() -> None:
    composed, decomposed = "Größe „x“", "Gro\u0308ße „x“"
    platform = Graph().connect()

    assert platform.render(draft(composed))[0].count == len(platform.render(draft(composed))[0].text.encode())
    assert platform.render(draft(decomposed))[0].count == platform.render(draft(composed))[0].count
    assert platform.render(draft("x" * 600))[0].limit == 500
    assert Graph().connect(max_text=1000).render(draft("x" * 600))[0].wording == "whole"
