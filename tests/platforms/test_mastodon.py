"""What is special about Mastodon, against a small instance in memory whose answers have the documented shapes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from ausrufer.adapter.contract import Draft, Part, Placement, Video
from ausrufer.adapter.errors import Holds, LockedOut, TryLater
from ausrufer.adapter.http import Http
from ausrufer.adapter.supplies import Supplies
from ausrufer.adapter.testing import RecordingKeep
from ausrufer.kernel.clock import utc_now
from ausrufer.platforms.mastodon import Mastodon
from ausrufer.platforms.mastodon.text import measured, plain, same_text
from tests.platforms.errand import Errand, draft, new_order
from tests.platforms.rigs import media, picture

MEDIA = Path(__file__).with_name("answers") / "mastodon" / "media"
Special = Callable[[httpx.Request], httpx.Response | None]


def recorded(name: str) -> httpx.Response:
    """What an instance says of something uploaded (sheet, sections 4 and 8)."""
    stored = json.loads((MEDIA / f"{name}.json").read_text())
    return httpx.Response(stored["status"], json=stored["body"])


@dataclass
class Instance:
    """Remembers what it was sent; `special` answers first, when a story wants something else."""

    special: Special = lambda request: None
    requests: list[httpx.Request] = field(default_factory=list)
    posts: list[dict[str, Any]] = field(default_factory=list)
    clock: datetime = field(default_factory=utc_now)

    def connect(self, **limits: Any) -> Mastodon:
        supplies = Supplies(http=Http(transport=httpx.MockTransport(self.answer)), media=media())
        return Mastodon(supplies, {"instance": "https://social.example/"}, {"access_token": "geheim"}, limits)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        path = request.url.path
        if special := self.special(request):
            return special
        if path.endswith("verify_credentials"):
            return httpx.Response(200, json={"id": "7"})
        if path == "/api/v1/accounts/7/statuses":
            return httpx.Response(200, json=self.posts[::-1])
        if path == "/api/v2/media":
            return httpx.Response(200, json={"id": f"m{len(self.requests)}"})
        if path.startswith("/api/v1/media/"):
            return httpx.Response(200, json={"id": path.rsplit("/", 1)[1]})
        if request.method == "POST" and path == "/api/v1/statuses":
            return httpx.Response(200, json=self.publish(dict(httpx.QueryParams(request.content.decode()))["status"]))
        found = [post for post in self.posts if path in (f"/api/v1/statuses/{post['id']}", f"/@stadt/{post['id']}")]
        return httpx.Response(200, json=found[0]) if found else httpx.Response(404, json={"error": "Record not found"})

    def publish(self, text: str) -> dict[str, Any]:
        number = str(100 + len(self.posts))
        post = {"id": number, "url": f"https://social.example/@stadt/{number}", "content": f"<p>{text}</p>"}
        self.posts.append(post | {"visibility": "public", "created_at": self.clock.isoformat()})
        return self.posts[-1]

    def sent(self, path: str) -> list[httpx.Request]:
        return [request for request in self.requests if request.url.path == path and request.method == "POST"]


def test_counting_follows_mastodons_rules() -> None:
    assert measured("Größe 👨‍👩‍👧‍👦🇩🇪") == 8
    assert measured("https://www.stadt.example/" + "a" * 200) == 23
    assert measured("www.stadt.example/" + "a" * 82) == 100  # without a scheme it is counted literally
    assert measured("@dora@social.example grüßt") == len("@dora grüßt")
    assert measured("dora@stadt.example") == 18  # an e-mail address mentions nobody


def test_an_instances_html_becomes_the_text_again() -> None:
    html = (
        '<p>Gr&uuml;&szlig;e &amp; &lt;b&gt;<br />an <span class="h-card"><a href="https://s.example/@dora">@<span>dora'
        '</span></a></span></p><p><a href="https://stadt.example/lang"><span class="invisible">https://</span><span '
        'class="ellipsis">stadt.example/</span><span class="invisible">lang</span></a> <a>#<span>Trier</span></a></p>'
    )
    sent = "Grüße & <b>\nan @dora@s.example\n\nhttps://stadt.example/lang #Trier"

    assert same_text(sent, plain(html))
    assert not same_text(sent, plain(html.replace("Trier", "Konz")))


def test_an_instance_with_room_gets_the_whole_text() -> None:
    long = Draft("Die Straße bleibt gesperrt. " * 60, "https://www.stadt.example/b/7k4q2m")

    assert Instance().connect(max_text=5000).render(long)[0].wording == "whole"
    assert Instance().connect(max_text=5000).render(long)[-1].count <= 500  # however it is counted in truth


def test_a_film_larger_than_the_instance_takes_stays_on_our_page() -> None:
    film = Video("ab" * 32, 1280, 720, 60.0, 60_000_000, "Der Wasserstand")
    wanted, pictures = draft(videos=(film,)), (picture("bruecke"),)

    assert Instance().connect().render(wanted)[0].videos == (film,)
    shown = Instance().connect(max_video=50_000_000).render(wanted)[0]
    assert (shown.videos, wanted.page in shown.text) == ((), True)
    instead = Instance().connect(max_video=50_000_000).render(replace(wanted, pictures=pictures))[0]
    assert (instead.pictures, wanted.page in instead.text) == (pictures, True)


def test_language_and_key_are_always_sent_and_differ_for_a_fallback() -> None:
    instance = Instance()
    platform, order = instance.connect(), new_order()
    for rendition in platform.render(draft(language="lb", pictures=(picture("karte"),))):
        platform.send(order, rendition, RecordingKeep())
    sent = instance.sent("/api/v1/statuses")

    assert all("language=lb" in request.content.decode() for request in sent)
    assert len({request.headers["Idempotency-Key"] for request in sent}) == len(sent) == 2


def test_a_content_warning_stands_in_front_of_every_part_and_counts_in_each() -> None:
    instance = Instance()
    platform = instance.connect()
    story = Errand(platform, platform.render(draft("Ein Bild vom Unfall. " * 60, warning="Unfall", when_long="chain")))
    story.carry_out()
    sent = [dict(httpx.QueryParams(each.content.decode())) for each in instance.sent("/api/v1/statuses")]

    assert len(sent) > 2
    assert {each["spoiler_text"] for each in sent} == {"Unfall"}
    assert all(measured(each["status"]) + len("Unfall") <= 500 for each in sent)


def test_a_correction_answers_the_post_it_corrects() -> None:
    instance = Instance()
    order = replace(new_order(), reply_to=Placement((Part("55"),)))
    instance.connect().send(order, instance.connect().render(draft())[0], RecordingKeep())

    assert "in_reply_to_id=55" in instance.sent("/api/v1/statuses")[0].content.decode()


def test_a_picture_still_in_processing_is_waited_for_and_not_sent_twice() -> None:
    processing = iter([206, 200])

    def slow(request: httpx.Request) -> httpx.Response | None:
        if request.url.path == "/api/v2/media":
            return httpx.Response(202, json={"id": "m1", "url": None})
        if request.url.path == "/api/v1/media/m1":
            return httpx.Response(next(processing), json={"id": "m1"})
        return None

    instance = Instance(slow)
    platform = instance.connect()
    story = Errand(platform, platform.render(draft(pictures=(picture("bruecke"),))))
    story.carry_out()

    assert story.waits == [2.0, 2.0]
    assert len(instance.sent("/api/v2/media")) == 1
    assert "media_ids%5B%5D=m1" in instance.sent("/api/v1/statuses")[0].content.decode()


def test_after_five_minutes_of_processing_the_text_goes_with_the_link() -> None:
    def slow(request: httpx.Request) -> httpx.Response | None:
        if request.url.path == "/api/v2/media":
            return httpx.Response(202, json={"id": "m1", "url": None})
        return recorded("in_work") if request.url.path == "/api/v1/media/m1" else None

    instance = Instance(slow)
    platform = instance.connect()
    story = Errand(platform, platform.render(draft(pictures=(picture("bruecke"),))))
    assert story.send() is None
    five_minutes_ago = story.order.so_far["processing_since"] - 301
    story.order = replace(story.order, so_far={**story.order.so_far, "processing_since": five_minutes_ago})
    assert story.send() is None
    assert story.refusals == ["Mastodon verarbeitet den Beitrag seit über fünf Minuten."]

    assert story.send()
    assert [plain(post["content"]) for post in instance.posts] == [story.rendition.text]
    assert (story.rendition.wording, story.rendition.page in story.rendition.text) == ("text_only", True)


def test_a_film_the_instance_could_not_process_leaves_text_and_link() -> None:
    def fails(request: httpx.Request) -> httpx.Response | None:
        if request.url.path == "/api/v2/media":
            return httpx.Response(202, json={"id": "m1", "url": None})
        return recorded("not_processed") if request.url.path == "/api/v1/media/m1" else None

    platform = Instance(fails).connect()
    story = Errand(platform, platform.render(draft(pictures=(picture("bruecke"),))))
    assert story.send() is None
    assert story.send() is None
    assert story.refusals == ["Mastodon kann das Bild nicht verarbeiten."]
    assert story.send() and story.rendition.wording == "text_only"


def test_the_description_travels_with_the_picture() -> None:
    instance = Instance()
    platform = instance.connect()
    Errand(platform, platform.render(draft(pictures=(picture("bruecke"),)))).carry_out()

    assert "Gesperrte Brücke mit rot-weißer Schranke" in instance.sent("/api/v2/media")[0].content.decode(
        "utf-8", "replace"
    )


def test_a_picture_the_instance_has_forgotten_is_sent_again() -> None:
    def forgetful(request: httpx.Request) -> httpx.Response | None:
        return recorded("forgotten") if request.url.path == "/api/v1/media/alt" else None

    instance = Instance(forgetful)
    platform, keep = instance.connect(), RecordingKeep()
    bridge = picture("bruecke")
    order = replace(new_order(), so_far={"before": [], "media": {bridge.digest: "alt"}})
    platform.send(order, platform.render(draft(pictures=(bridge,)))[0], keep)

    assert keep.kept[0]["media"][bridge.digest] != "alt"
    assert len(instance.sent("/api/v2/media")) == 1


def test_a_limit_on_uploads_does_not_hold_posts_without_pictures() -> None:
    reset = (utc_now() + timedelta(seconds=900)).isoformat()

    def limited(request: httpx.Request) -> httpx.Response | None:
        is_upload = request.url.path == "/api/v2/media"
        return httpx.Response(429, json={"error": "x"}, headers={"X-RateLimit-Reset": reset}) if is_upload else None

    platform = Instance(limited).connect()
    with pytest.raises(TryLater) as trouble:
        platform.send(new_order(), platform.render(draft(pictures=(picture("karte"),)))[0], RecordingKeep())

    assert trouble.value.holds == Holds.DELIVERY
    assert 890 <= trouble.value.seconds <= 900
    assert trouble.value.so_far and "before" in trouble.value.so_far


def test_a_wrong_clock_of_the_instance_does_not_lengthen_the_wait() -> None:
    headers = {"X-RateLimit-Reset": "2031-01-01T00:05:00.000000Z", "Date": "Wed, 01 Jan 2031 00:00:00 GMT"}
    busy = Instance(lambda request: httpx.Response(429, json={"error": "x"}, headers=headers))
    with pytest.raises(TryLater) as trouble:
        busy.connect().is_online(Placement((Part("1"),)))

    assert (trouble.value.seconds, trouble.value.holds) == (300, Holds.READING)


def test_an_identical_post_is_told_apart_by_what_was_there_before() -> None:
    instance = Instance()
    platform = instance.connect()
    market = draft("Heute ist Wochenmarkt.")
    instance.publish(market.text)
    story = Errand(platform, platform.render(market))
    story.dies_before_acting = True
    story.send()
    assert story.find() is None

    newer = instance.publish(market.text)
    found = platform.find(story.order, story.rendition)
    assert found and found.parts[0].id == newer["id"]


def test_a_post_from_last_week_is_not_ours_even_when_the_list_of_what_was_there_is_gone() -> None:
    instance = Instance(clock=utc_now() - timedelta(days=7))
    platform = instance.connect()
    market = draft("Heute ist Wochenmarkt.")
    instance.publish(market.text)

    assert platform.find(replace(new_order(), so_far={"before": ["gelöscht"]}), platform.render(market)[0]) is None


def published(instance: Instance) -> Placement:
    post = instance.publish("Die Brücke ist gesperrt.")
    return Placement((Part(post["id"], post["url"]),))


def test_a_reader_looks_without_our_token() -> None:
    instance = Instance()
    seen = instance.connect().is_online(published(instance))

    assert (seen.online, seen.confirmed_by) == (True, "page")
    assert not any("Authorization" in request.headers for request in instance.requests)


def test_an_instance_for_members_only_is_believed_through_its_interface() -> None:
    def members_only(request: httpx.Request) -> httpx.Response | None:
        return None if "Authorization" in request.headers else httpx.Response(401, json={"error": "x"})

    instance = Instance(members_only)
    seen = instance.connect().is_online(published(instance))

    assert (seen.online, seen.confirmed_by) == (True, "api")


def test_a_post_only_followers_see_is_not_online() -> None:
    instance = Instance()
    placement = published(instance)
    instance.posts[0]["visibility"] = "private"
    seen = instance.connect().is_online(placement)

    assert not seen.online
    assert seen.sentence == "Auf Mastodon ist der Beitrag nicht öffentlich."


def test_an_address_where_no_mastodon_lives_holds_the_channel_and_blames_no_text() -> None:
    def something_else(request: httpx.Request) -> httpx.Response | None:
        return httpx.Response(404, html="<h1>Not found</h1>") if request.method == "POST" else None

    platform = Instance(something_else).connect()
    with pytest.raises(LockedOut, match="antwortet kein Mastodon"):
        platform.send(new_order(), platform.render(draft())[0], RecordingKeep())


@pytest.mark.parametrize("status", [404, 405, 410])
def test_a_check_says_that_no_mastodon_lives_there(status: int) -> None:
    elsewhere = Instance(lambda request: httpx.Response(status, html="<h1>Not found</h1>")).connect()
    with pytest.raises(LockedOut, match="Unter der eingetragenen Adresse antwortet kein Mastodon"):
        elsewhere.profile()


def test_limits_are_read_from_the_instance() -> None:
    configuration = {
        "statuses": {"max_characters": 1000, "max_media_attachments": 6, "characters_reserved_per_url": 30},
        "media_attachments": {"description_limit": 10_000, "video_size_limit": 99_000_000},
    }
    answer = {"version": "4.6.1", "configuration": configuration}
    new = Instance(lambda request: httpx.Response(200, json=answer)).connect().read_limits()

    def older(request: httpx.Request) -> httpx.Response | None:
        return httpx.Response(200, json=answer) if re.search("/v1/instance", str(request.url)) else None

    stated = {"max_text": 1000, "max_pictures": 6, "max_alt": 10_000, "max_video": 99_000_000, "link_length": 30}
    assert new == stated | {"version": "4.6.1"}
    assert Instance(older).connect().read_limits() == new


@pytest.mark.parametrize(
    ("made", "deleted"),
    [
        ({"id": "9", "scheduled_at": "2026-11-26T10:00:00Z"}, "/api/v1/scheduled_statuses/9"),
        ({"id": "9", "uri": "https://social.example/9"}, "/api/v1/statuses/9"),  # a server that knows no schedule
    ],
)
def test_a_rehearsal_is_for_ourselves_alone_and_deleted(made: dict[str, str], deleted: str) -> None:
    instance = Instance(special=lambda request: httpx.Response(200, json=made))
    instance.connect().rehearse()
    asked, taken_back = instance.requests
    assert "visibility=direct" in asked.content.decode() and "scheduled_at=" in asked.content.decode()
    assert (taken_back.method, taken_back.url.path) == ("DELETE", deleted)
