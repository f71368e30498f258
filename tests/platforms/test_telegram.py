"""What is special about Telegram: two limits, albums that answer their message, and its own refusals."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import cast

import httpx
import pytest

from ausrufer.adapter.contract import Video
from ausrufer.adapter.errors import Rejected, Trouble, TryLater
from ausrufer.adapter.http import Answer, Http
from ausrufer.adapter.supplies import Supplies
from ausrufer.adapter.testing import RecordingKeep
from ausrufer.platforms.telegram import MAX_CAPTION, Telegram, measure, reading
from tests.platforms.errand import Errand, draft, new_order
from tests.platforms.rigs import Rig, picture
from tests.platforms.rigs.telegram import TelegramRig

ANSWERS = sorted((Path(__file__).with_name("answers") / "telegram").glob("*.json"))
LONG = "Die Straße bleibt gesperrt. " * 60


@pytest.fixture
def telegram(rigs: dict[str, Rig]) -> TelegramRig:
    rig = rigs["telegram"]
    rig.fresh()
    return cast(TelegramRig, rig)


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.stem)
def test_every_refusal_of_the_sheet_has_its_next_step(path: Path) -> None:
    recorded = json.loads(path.read_text())
    transport = httpx.MockTransport(lambda request: answer_to(request, recorded))
    channel = Telegram(Supplies(http=Http(transport=transport)), {"channel": "@stadt"}, {"bot_token": "1:x"})
    with pytest.raises(Trouble) as caught:
        channel.send(new_order(), channel.render(draft())[0], RecordingKeep())

    assert type(caught.value).__name__ == recorded["expects"]
    if isinstance(caught.value, TryLater):
        assert caught.value.seconds == recorded["body"].get("parameters", {}).get("retry_after", 60)


def answer_to(request: httpx.Request, recorded: dict[str, object]) -> httpx.Response:
    if request.method == "GET":
        return httpx.Response(200, html='<section class="tgme_channel_history"></section>')
    return httpx.Response(cast(int, recorded["status"]), json=recorded["body"])


def test_an_umlaut_counts_one_and_an_emoji_two() -> None:
    assert (measure("ü"), measure("🚨")) == (1, 2)


def test_a_picture_is_described_below_the_text_because_it_has_no_alternative_text(telegram: TelegramRig) -> None:
    shown = telegram.platform.render(draft(pictures=(picture("bruecke"),)))[0]
    assert shown.text.endswith("\n\nBild: Gesperrte Brücke mit rot-weißer Schranke")
    assert shown.wording == "described"


def test_a_long_text_makes_room_for_the_descriptions(telegram: TelegramRig) -> None:
    said = draft("Die Straße bleibt gesperrt. " * 200, pictures=(picture("bruecke"), picture("karte")))
    shown = telegram.platform.render(said)[0]
    words, _, below = shown.text.partition("\n\n")
    assert words.endswith(f"Die Straße bleibt gesperrt.\n{said.page}")
    assert below == "Bild: Gesperrte Brücke mit rot-weißer Schranke\nBild: Karte der Umleitung"
    assert (shown.wording, 4000 < shown.count <= 4096) == ("shortened", True)


def test_pictures_left_out_take_no_description_from_the_others(telegram: TelegramRig) -> None:
    shown = telegram.platform.render(replace(draft(pictures=(picture("bruecke"),) * 11), text="Gesperrt."))[0]
    assert shown.text.startswith(f"Gesperrt.\n{shown.page}\n\nBild: Gesperrte Brücke")
    assert (shown.text.count("Bild: "), shown.wording) == (10, "linked")


def test_descriptions_that_would_take_most_of_the_message_are_named_and_linked(telegram: TelegramRig) -> None:
    wordy = replace(picture("bruecke"), alt="Die Brücke ist gesperrt. " * 50)
    shown = telegram.platform.render(replace(draft(pictures=(wordy, wordy)), text="Gesperrt."))[0]
    assert shown.text == f"Gesperrt.\n\nBildbeschreibungen: {shown.page}"
    assert shown.wording == "linked"
    long = telegram.platform.render(draft("Die Straße bleibt gesperrt. " * 200, pictures=(wordy, wordy)))[0]
    assert long.text.endswith(f"Die Straße bleibt gesperrt.\n\nBildbeschreibungen: {long.page}")
    assert (long.wording, long.fits) == ("shortened", True)


def test_a_film_over_fifty_megabytes_stays_on_our_page(telegram: TelegramRig) -> None:
    small = Video("ab" * 32, 1280, 720, 60.0, 49_000_000, "")
    fits, large = (
        telegram.platform.render(draft(videos=(each,)))[0] for each in (small, replace(small, size=50_000_001))
    )
    assert (fits.videos, fits.wording) == ((small,), "whole")
    assert (large.videos, large.page in large.text) == ((), True)


def test_a_long_text_is_followed_by_its_album_as_a_reply(telegram: TelegramRig) -> None:
    story = Errand(telegram.platform, telegram.platform.render(draft(LONG, pictures=both())))
    placement = story.carry_out()

    assert measure(story.rendition.text) > MAX_CAPTION
    assert [each["kind"] for each in telegram.standin.posts()][-3:] == ["", "photo", "photo"]
    assert len(placement.parts) == 3
    assert story.waits and set(story.waits) == {1}  # the album comes too soon after its message


def both() -> tuple[object, ...]:
    return (picture("bruecke"), picture("karte"))


@pytest.mark.parametrize("lost", ["sendMessage", "sendMediaGroup"])
def test_whichever_answer_is_lost_message_and_album_are_there_once(telegram: TelegramRig, lost: str) -> None:
    before = len(telegram.standin.posts())
    telegram.standin.fault("drop_answer", path=lost)
    story = Errand(telegram.platform, telegram.platform.render(draft(LONG, pictures=both())))
    placement = story.carry_out()

    assert len(telegram.standin.posts()) - before == 3
    assert len(placement.parts) == 3


@pytest.mark.parametrize("word", ["\u202bSturm\u202c", "Warnung\u2028Sturm", "x\u030a"])
def test_signs_that_telegram_leaves_out_make_no_post_a_second_one(telegram: TelegramRig, word: str) -> None:
    before = len(telegram.standin.posts())
    telegram.standin.fault("drop_answer", path="sendMessage")
    Errand(telegram.platform, telegram.platform.render(draft(word))).carry_out()
    assert len(telegram.standin.posts()) - before == 1


def test_a_refused_album_leaves_its_words_once(telegram: TelegramRig) -> None:
    before = len(telegram.standin.posts())
    refusal = {"ok": False, "error_code": 400, "description": "Bad Request: group send failed"}
    telegram.standin.fault("refuse", path="sendMediaGroup", status=400, body=refusal)
    story = Errand(telegram.platform, telegram.platform.render(draft(LONG, pictures=both())))
    placement = story.carry_out()

    [shown] = telegram.standin.posts()[before:]
    assert (story.rendition.wording, [part.id for part in placement.parts]) == ("text_only", [str(shown["id"])])
    assert story.rendition.page in shown["text"]


def test_an_answer_that_is_lost_is_found_below_the_words_it_quotes(telegram: TelegramRig) -> None:
    words = Errand(telegram.platform, telegram.platform.render(draft("Sturm"))).carry_out()
    before = len(telegram.standin.posts())
    telegram.standin.fault("drop_answer", path="sendPhoto")
    pictures = telegram.platform.render(draft("Bilder zur Meldung:", pictures=(picture("bruecke"),)))
    story = Errand(telegram.platform, pictures, order=replace(new_order(), reply_to=words))

    assert telegram.platform.is_online(story.carry_out()).online
    assert len(telegram.standin.posts()) - before == 1


def test_a_correction_replaces_the_words_in_their_place(telegram: TelegramRig) -> None:
    story = Errand(telegram.platform, telegram.platform.render(draft()))
    placement = story.carry_out()
    corrected = replace(story.rendition, text="Die Brücke ist wieder frei.")
    for _ in range(2):
        assert telegram.platform.edit(new_order(), placement, corrected, RecordingKeep()) == placement

    assert telegram.timeline()[-1] == "Die Brücke ist wieder frei."


def test_after_two_days_only_a_person_can_delete(telegram: TelegramRig) -> None:
    placement = Errand(telegram.platform, telegram.platform.render(draft())).carry_out()
    refusal = {"ok": False, "error_code": 400, "description": "Bad Request: message can't be deleted"}
    telegram.standin.fault("refuse", path="/deleteMessage", status=400, body=refusal)
    with pytest.raises(Rejected, match="Menschen"):
        telegram.platform.withdraw(placement)


def test_the_profile_names_the_channel(telegram: TelegramRig) -> None:
    assert telegram.platform.profile().name == "Stadt Trier"


@pytest.mark.parametrize(
    ("seconds", "waited"),
    [(0, 60), (-1, 60), (90_000, 86_400), (10**400, 86_400), (float("nan"), 60), ("bald", 60), (None, 60), ({}, 60)],
)
def test_a_limit_without_a_readable_end_is_waited_for(seconds: object, waited: int) -> None:
    """Else the next try came at once, and the one after it."""
    body = json.dumps({"ok": False, "parameters": {"retry_after": seconds}}).encode()
    trouble = reading.reads(Answer(429, {}, body, "Telegram", was_act=True))
    assert isinstance(trouble, TryLater)
    assert trouble.seconds == waited


@pytest.mark.parametrize("page", ["", "<h1>Bitte warten</h1>", "{}"])
def test_a_page_that_is_not_the_channels_is_no_empty_channel(page: str) -> None:
    """Else an older post with the same words would be taken for one whose answer got lost."""
    transport = httpx.MockTransport(lambda request: httpx.Response(200, html=page))
    channel, keep = Telegram(Supplies(http=Http(transport=transport)), {"channel": "@stadt"}, {}), RecordingKeep()
    with pytest.raises(TryLater):
        channel.send(new_order(), channel.render(draft())[0], keep)
    assert keep.kept == []


@pytest.mark.parametrize("status", [400, 403, 404, 451])
def test_a_public_page_that_cannot_be_read_refuses_no_post(status: int) -> None:
    """Nor does it say anything about our access: it is a page for everybody."""
    transport, keep = httpx.MockTransport(lambda request: httpx.Response(status)), RecordingKeep()
    channel = Telegram(Supplies(http=Http(transport=transport)), {"channel": "@stadt"}, {})
    with pytest.raises(TryLater):
        channel.send(new_order(), channel.render(draft())[0], keep)
    assert keep.kept == []
