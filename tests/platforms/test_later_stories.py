"""Chains, corrections and answers: what a platform announces besides publishing, against whatever its rig starts."""

from __future__ import annotations

import uuid
from dataclasses import replace

from tests.platforms.errand import Errand, draft, new_order
from tests.platforms.known import platforms_that
from tests.platforms.rigs import Rig
from tests.platforms.test_bad_stories import copies, errand

LONG = "Die Stadtwerke erneuern ab Montag die Leitung in der Südallee, Abschnitt {} ({}). Busse fahren eine Umleitung. "


def long_errand(rig: Rig) -> Errand:
    """With a mark in every sentence, since the timeline keeps the chains of earlier stories."""
    limit, mark = rig.platform.render(draft())[0].limit or 500, uuid.uuid4().hex[:6]
    words = "".join(LONG.format(number, mark) for number in range(1, 3 + 2 * limit // len(LONG)))
    return errand(rig, words, when_long="chain")


def shown_in_order(rig: Rig, texts: list[str]) -> list[str]:
    """Those of the texts a reader sees, oldest first."""
    wanted = {"".join(text.split()): text for text in texts}
    return [wanted["".join(text.split())] for text in rig.timeline() if "".join(text.split()) in wanted]


@platforms_that(lambda can: can.can_chain)
def test_a_chain_is_online_in_order_and_each_part_once(rig: Rig) -> None:
    story = long_errand(rig)
    texts = [story.rendition.text, *story.rendition.more]
    placement = story.carry_out()

    assert story.rendition.wording == "chain"
    assert len(placement.parts) == len(texts) > 2
    assert story.is_online(placement)
    assert shown_in_order(rig, texts) == texts


@platforms_that(lambda can: can.can_chain)
def test_killed_within_a_chain_every_part_is_online_once(rig: Rig) -> None:
    story = long_errand(rig)
    texts = [story.rendition.text, *story.rendition.more]
    rig.kill_after_publishing()
    while not story.unclear:
        assert story.send() is None

    assert story.is_online(story.carry_out())
    assert shown_in_order(rig, texts) == texts


@platforms_that(lambda can: can.can_chain)
def test_a_lost_answer_within_a_chain_doubles_nothing(rig: Rig) -> None:
    story = long_errand(rig)
    texts = [story.rendition.text, *story.rendition.more]
    rig.lose_the_next_answer()
    assert story.is_online(story.carry_out())
    assert shown_in_order(rig, texts) == texts


@platforms_that(lambda can: can.can_edit)
def test_an_edited_post_shows_the_new_text_in_the_same_place(rig: Rig) -> None:
    story = errand(rig, "Das Bürgeramt öffnet um 10 Uhr.")
    placement = story.carry_out()
    right = replace(story.rendition, text=story.rendition.text.replace("10 Uhr", "11 Uhr"))
    edited = rig.platform.edit(new_order(), placement, right, story.keep)

    assert story.is_online(edited)
    assert copies(rig, right) == 1
    assert copies(rig, story.rendition) == 0
    assert edited.address == placement.address


@platforms_that(lambda can: can.can_reply)
def test_a_correction_stands_below_what_it_corrects(rig: Rig) -> None:
    first = errand(rig, "Das Bürgeramt öffnet um 10 Uhr.")
    placement = first.carry_out()
    second = errand(rig, "Berichtigung: Das Bürgeramt öffnet um 11 Uhr.")
    second.order = replace(second.order, reply_to=placement)

    assert second.is_online(second.carry_out())
    assert (copies(rig, first.rendition), copies(rig, second.rendition)) == (1, 1)


@platforms_that(lambda can: can.has_profile)
def test_our_access_says_whom_it_belongs_to(rig: Rig) -> None:
    assert rig.platform.profile().name


@platforms_that(lambda can: can.has_metrics)
def test_a_post_has_numbers_and_a_fresh_one_no_answers(rig: Rig) -> None:
    story = errand(rig)
    placement = story.carry_out()

    counted = rig.platform.metrics(placement)
    assert counted
    assert all(metric.value >= 0 for metric in counted)
    assert rig.platform.replies(placement) == [] if rig.platform.capabilities.has_replies else True


@platforms_that(lambda can: can.can_rehearse)
def test_a_rehearsal_shows_nobody_anything(rig: Rig) -> None:
    before = rig.timeline()
    rig.platform.rehearse()
    assert rig.timeline() == before
