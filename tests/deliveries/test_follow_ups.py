"""In a crisis the words go out first and the pictures follow: each with a receipt of its own, and each once."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from ausrufer.adapter.capabilities import Capabilities, SendsPictures
from ausrufer.adapter.contract import Draft, Video
from ausrufer.adapter.testing import FakePlatform, Killed
from ausrufer.deliveries import changes, decide
from ausrufer.deliveries.alarms import alarms
from ausrufer.deliveries.board import board
from ausrufer.deliveries.models import Delivery, Release
from ausrufer.deliveries.publish import publish
from ausrufer.deliveries.states import Act, State
from ausrufer.people.models import User
from ausrufer.posts import pictures
from ausrufer.posts.models import Post
from ausrufer.posts.render import rendered, renditions
from tests import town
from tests.deliveries.conftest import claims, connected, work

CARRIES = Capabilities(
    max_text=500,
    max_pictures=4,
    sends_pictures=SendsPictures.UPLOAD,
    can_reply=True,
    can_find=True,
    can_withdraw=True,
    usual_delay=0.0,
    longest_call=0.0,
)


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: object) -> None:
    settings.MEDIA_FOLDER = tmp_path / "media"  # type: ignore[attr-defined]


@pytest.fixture
def square(own: FakePlatform) -> Iterator[FakePlatform]:
    """A platform that is sent pictures, and on which we can answer ourselves."""
    yield from connected(FakePlatform("square", facts=CARRIES), 10)


def storm(*, urgent: bool = True, by: User | None = None) -> Post:
    amira = by or town.amira()
    post = town.written(town.STORM, by=amira, about=town.crisis() if urgent else town.topic())
    out = io.BytesIO()
    Image.new("RGB", (1200, 800), "navy").save(out, "JPEG")
    out.seek(0)
    pictures.attach(post, file=out, name="karte.jpg", by=amira, alt="Karte der gesperrten Parks")
    post.refresh_from_db()
    return post


def released(post: Post) -> Release:
    return publish(post, by=town.amira(), revision=post.revision)


def states(release: Release) -> dict[str, str]:
    rows = release.deliveries.filter(change=None, channel__platform="square")
    return dict(rows.values_list("act", "state"))


def follow_up() -> Delivery:
    return Delivery.objects.select_related("release__post", "channel", "of").get(act=Act.FOLLOW)


def test_the_words_are_out_before_the_picture_and_the_picture_answers_them(square: FakePlatform) -> None:
    release = released(storm())
    work()

    words, picture = square.published
    assert (words.rendition.text, words.rendition.pictures) == (town.STORM, ())
    assert len(picture.rendition.pictures) == 1
    assert release.post.address in picture.rendition.text
    reply = square.orders[-1].reply_to
    assert reply
    assert reply.parts[0].id == words.part.id
    assert states(release) == {"publish": State.ONLINE, "follow": State.ONLINE}


def test_an_ordinary_post_goes_in_one(square: FakePlatform) -> None:
    release = released(storm(urgent=False))
    work()
    assert [len(each.rendition.pictures) for each in square.published] == [1]
    assert states(release) == {"publish": State.ONLINE}


@pytest.mark.parametrize(
    "facts",
    [
        Capabilities(max_pictures=4, sends_pictures=SendsPictures.UPLOAD),  # nobody can answer there
        Capabilities(max_pictures=4, sends_pictures=SendsPictures.UPLOAD, can_reply=True, needs_picture=True),
        Capabilities(max_pictures=4, sends_pictures=SendsPictures.PAGE, can_reply=True),  # nothing is carried
    ],
)
def test_where_pictures_cannot_follow_they_go_with_the_words(own: FakePlatform, facts: Capabilities) -> None:
    for platform in connected(FakePlatform("square", facts=facts), 10):
        released(storm())
        work()
        assert [len(each.rendition.pictures) for each in platform.published] == [1]


def test_a_film_that_cannot_be_carried_is_at_least_linked(own: FakePlatform) -> None:
    film = Video("ab" * 32, 1280, 720, 600.0, 900_000_000, "Der Wasserstand")
    warning = Draft(town.STORM, "https://stadt.example/b/1", videos=(film,), urgent=True)
    shown = rendered(town.channel("bluesky"), warning)
    assert (shown.follow_ups, "https://stadt.example/b/1" in shown.wanted.text) == ([], True)


@pytest.mark.parametrize("platform", ["x", "facebook"])
def test_where_nobody_can_answer_a_film_does_not_keep_the_words_of_a_crisis_waiting(own: None, platform: str) -> None:
    """There it would be made ready first, which takes minutes."""
    page, film = "https://stadt.example/b/1", Video("ab" * 32, 1280, 720, 60.0, 9_000_000, "Der Wasserstand")
    warning = Draft(town.STORM, page, videos=(film,), urgent=True)
    shown = rendered(town.channel(platform), warning)
    assert (shown.wanted.videos, shown.follow_ups) == ((), [])
    assert (shown.wanted.text + shown.wanted.link).count(page) == 1
    assert rendered(town.channel(platform), replace(warning, urgent=False)).wanted.videos == (film,)


def test_what_was_approved_shows_both(square: FakePlatform) -> None:
    post = storm()
    [_, shown] = renditions(post)
    assert (shown.wanted.pictures, len(shown.follow_ups[0].pictures)) == ((), 1)
    approval = released(post).approval
    assert approval.renditions.filter(channel__platform="square").count() == len(shown.ranked)


def test_while_it_is_unclear_whether_the_words_are_out_nobody_is_alarmed_for_the_picture(square: FakePlatform) -> None:
    release = released(storm())
    words = release.deliveries.filter(act=Act.PUBLISH, channel__platform="square")
    words.update(state=State.UNCLEAR, needs_person=True)
    town.let_time_pass(60)

    assert [str(each) for each in alarms() if each.channel and each.channel.platform == "square"] == [
        f"Square: unklar, ob „{town.STORM[:60]}“ online ist."
    ]
    assert [each.below for each in board(release).rows if each.follows] == ["folgt dem Text"]


def test_while_the_words_wait_the_picture_waits(square: FakePlatform) -> None:
    square.will("ask for patience for 600 seconds")
    release = released(storm())
    work()
    town.let_time_pass(60)
    work()

    assert states(release) == {"publish": State.WAITING, "follow": State.WAITING}
    town.let_time_pass(600)
    work()
    assert states(release) == {"publish": State.ONLINE, "follow": State.ONLINE}


def test_where_a_person_saw_the_words_the_picture_stands_beside_them(square: FakePlatform) -> None:
    square.will("publish but not answer")
    square.will_find(*["be unreachable"] * 20)
    release = released(storm())
    work()
    decide.confirm_online(release.deliveries.get(act=Act.PUBLISH, channel__platform="square"), "", by=town.amira())
    work()

    assert square.orders[-1].reply_to is None  # nobody knows what it would answer
    assert states(release) == {"publish": State.ONLINE, "follow": State.ONLINE}


def test_where_the_words_were_refused_no_picture_stands_alone(square: FakePlatform) -> None:
    square.will("refuse", "refuse", "refuse")
    release = released(storm())
    work()
    assert states(release) == {"publish": State.FAILED, "follow": State.LAPSED}
    assert "Der Text dazu ging nicht hinaus." in str(follow_up().sentence)
    assert square.published == []


def test_a_refused_picture_leaves_the_words(square: FakePlatform) -> None:
    square.will("publish", "refuse the picture")
    release = released(storm())
    work()
    assert states(release) == {"publish": State.ONLINE, "follow": State.FAILED}
    assert square.timeline == [town.STORM]


@pytest.mark.parametrize("number", [1, 2])
def test_whichever_of_both_is_killed_each_is_there_once(square: FakePlatform, number: int) -> None:
    square.will(*["publish"] * (number - 1), "be killed after publishing")
    release = released(storm())
    with pytest.raises(Killed):
        work()
    Delivery.objects.filter(state=State.SENDING).update(claimed_by=1)  # a dispatcher that is no more
    work()

    assert states(release) == {"publish": State.ONLINE, "follow": State.ONLINE}
    assert [len(each.rendition.pictures) for each in square.published] == [0, 1]


def test_withdrawing_takes_both(square: FakePlatform) -> None:
    release = released(storm())
    work()
    change = changes.withdraw(release, reason="Der Sturm zieht vorbei.", by=town.amira())
    work()

    assert square.timeline == []
    assert states(release) == {"publish": State.WITHDRAWN, "follow": State.WITHDRAWN}
    assert {row.slot for each in board(release).changes for row in each.rows} == {
        "own-1",
        "square-1",
        "square-1-follow",
    }
    assert change.deliveries.count() == 3


def test_withdrawn_before_the_picture_it_does_not_follow(square: FakePlatform) -> None:
    square.will("publish", "process for 5 seconds")
    release = released(storm())
    work()
    changes.withdraw(release, reason="Der Sturm zieht vorbei.", by=town.amira())
    town.let_time_pass(10)
    work()

    assert square.timeline == []
    assert states(release) == {"publish": State.WITHDRAWN, "follow": State.LAPSED}


def test_a_correction_speaks_of_the_words_only(square: FakePlatform) -> None:
    release = released(storm())
    work()
    changes.correct(release, text=town.STORM + " Auch Parks sind gesperrt.", reason="", by=town.amira())
    work()
    assert [len(each.rendition.pictures) for each in square.published] == [0, 1, 0]


def test_the_next_warning_does_not_wait_for_a_picture(square: FakePlatform) -> None:
    released(storm())
    for claimed in claims():  # the words are under way
        Delivery.objects.filter(pk=claimed.delivery).update(state=State.SENT)
    [picture] = [Delivery.objects.get(pk=claimed.delivery) for claimed in claims()]
    assert picture.act == Act.FOLLOW
    released(storm())
    assert Act.PUBLISH in [Delivery.objects.get(pk=each.delivery).act for each in claims()]


def test_the_board_counts_channels_and_names_what_follows(square: FakePlatform) -> None:
    release = released(storm())
    work()
    shown = board(release)
    assert (shown.online, shown.total) == (2, 2)
    assert [row.wording for row in shown.rows if row.follows] == ["folgt als Antwort, 1 Bild"]
