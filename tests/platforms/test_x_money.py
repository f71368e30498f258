"""What X takes is what the ledger says, to the cent and also on bad days; without credit nothing goes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ausrufer.adapter.errors import Holds, TryLater
from ausrufer.platforms.x import reading
from tests.platforms.errand import Errand, draft, new_order
from tests.platforms.rigs import picture
from tests.platforms.rigs.x import PREPAID, XRig, start

ANSWERS = Path(__file__).with_name("answers") / "x"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[XRig]:
    with start(tmp_path_factory.mktemp("x")) as rig:
        yield rig


@pytest.fixture
def x(played: XRig) -> Iterator[XRig]:
    """Every story ends with the same question: did the ledger count what X took?"""
    played.fresh()
    before = spent(played)
    yield played
    assert spent(played) - before == pytest.approx(PREPAID - played.credit())


def spent(x: XRig) -> float:
    return sum(x.purse.spent.values())


def errand(x: XRig, text: str = "Die Brücke ist gesperrt.", **facts: Any) -> Errand:
    return Errand(x.platform, x.platform.render(draft(text, **facts)))


def paid_for(x: XRig, what: str) -> float:
    return x.purse.spent.get(what, 0.0)


@pytest.mark.parametrize("text", ["Die Brücke ist gesperrt.", "Mehr auf trier.de."])
def test_a_post_costs_its_price_and_what_was_read_around_it(x: XRig, text: str) -> None:
    story = errand(x, text)
    assert story.is_online(story.carry_out())


def test_looking_whose_account_it_is_costs_once_a_day(x: XRig) -> None:
    for _ in range(2):
        assert x.platform.profile().handle == "@stadt_trier"
    assert paid_for(x, "Konto gelesen") == 1.0


def test_of_a_refused_picture_and_the_text_in_its_place_only_the_text_is_paid(x: XRig) -> None:
    page = "https://www.trier.de/b/7k4q2m"  # a real ending; X makes no link of others
    before, story = paid_for(x, "Beitrag"), errand(x, page=page, pictures=(picture("bruecke"),))
    x.refuse_the_next_picture()
    story.carry_out()

    assert story.rendition.wording == "text_only"
    assert paid_for(x, "Beitrag") - before == 20.0  # it carries the link; without it there were 1.5 more


def test_a_description_is_paid_although_the_post_was_refused_and_a_refused_one_is_not(x: XRig) -> None:
    before, story = paid_for(x, "Bildbeschreibung"), errand(x, pictures=(picture("bruecke"), picture("karte")))
    x.standin.fault("refuse", path="/2/media/metadata", status=400, body={"title": "Invalid Request"})
    story.carry_out()
    assert paid_for(x, "Bildbeschreibung") - before == 0.0

    story = errand(x, pictures=(picture("bruecke"), picture("karte")))
    x.standin.fault("refuse", path="/2/tweets", method="POST", status=400, body={"title": "Invalid Request"})
    story.carry_out()
    assert story.rank == 1
    assert paid_for(x, "Bildbeschreibung") - before == 1.0


def test_a_post_nobody_takes_costs_nothing(x: XRig) -> None:
    before, story = paid_for(x, "Beitrag"), errand(x)
    x.standin.fault("refuse", path="/2/tweets", method="POST", status=400, body={"title": "Invalid Request"})
    assert story.send() is None
    assert len(story.refusals) == 1
    assert paid_for(x, "Beitrag") == before


def test_a_post_to_somebody_who_did_not_call_us_fails_alone_and_costs_nothing(x: XRig) -> None:
    """The account is fine: neither does the channel wait for a person, nor the next post."""
    said = json.loads((ANSWERS / "not_summoned.json").read_text())
    before, story = paid_for(x, "Beitrag"), errand(x)
    x.standin.fault("refuse", path="/2/tweets", method="POST", status=said["status"], body=said["body"])
    assert story.send() is None
    assert story.refusals == [reading.NOT_SUMMONED]
    assert paid_for(x, "Beitrag") == before

    following = errand(x)
    assert following.is_online(following.carry_out())


def test_a_post_whose_answer_was_lost_is_found_and_paid_once(x: XRig) -> None:
    before, story = paid_for(x, "Beitrag"), errand(x)
    x.lose_the_next_answer()
    assert story.send() is None
    assert story.unclear
    story.carry_out()

    assert x.timeline().count(story.rendition.text) == 1
    assert paid_for(x, "Beitrag") - before == 1.5


def test_a_lost_post_that_cannot_be_found_is_refused_as_a_repetition_and_then_found(x: XRig) -> None:
    """X shows it late: even who sends again leaves one copy."""
    story = errand(x)
    x.lose_the_next_answer()
    assert story.send() is None
    assert story.send() is None  # looked twice in vain
    assert story.unclear

    assert story.is_online(story.carry_out())
    assert x.timeline().count(story.rendition.text) == 1


def test_yesterdays_words_are_refused_with_a_sentence_that_helps_and_cost_nothing(x: XRig) -> None:
    market = draft("Heute ist Wochenmarkt.")
    Errand(x.platform, x.platform.render(market)).carry_out()
    before, story = paid_for(x, "Beitrag"), Errand(x.platform, x.platform.render(market))
    assert story.send() is None
    assert story.unclear  # an answer of ours may have been lost on the way
    assert story.find() is None
    assert story.send() is None

    assert story.refusals == [
        "Auf X steht schon ein Beitrag mit diesen Worten, und X nimmt keinen zweiten an. Bitte den Text ändern."
    ]
    assert x.timeline().count(market.text) == 1
    assert paid_for(x, "Beitrag") == before


def test_without_credit_the_channel_waits_and_nothing_is_counted(x: XRig) -> None:
    wanted = x.platform.render(draft())[0]
    x.buy(0)
    with pytest.raises(TryLater, match="Das Guthaben bei X ist aufgebraucht") as caught:
        x.platform.send(new_order(), wanted, lambda so_far: None)
    assert (caught.value.seconds, caught.value.holds) == (3600.0, Holds.WRITING)

    x.buy(PREPAID)
    assert x.platform.send(new_order(), wanted, lambda so_far: None).parts


def test_the_hundred_and_first_post_of_a_quarter_of_an_hour_waits_for_its_end_and_costs_nothing(x: XRig) -> None:
    """Else a busy night would look like a broken channel."""
    for _ in range(100):
        errand(x).carry_out()
    before, late = paid_for(x, "Beitrag"), errand(x)
    assert late.send() is None
    assert 840 < late.waits[0] <= 901
    assert (late.unclear, paid_for(x, "Beitrag")) == (False, before)

    x.pass_time(900)
    late.waits.clear()
    assert late.is_online(late.carry_out())
