"""What every platform must survive with exactly one copy online, against whatever its rig starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from ausrufer.adapter.capabilities import SendsPictures
from ausrufer.adapter.contract import Draft, Rendition
from ausrufer.adapter.errors import LostClaim
from ausrufer.adapter.testing import RecordingKeep
from tests.platforms.errand import Errand, draft, new_order
from tests.platforms.known import platforms_that
from tests.platforms.rigs import Rig, picture

# Our own pages may be written again without harm, so nothing is kept before.
ACTS = platforms_that(lambda can: not can.is_own)


def written(rig: Rig, text: str = "Die Brücke ist gesperrt.", **facts: Any) -> Draft:
    """With a picture where nothing goes without one."""
    if rig.platform.capabilities.needs_picture:
        facts = {"pictures": (picture("bruecke"),)} | facts
    return draft(text, **facts)


def errand(rig: Rig, text: str = "Die Brücke ist gesperrt.", **facts: Any) -> Errand:
    return Errand(rig.platform, rig.platform.render(written(rig, text, **facts)))


def copies(rig: Rig, rendition: Rendition) -> int:
    wanted = "".join(rendition.text.split())
    return sum("".join(text.split()) == wanted for text in rig.timeline())


def test_a_post_is_seen_online_and_a_reader_sees_the_very_text(rig: Rig) -> None:
    story = errand(rig, "Die Römerbrücke ist gesperrt.\n\nUmleitung: https://www.stadt.example/karte?a=1&b=2 <Süd>")
    placement = story.carry_out()

    assert story.is_online(placement)
    assert copies(rig, story.rendition) == 1


@platforms_that(lambda can: can.max_pictures)
def test_pictures_travel_with_the_post(rig: Rig) -> None:
    story = errand(rig, pictures=(picture("bruecke"), picture("karte")))
    placement = story.carry_out()

    assert story.is_online(placement)
    assert story.rank == 0


def test_an_answer_lost_after_acceptance_is_found_and_not_repeated(rig: Rig) -> None:
    story = errand(rig)
    rig.lose_the_next_answer()
    assert story.send() is None
    assert story.unclear

    assert story.is_online(story.carry_out())
    assert copies(rig, story.rendition) == 1


CARRIED = (SendsPictures.UPLOAD, SendsPictures.ADDRESS)  # by platforms we talk to over HTTP
LIES: dict[str, Callable[[httpx.Response], httpx.Response]] = {
    "cut": lambda answer: httpx.Response(answer.status_code, content=answer.content[: len(answer.content) // 2]),
    "nothing": lambda answer: httpx.Response(200),
    "a page": lambda answer: httpx.Response(200, html="<h1>Wartungsarbeiten</h1>"),
    "a gateway's page": lambda answer: httpx.Response(502, html="<h1>Bad Gateway</h1>"),
    "a redirect": lambda answer: httpx.Response(302, headers={"Location": "http://10.0.0.1/"}),
}


@pytest.mark.parametrize("lie", LIES)
@platforms_that(lambda can: can.sends_pictures in CARRIED)
def test_after_any_lie_about_what_was_published_one_copy_is_online(rig: Rig, lie: str) -> None:
    story = errand(rig)
    rig.mortal.lie = LIES[lie]  # type: ignore[attr-defined]
    while not story.unclear:
        assert story.send() is None

    assert story.is_online(story.carry_out())
    assert copies(rig, story.rendition) == 1


def test_ten_minutes_of_patience_are_granted_and_then_it_goes_out_once(rig: Rig) -> None:
    story = errand(rig)
    rig.ask_for_patience(600)
    while not story.waits or story.waits[-1] <= 10:  # some platforms first let us wait for their preparations
        assert story.send() is None

    assert 599 <= story.waits[-1] <= 601
    assert copies(rig, story.rendition) == 0
    story.waits.clear()
    assert story.is_online(story.carry_out())
    assert copies(rig, story.rendition) == 1


def test_killed_after_publishing_the_next_one_finds_it(rig: Rig) -> None:
    story = errand(rig)
    rig.kill_after_publishing()
    while not story.unclear:
        assert story.send() is None

    assert story.is_online(story.carry_out())
    assert copies(rig, story.rendition) == 1


@ACTS
def test_killed_before_publishing_nothing_is_found_and_it_goes_out_once(rig: Rig) -> None:
    story = errand(rig)
    story.dies_before_acting = True
    while not story.unclear:
        assert story.send() is None

    assert copies(rig, story.rendition) == 0
    assert story.is_online(story.carry_out())
    assert copies(rig, story.rendition) == 1


@ACTS
def test_yesterdays_post_with_the_same_words_is_not_taken_for_ours(rig: Rig) -> None:
    market = written(rig, "Heute ist Wochenmarkt.")
    Errand(rig.platform, rig.platform.render(market)).carry_out()
    again = replace(market, page=market.page + "-2")
    story = Errand(rig.platform, rig.platform.render(again))
    story.dies_before_acting = True
    while not story.unclear:
        story.send()

    assert story.find() is None
    if rig.platform.key != "x":  # which takes no words twice: test_x_money tells what happens there
        story.carry_out()
        assert copies(rig, story.rendition) == 2


@ACTS
def test_whoever_lost_the_claim_publishes_nothing(rig: Rig) -> None:
    story = errand(rig)
    keep = RecordingKeep()
    keep.lose_claim()
    with pytest.raises(LostClaim):
        while True:
            story.platform.send(story.order, story.rendition, keep)

    assert copies(rig, story.rendition) == 0


def test_one_unit_too_long_is_shortened_with_the_address_of_the_rest(rig: Rig) -> None:
    limit = rig.platform.render(draft())[0].limit
    long = written(
        rig, text=("Die Straße bleibt gesperrt. " * 500)[: (limit or 3000) - 1].strip().ljust(limit or 3000, "x") + "y"
    )
    story = Errand(rig.platform, rig.platform.render(long))
    story.carry_out()

    assert copies(rig, story.rendition) == 1
    assert story.rendition.text == long.text or long.page in story.rendition.text


@platforms_that(lambda can: can.max_text)
def test_a_text_the_platform_finds_too_long_goes_out_in_the_next_rendition(rig: Rig) -> None:
    wanted = rig.platform.render(written(rig))[0]
    assert wanted.limit
    endless = replace(wanted, text="Zu lang. " * wanted.limit, count=9 * wanted.limit)
    story = Errand(rig.platform, [endless, wanted])
    story.carry_out()

    assert story.rank == 1
    assert copies(rig, wanted) == 1


@platforms_that(lambda can: can.needs_picture)
def test_without_its_picture_it_is_given_back_with_a_sentence(rig: Rig) -> None:
    story = errand(rig)
    rig.refuse_the_next_picture()
    while not story.refusals:
        assert story.send() is None

    assert rig.platform.name in story.refusals[0]
    assert copies(rig, story.renditions[0]) == 0


@platforms_that(lambda can: can.sends_pictures in CARRIED and not can.needs_picture)
def test_a_refused_picture_leaves_text_and_link(rig: Rig) -> None:
    story = errand(rig, pictures=(picture("bruecke"),))
    rig.refuse_the_next_picture()
    story.carry_out()

    assert story.rendition.wording == "text_only"
    assert story.rendition.page in story.rendition.text + story.rendition.link
    assert copies(rig, story.rendition) == 1


@platforms_that(lambda can: can.can_withdraw)
def test_a_withdrawn_post_is_gone_and_withdrawing_twice_is_harmless(rig: Rig) -> None:
    story = errand(rig)
    placement = story.carry_out()
    assert story.is_online(placement)

    rig.platform.withdraw(placement)
    rig.platform.withdraw(placement)
    assert not rig.platform.is_online(placement).online
    assert copies(rig, story.rendition) == 0


@platforms_that(lambda can: can.can_find)
def test_what_never_was_published_is_not_found(rig: Rig) -> None:
    assert rig.platform.find(new_order(), errand(rig).rendition) is None
