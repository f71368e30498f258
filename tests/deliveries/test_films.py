"""A post is released while its film is still being made: who waits, how long, and what goes out in the end."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from pytest_django.fixtures import Settings

from ausrufer.adapter.capabilities import SendsPictures
from ausrufer.adapter.contract import Draft, Part, Platform, Rendition
from ausrufer.adapter.testing import FakePlatform, Published
from ausrufer.deliveries import changes
from ausrufer.deliveries.alarms import alarms
from ausrufer.deliveries.board import Row, board
from ausrufer.deliveries.clock_jumps import even_out
from ausrufer.deliveries.keep import KeepProgress
from ausrufer.deliveries.models import Delivery, Release
from ausrufer.deliveries.publish import publish
from ausrufer.deliveries.release import release
from ausrufer.deliveries.states import State
from ausrufer.kernel.database_clock import database_now
from ausrufer.platforms.instagram import Instagram
from ausrufer.posts import pictures, videos
from ausrufer.posts.approval import approve
from ausrufer.posts.models import Attachment, Post
from tests import town
from tests.deliveries.conftest import claims, connected, delivery_to, in_german, work
from tests.deliveries.test_follow_ups import CARRIES
from tests.posts.films import ALT, bring

FIVE_MINUTES = 300.0


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_FOLDER, settings.UPLOADS_FOLDER = tmp_path / "media", tmp_path / "uploads"


@pytest.fixture
def square(own: FakePlatform) -> Iterator[FakePlatform]:
    """A platform that is sent films, and on which we can answer ourselves."""
    yield from connected(FakePlatform("square", facts=CARRIES), 10)


@pytest.fixture
def gallery(own: FakePlatform, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakePlatform]:
    """A platform on which nothing is shown without a picture or film."""
    for each in connected(FakePlatform("gallery", facts=replace(CARRIES, can_reply=False, needs_picture=True)), 20):
        monkeypatch.setattr(each.platform, "render", Instagram.render)
        yield each


@pytest.fixture
def letters(own: FakePlatform) -> Iterator[FakePlatform]:
    """A platform that only names the page on which the film is."""
    yield from connected(FakePlatform("letters", facts=replace(CARRIES, sends_pictures=SendsPictures.NEVER)), 20)


def filmed(folder: Path, *, urgent: bool = False, content: bytes = b"", **more: object) -> tuple[Post, Attachment]:
    amira = town.amira()
    post = town.written(town.STORM, by=amira, about=town.crisis() if urgent else town.topic(), **more)
    film = bring(post, folder, by=amira, content=content)
    return post, film


def with_map(post: Post) -> None:
    photo = io.BytesIO()
    Image.new("RGB", (1200, 800), "navy").save(photo, "JPEG")
    photo.seek(0)
    pictures.attach(post, file=photo, name="karte.jpg", by=town.amira(), alt="Karte der gesperrten Parks")
    post.refresh_from_db()


def released(post: Post) -> Release:
    release = publish(post, by=town.amira(), revision=post.revision)
    work()
    return release


def on(release: Release, platform: FakePlatform, *, follows: bool = False) -> Row:
    rows = [each for each in board(release).rows if each.delivery.channel.platform == platform.key]
    [row] = [each for each in rows if each.follows == follows]
    return row


def films_on(platform: FakePlatform) -> list[list[str]]:
    """Of every post there, its films' descriptions; a gap would have no digest."""
    return [[each.alt for each in one.rendition.videos if each.digest] for one in platform.published]


def test_only_who_carries_the_film_waits_for_it(
    square: FakePlatform, letters: FakePlatform, own: FakePlatform, tmp_path: Path
) -> None:
    post, _film = filmed(tmp_path)
    release = released(post)

    assert (own.timeline, len(letters.timeline), square.timeline) == ([town.STORM], 1, [])
    row = on(release, square)
    assert (row.words.startswith("wartet bis "), in_german(row.below)) == (
        True,
        "Das Video wird noch umgewandelt. Ist es bis dahin nicht fertig, geht der Text mit Link.",
    )
    town.let_time_pass(200)
    work()
    assert (square.timeline, alarms()) == ([], [])


def test_ready_in_time_it_goes_with_the_words(square: FakePlatform, tmp_path: Path) -> None:
    post, film = filmed(tmp_path)
    release = released(post)
    town.let_time_pass(100)
    videos.make(film.pk)
    work()

    assert films_on(square) == [[ALT]]
    assert square.timeline == [town.STORM]
    assert (on(release, square).wording, on(release, square).state) == ("ganzer Text, 1 Video", "online")
    film.refresh_from_db()
    assert square.published[0].rendition.videos[0].digest == film.digest


def test_after_five_minutes_the_words_go_with_the_link_and_the_receipt_says_so(
    square: FakePlatform, tmp_path: Path
) -> None:
    post, film = filmed(tmp_path)
    release = released(post)
    town.let_time_pass(FIVE_MINUTES - 5)
    assert claims() == []
    town.let_time_pass(5)
    work()

    assert films_on(square) == [[]]
    assert post.address in square.timeline[0]
    assert (on(release, square).wording, on(release, square).state) == ("Text mit Link", "online")
    videos.make(film.pk)  # too late for this copy
    work()
    assert len(square.published) == 1


def test_what_is_of_use_for_a_short_time_only_is_not_kept_until_it_is_of_none(
    square: FakePlatform, tmp_path: Path
) -> None:
    post, _film = filmed(tmp_path, useful_until=database_now() + timedelta(minutes=4))
    released(post)
    assert square.timeline == []
    town.let_time_pass(121)
    work()
    assert films_on(square) == [[]]


def test_nobody_waits_for_a_film_that_cannot_be_made(square: FakePlatform, own: FakePlatform, tmp_path: Path) -> None:
    damaged = b"\0\0\0\x18ftypmp42" + bytes(2000)
    post, film = filmed(tmp_path, content=damaged)
    release = released(post)
    assert square.timeline == []
    videos.make(film.pk)
    work()

    assert (films_on(square), on(release, square).wording) == ([[]], "Text mit Link")
    frozen = release.approval.renditions.get(channel__platform="own", rank=0)
    assert frozen.body["videos"] == []  # the own page no longer promises it


def test_in_a_crisis_the_words_go_at_once_and_the_film_answers_them(
    square: FakePlatform, own: FakePlatform, tmp_path: Path
) -> None:
    post, film = filmed(tmp_path, urgent=True)
    release = released(post)
    assert (own.timeline, square.timeline) == ([town.STORM], [town.STORM])
    row = on(release, square, follows=True)
    assert (row.words, in_german(row.below)) == ("wartet", "folgt, sobald das Video umgewandelt ist")
    town.let_time_pass(3600)
    work()
    assert (len(square.published), alarms()) == (1, [])

    videos.make(film.pk)
    work()
    assert films_on(square) == [[], [ALT]]
    reply = square.orders[-1].reply_to
    assert reply
    assert reply.parts[0].id == square.published[0].part.id
    assert square.timeline[1] == f"Video zur Meldung:\n{square.published[0].rendition.page}"
    row = on(release, square, follows=True)
    assert (row.wording, row.state) == ("folgt als Antwort, 1 Video", "online")


def test_pictures_that_are_ready_do_not_wait_for_the_film(square: FakePlatform, tmp_path: Path) -> None:
    post, film = filmed(tmp_path, urgent=True)
    with_map(post)
    release = released(post)
    assert [(len(each.rendition.pictures), len(each.rendition.videos)) for each in square.published] == [(0, 0), (1, 0)]
    videos.make(film.pk)
    work()
    assert films_on(square) == [[], [], [ALT]]

    changes.withdraw(release, reason="Der Sturm zieht vorbei.", by=town.amira())
    work()
    assert square.timeline == []
    slots = {row.slot for each in board(release).changes for row in each.rows if row.delivery.channel.key == "square"}
    assert slots == {"square-1", "square-1-follow", "square-1-film"}


def shown_on(platform: FakePlatform) -> list[tuple[int, int]]:
    """Of every post there, how many pictures and films."""
    return [(len(each.rendition.pictures), len(each.rendition.videos)) for each in platform.published]


def test_in_a_crisis_pictures_that_are_there_do_not_wait_where_a_text_alone_is_refused(
    gallery: FakePlatform, tmp_path: Path
) -> None:
    post, _film = filmed(tmp_path, urgent=True)
    with_map(post)
    released(post)
    assert shown_on(gallery) == [(1, 0)]


def test_where_a_text_alone_is_refused_pictures_go_without_a_late_film(gallery: FakePlatform, tmp_path: Path) -> None:
    post, _film = filmed(tmp_path)
    with_map(post)
    release = released(post)
    assert in_german(on(release, gallery).below).endswith("gehen die Bilder ohne es.")
    town.let_time_pass(FIVE_MINUTES)
    work()
    assert (shown_on(gallery), on(release, gallery).state) == ([(1, 0)], "online")


@pytest.mark.parametrize("urgent", [False, True])
def test_where_nothing_goes_without_the_film_it_is_waited_for(
    gallery: FakePlatform, tmp_path: Path, urgent: bool
) -> None:
    post, film = filmed(tmp_path, urgent=urgent)
    release = released(post)
    town.let_time_pass(3600)
    work()
    assert in_german(on(release, gallery).below).endswith("nimmt der Kanal keinen Beitrag an.")
    assert (shown_on(gallery), alarms()) == ([], [])
    videos.make(film.pk)
    work()
    assert (shown_on(gallery), on(release, gallery).state) == ([(0, 1)], "online")


def test_a_film_that_cannot_be_made_does_not_follow_and_the_board_says_why(
    square: FakePlatform, tmp_path: Path
) -> None:
    post, film = filmed(tmp_path, urgent=True, content=b"\0\0\0\x18ftypmp42" + bytes(2000))
    release = released(post)
    videos.make(film.pk)
    row = on(release, square, follows=True)
    assert (row.words, in_german(row.below)) == ("nicht mehr gesendet", "Das Video ließ sich nicht umwandeln.")
    assert square.timeline == [town.STORM]
    assert (on(release, square).state, board(release).all_done) == ("online", True)


def test_of_two_films_the_one_that_could_be_made_follows_alone(square: FakePlatform, tmp_path: Path) -> None:
    post, film = filmed(tmp_path, urgent=True)
    lost = bring(post, tmp_path, by=town.amira(), content=b"\0\0\0\x18ftypmp42" + bytes(2000))
    release = released(post)
    videos.make(film.pk)
    videos.make(lost.pk)
    work()
    assert films_on(square) == [[], [ALT]]
    assert on(release, square, follows=True).wording == "folgt als Antwort, 1 Video"


def test_what_nobody_makes_ends_after_hours_with_a_sentence(square: FakePlatform, tmp_path: Path) -> None:
    post, _film = filmed(tmp_path, urgent=True)
    release = released(post)
    town.let_time_pass(3 * 3600 + 1)
    work()
    row = on(release, square, follows=True)
    assert (row.state, in_german(row.below)) == ("failed", "Das Video war nicht rechtzeitig umgewandelt.")


def test_what_fails_for_no_reason_anybody_knows_is_given_up_after_the_last_try(
    square: FakePlatform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The platform's file has a mistake: it cannot say what it would show of this film."""

    def stumble(_: Platform, draft: Draft) -> list[Rendition]:
        raise IndexError(draft.videos[0].seconds)

    post, film = filmed(tmp_path)
    release = released(post)
    monkeypatch.setattr(square.platform, "render", stumble)
    with pytest.raises(IndexError):
        videos.make(film.pk)
    work()
    assert square.timeline == []
    with pytest.raises(IndexError):
        videos.make(film.pk, is_last_try=True)
    work()
    assert (films_on(square), on(release, square).wording) == ([[]], "Text mit Link")


def test_a_film_that_is_still_on_its_way_is_not_sent_once_more(own: FakePlatform, tmp_path: Path) -> None:
    """The dispatcher's session with the database ended, its call did not: Telegram is given a minute for a film."""
    for heavy in connected(FakePlatform("heavy", facts=replace(CARRIES, longest_call=115.0)), 10):
        post, film = filmed(tmp_path)
        videos.make(film.pk)
        publish(post, by=town.amira(), revision=post.revision)
        claims()
        sending = Delivery.objects.select_related("channel").get(channel__platform="heavy")
        KeepProgress(sending)({})
        Delivery.objects.filter(pk=sending.pk).update(claimed_by=1)  # nobody holds its lock
        work()
        town.let_time_pass(45)
        work()
        assert (heavy.published, delivery_to(heavy).state) == ([], State.UNCLEAR)

        heavy.published.append(Published(str(sending.key), Rendition(town.STORM), Part("1", "https://heavy.example/1")))
        town.let_time_pass(115)
        work()
        assert (len(heavy.published), delivery_to(heavy).state) == (1, State.ONLINE)


def test_a_planned_post_waits_from_its_time_on(square: FakePlatform, tmp_path: Path) -> None:
    post, _film = filmed(tmp_path, due_at=database_now() + timedelta(hours=1))
    release = released(post)
    town.let_time_pass(3600 + FIVE_MINUTES - 5)
    work()
    assert square.timeline == []
    assert on(release, square).words.startswith("wartet bis ")
    town.let_time_pass(5)
    work()
    assert films_on(square) == [[]]


def test_a_jump_of_the_clock_before_its_time_does_not_move_how_long_it_waits(
    square: FakePlatform, tmp_path: Path
) -> None:
    due = database_now() + timedelta(hours=3)
    post, _film = filmed(tmp_path, due_at=due)
    released(post)
    town.let_time_pass(3600)
    even_out(timedelta(hours=1), database_now(), unnoticed=timedelta(seconds=1))
    assert Delivery.objects.get(channel__platform="square").not_before == due + timedelta(seconds=FIVE_MINUTES)


def test_a_film_that_is_ready_before_the_time_goes_at_the_time(square: FakePlatform, tmp_path: Path) -> None:
    post, film = filmed(tmp_path, due_at=database_now() + timedelta(hours=1))
    released(post)
    videos.make(film.pk)
    work()
    assert square.timeline == []
    town.let_time_pass(3600)
    work()
    assert films_on(square) == [[ALT]]


@pytest.mark.parametrize("urgent", [False, True])
def test_the_film_of_a_withdrawn_post_goes_nowhere(square: FakePlatform, urgent: bool, tmp_path: Path) -> None:
    post, film = filmed(tmp_path, urgent=urgent)
    release = released(post)
    changes.withdraw(release, reason="Es war nur eine Übung.", by=town.amira())
    work()
    videos.make(film.pk)
    town.let_time_pass(4 * 3600)
    work()
    assert square.timeline == []
    assert not any(each for each in films_on(square))


def test_corrected_while_the_film_is_awaited_it_goes_with_the_new_words(
    square: FakePlatform, own: FakePlatform, tmp_path: Path
) -> None:
    post, film = filmed(tmp_path)
    release = released(post)
    right = "Die Warnung gilt nur noch bis 20 Uhr."
    changes.correct(release, text=right, reason="", by=town.amira())
    work()
    assert square.timeline == []
    videos.make(film.pk)
    work()
    assert (square.timeline, films_on(square)) == ([right], [[ALT]])


def test_a_corrected_copy_without_the_film_keeps_its_link_when_the_film_is_there(
    own: FakePlatform, tmp_path: Path
) -> None:
    for edited in connected(FakePlatform("edited", facts=replace(CARRIES, can_edit=True)), 10):
        post, film = filmed(tmp_path)
        release = released(post)
        town.let_time_pass(FIVE_MINUTES)
        work()
        videos.make(film.pk)
        changes.correct(release, text="Die Warnung gilt nur noch bis 20 Uhr.", reason="", by=town.amira())
        work()
        [shown] = edited.timeline
        assert (shown.startswith("Die Warnung gilt nur noch"), post.address in shown) == (True, True)
        [told] = [row.wording for each in board(release).changes for row in each.rows if row.channel == "Edited"]
        assert told == "Text mit Link"


def test_a_correction_does_not_wait_for_the_film(square: FakePlatform, tmp_path: Path) -> None:
    post, _film = filmed(tmp_path)
    release = released(post)
    town.let_time_pass(FIVE_MINUTES)
    work()
    changes.correct(release, text="Die Warnung gilt nur noch bis 20 Uhr.", reason="", by=town.amira())
    work()
    assert square.timeline[-1].startswith("Berichtigung: Die Warnung gilt nur noch bis 20 Uhr.")
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.ONLINE}


@pytest.mark.parametrize("is_ready_between", [False, True])
def test_what_was_approved_first_and_released_later_is_still_the_same(
    square: FakePlatform, tmp_path: Path, is_ready_between: bool
) -> None:
    post, film = filmed(tmp_path)
    approval = approve(post, by=town.amira(), revision=post.revision)
    if is_ready_between:
        videos.make(film.pk)
    release(approval, by=town.amira())
    work()
    assert films_on(square) == ([[ALT]] if is_ready_between else [])
