"""Promises of every platform the registry finds, without any peer: facts, renditions, and errors."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest

from ausrufer.adapter.capabilities import SendsPictures
from ausrufer.adapter.contract import Draft, Order, Part, Placement, Platform, Rendition
from ausrufer.adapter.errors import Trouble
from ausrufer.adapter.http import MAX_ANSWER, Http
from ausrufer.adapter.supplies import Supplies
from ausrufer.adapter.testing import FakePages, RecordingKeep
from ausrufer.kernel.clock import utc_now
from ausrufer.kernel.text import LINK, graphemes, links, normal
from tests.platforms.known import PLATFORMS, platforms_that
from tests.platforms.nasty_texts import LONG_LINK, NASTY
from tests.platforms.rigs import Rig, media, picture

PAGE = "https://www.stadt.example/b/7k4q2m"
JARGON = re.compile(r"HTTP|JSON|API|Exception|Error|Traceback|\b[345]\d\d\b|{|}")
TAG = re.compile(r"#\w[\w-]*")
LONGEST = 20_000  # characters; a longer text cannot be entered
MAYS = {
    "can_find": "find",
    "can_withdraw": "withdraw",
    "can_edit": "edit",
    "has_limits": "read_limits",
    "has_look_ups": "look_up",
    "has_replies": "replies",
    "has_metrics": "metrics",
    "has_profile": "profile",
    "connects_by_redirect": "connect_url",
    "can_rehearse": "rehearse",
    "renews": "renew",
}


def offline(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"rendering called {request.url}")


def platform_without_network(platform_class: type[Platform]) -> Platform:
    return platform_class(Supplies(http=Http(transport=httpx.MockTransport(offline))), {}, {})


def renditions(platform_class: type[Platform], draft: Draft) -> list[Rendition]:
    return platform_without_network(platform_class).render(draft)


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_keys_and_names_are_unique_and_fit_for_addresses() -> None:
    assert len({platform.key for platform in PLATFORMS}) == len({platform.name for platform in PLATFORMS})
    assert all(re.fullmatch(r"[a-z]+", platform.key) for platform in PLATFORMS)


def test_exactly_one_platform_is_the_citys_own() -> None:
    assert [platform.key for platform in PLATFORMS if platform.capabilities.is_own] == ["website"]


@pytest.mark.parametrize(("flag", "method"), MAYS.items())
def test_a_flag_and_its_method_agree(platform_class: type[Platform], flag: str, method: str) -> None:
    has_method = getattr(platform_class, method) is not getattr(Platform, method)
    assert getattr(platform_class.capabilities, flag) == has_method


@platforms_that(lambda can: can.connects_by_redirect)
def test_a_form_alone_is_no_access_where_a_person_has_to_agree(platform_class: type[Platform]) -> None:
    filled = {field.name: field.default or "7" for field in platform_class.fields() if field.name != "access_token"}
    nowhere = Supplies(http=Http(transport=httpx.MockTransport(offline)))
    assert not platform_class(nowhere, filled, filled).has_access()
    assert platform_class(nowhere, filled, filled | {"access_token": "t"}).has_access()


def test_pictures_are_counted_exactly_where_they_are_sent(platform_class: type[Platform]) -> None:
    can = platform_class.capabilities
    assert (can.max_pictures > 0) == (can.sends_pictures != SendsPictures.NEVER)


def test_the_times_a_platform_states_make_sense(platform_class: type[Platform]) -> None:
    can = platform_class.capabilities
    assert 0 <= can.usual_delay < can.seen_within
    assert 0 < can.longest_call <= 120


@pytest.mark.parametrize("name", NASTY)
def test_every_rendition_fits_and_says_the_same_twice(platform_class: type[Platform], name: str) -> None:
    draft = Draft(NASTY[name], PAGE, pictures=(picture("bruecke"),))
    ladder = renditions(platform_class, draft)

    assert ladder == renditions(platform_class, draft)
    assert all(rendition.fits for rendition in ladder)
    assert all(rendition.text and rendition.count > 0 for rendition in ladder)


@pytest.mark.parametrize("name", NASTY)
def test_nothing_is_cut_without_the_address_of_the_rest(platform_class: type[Platform], name: str) -> None:
    draft = Draft(NASTY[name], PAGE, pictures=(picture("bruecke"),))
    for rendition in renditions(platform_class, draft):
        is_whole = squeezed(normal(draft.text)) in squeezed(rendition.text)
        if not is_whole or rendition.pictures != draft.pictures:
            assert PAGE in (rendition.link, *LINK.findall(rendition.text)), rendition.wording


@pytest.mark.parametrize("name", NASTY)
def test_nothing_is_cut_inside_a_link_or_a_character(platform_class: type[Platform], name: str) -> None:
    draft = Draft(NASTY[name], PAGE)
    for rendition in renditions(platform_class, draft):
        assert set(links(rendition.text)) <= {*links(normal(draft.text)), PAGE}
        kept = rendition.text.replace(PAGE, "").rstrip("… \n")
        assert graphemes(squeezed(normal(draft.text)))[: len(graphemes(squeezed(kept)))] == graphemes(squeezed(kept))


@pytest.mark.parametrize("name", NASTY)
def test_nothing_is_cut_inside_a_tag(platform_class: type[Platform], name: str) -> None:
    draft = Draft(NASTY[name], PAGE, pictures=(picture("bruecke"),))
    for rendition in renditions(platform_class, draft):
        assert set(TAG.findall(rendition.text)) <= set(TAG.findall(normal(draft.text)))


@platforms_that(lambda can: can.can_chain)
@pytest.mark.parametrize("name", NASTY)
def test_a_chain_tears_no_link_tag_or_character(platform_class: type[Platform], name: str) -> None:
    draft = Draft(NASTY[name], PAGE, when_long="chain")
    wanted = renditions(platform_class, draft)[0]
    written, parts = normal(draft.text), [wanted.text, *wanted.more]
    for part in parts:
        assert renditions(platform_class, Draft(part, PAGE))[0].text == part  # each fits
        assert set(links(part)) <= {*links(written), PAGE}
        assert set(TAG.findall(part)) <= set(TAG.findall(written))
    characters = [squeezed(each) for part in parts for each in graphemes(part)]
    assert LONG_LINK in written or "".join(characters) == squeezed(written)
    assert LONG_LINK in written or [each for each in characters if each] == graphemes(squeezed(written))


@pytest.mark.parametrize("name", NASTY)
def test_whole_means_whole(platform_class: type[Platform], name: str) -> None:
    draft = Draft(NASTY[name], PAGE, pictures=(picture("bruecke"),))
    for rendition in renditions(platform_class, draft):
        is_wanted = rendition.text == normal(draft.text) and rendition.pictures == draft.pictures
        assert (rendition.wording == "whole") == is_wanted


@platforms_that(lambda can: can.max_text)
def test_the_limit_is_used_to_the_last_unit_and_not_beyond(platform_class: type[Platform]) -> None:
    limit = renditions(platform_class, Draft("x", PAGE))[0].limit
    assert limit
    exactly = ("Wort " * limit)[: limit - 1] + "."

    wanted = renditions(platform_class, Draft(exactly, PAGE))[0]
    assert (wanted.text, wanted.count, wanted.wording) == (exactly, limit, "whole")
    over = renditions(platform_class, Draft("x" + exactly, PAGE))[0]
    assert over.wording == "shortened"
    assert over.text.endswith(PAGE) or over.link == PAGE


CARRIED = (SendsPictures.UPLOAD, SendsPictures.ADDRESS)


@platforms_that(lambda can: can.sends_pictures in CARRIED and not can.needs_picture)
def test_refused_pictures_leave_text_and_link(platform_class: type[Platform]) -> None:
    ladder = renditions(platform_class, Draft(NASTY["short"], PAGE, pictures=(picture("bruecke"), picture("karte"))))

    assert len(ladder[0].pictures) == 2
    text_only = next(rendition for rendition in ladder if rendition.wording == "text_only")
    assert text_only.pictures == ()
    assert NASTY["short"] in text_only.text
    assert PAGE in text_only.text + text_only.link


@platforms_that(lambda can: can.max_text and can.max_text < LONGEST and can.sends_pictures in CARRIED)
def test_a_text_found_too_long_although_counted_right_has_a_clearly_shorter_form(
    platform_class: type[Platform],
) -> None:
    pictures = (picture("bruecke"),) if platform_class.capabilities.needs_picture else ()
    limit = renditions(platform_class, Draft("x", PAGE, pictures=pictures))[0].limit or 0
    exactly = ("Wort " * limit)[: limit - 1] + "."
    wanted, *_, shorter = renditions(platform_class, Draft(exactly, PAGE, pictures=pictures))

    assert (wanted.wording, wanted.count) == ("whole", limit)
    assert (shorter.wording, shorter.pictures) == ("shortened", pictures)
    assert limit / 2 < shorter.count <= limit * 0.85
    assert PAGE in shorter.text


def test_an_editors_own_wording_is_named_as_such(platform_class: type[Platform]) -> None:
    assert renditions(platform_class, Draft(NASTY["short"], PAGE, is_variant=True))[0].wording == "own"


def test_language_page_and_topic_travel_with_every_rendition(platform_class: type[Platform]) -> None:
    draft = Draft(NASTY["two_thousand_characters"], PAGE, language="lb", topic="Hochwasser")
    for rendition in renditions(platform_class, draft):
        assert (rendition.language, rendition.page, rendition.topic) == ("lb", PAGE, "Hochwasser")


def refuses(error: Exception) -> httpx.MockTransport:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error

    return httpx.MockTransport(answer)


def says(status: int, body: object, **headers: str) -> httpx.MockTransport:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return httpx.MockTransport(lambda request: httpx.Response(status, content=content, headers=headers))


BODIES: list[object] = [
    *(None, 7, "text", [], [1], [[]], {}),
    *({"id": 5}, {"id": None}, {"id": {"a": 1}}, {"data": None}, {"data": [1]}, {"error": "x"}),
]
NONSENSE: dict[str, httpx.MockTransport] = {
    "no connection": refuses(httpx.ConnectError("refused")),
    "no name": refuses(httpx.ConnectTimeout("slow")),
    "silence": refuses(httpx.ReadTimeout("silent")),
    "reset": refuses(httpx.RemoteProtocolError("gone")),
    "a page": says(200, b"<!doctype html><h1>Wartungsarbeiten</h1>"),
    "nothing": says(200, b""),
    "half an object": says(200, b'{"id": "1'),
    "not utf-8": says(200, b"\xff\xfe\x00"),
    "too much": says(200, b"[" + b"1," * MAX_ANSWER + b"1]"),
    "deeply nested": says(200, b"[" * 100_000),
    "redirect": says(302, {}, Location="http://127.0.0.1:1/"),
    "an odd error": says(418, {"error": ["unexpected", {"shape": 1}]}),
    "an error of numbers": says(400, {"error": 7}),
    "a limit without end": says(429, {}, **{"Retry-After": "soon", "X-RateLimit-Reset": "tomorrow"}),
    **{f"body {body!r}": says(200, body) for body in BODIES},
    **{f"status {status}": says(status, {"error": "x"}) for status in (400, 401, 403, 404, 405, 409, 410, 413, 422)},
    **{f"status {status}": says(status, b"<h1>?</h1>") for status in (400, 404, 422, 500, 502, 503, 504, 530)},
}


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_whatever_a_platform_answers_becomes_one_of_the_four_errors(rig: Rig, nonsense: str) -> None:
    http = Http(transport=NONSENSE[nonsense])
    working = rig.platform
    supplies = replace(working.supplies, http=http, pages=FakePages(), media=media())
    platform = type(working)(supplies, working.settings, working.secrets, working.limits)
    rendition = platform.render(Draft(NASTY["short"], PAGE, pictures=(picture("bruecke"),)))[0]
    order = Order("6f1c", utc_now(), so_far={"before": [], "container": "17"})
    placement = Placement((Part("17", PAGE),))
    calls: list[Callable[[], object]] = [
        lambda: platform.send(order, rendition, RecordingKeep()),
        lambda: platform.send(order, replace(rendition, pictures=()), RecordingKeep()),
        lambda: platform.is_online(placement),
        *([lambda: platform.find(order, rendition)] if platform.capabilities.can_find else []),
        *([platform.read_limits] if platform.capabilities.has_limits else []),
        *([lambda: platform.withdraw(placement)] if platform.capabilities.can_withdraw else []),
    ]
    for call in calls:
        try:
            call()
        except Trouble as trouble:
            assert not JARGON.search(str(trouble.sentence)), trouble.sentence


@platforms_that(lambda can: can.has_look_ups)
def test_what_is_looked_up_stands_in_the_text(platform_class: type[Platform]) -> None:
    draft = Draft("Danke an @trier.de, und noch einmal @trier.de!", PAGE)
    assert platform_without_network(platform_class).names(draft) == ("@trier.de",)
