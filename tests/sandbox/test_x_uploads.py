"""The X stand-in takes the pictures, animations, films and captions X takes, and no others."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.media.clips import clip
from tests.sandbox import films
from tests.sandbox.playing_x import JPEG, PlayedX, id_of

SRT = b"1\n00:00:00,000 --> 00:00:01,000\nGesperrt.\n"
DAY = 86_400  # seconds


@pytest.mark.parametrize(
    ("content", "category"),
    [
        (b"\xff\xd8\xff" + b"x" * 5_000_000, "tweet_image"),
        (b"%PDF-1.7", "tweet_image"),
        (b"RIFF\0\0\0\0WAVE", "tweet_image"),
        (b"", "tweet_image"),
        (JPEG, "tweet_banner"),
        (JPEG, "tweet_video"),
    ],
)
def test_a_picture_is_refused(x: PlayedX, content: bytes, category: str) -> None:
    assert x.picture(content, category).status_code == 400


@pytest.mark.parametrize("content", [JPEG, b"\x89PNG\r\n", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8 "])
def test_a_picture_of_every_kind_is_taken(x: PlayedX, content: bytes) -> None:
    shown = {"media_ids": [id_of(x.picture(content))]}
    assert x.post(media=shown).status_code == 201


def test_a_description_has_a_thousand_characters(x: PlayedX) -> None:
    media = id_of(x.picture())
    for length, status in ((1000, 200), (1001, 400)):
        said = {"id": media, "metadata": {"alt_text": {"text": "x" * length}}}
        assert x.call("POST", "/2/media/metadata", json=said).status_code == status


@pytest.mark.parametrize(
    ("kind", "category", "size"),
    [
        ("video/mp4", "tweet_video", 512_000_001),
        ("image/gif", "tweet_gif", 15_000_001),
        ("image/jpeg", "tweet_image", 5_000_001),
        ("video/mp4", "tweet_video", 0),
        ("video/mp4", "tweet_image", 100),
        ("video/webm", "tweet_video", 100),
        ("text/plain", "subtitles", 100),
        ("video/mp4", "tweet_banner", 100),
    ],
)
def test_what_is_too_large_or_of_no_such_kind_is_refused_before_it_comes(
    x: PlayedX, kind: str, category: str, size: int
) -> None:
    assert x.announce(kind, category, size).status_code == 400


def test_pieces_come_whole_and_only_until_the_end(x: PlayedX) -> None:
    content = films.film()
    made = id_of(x.announce("video/mp4", "tweet_video", len(content)))
    for piece, number in ((b"x" * 5_000_001, 0), (b"", 0), (b"x", 1000), (b"x", -1)):
        assert x.append(made, piece, number).status_code == 400
    x.append(made, content[100:], 1).raise_for_status()
    assert x.finalize(made).status_code == 400  # the first is missing
    x.append(made, content[:100], 0).raise_for_status()
    assert x.finalize(made).is_success

    assert x.append(made, b"x", 2).status_code == 400
    assert x.finalize(made).status_code == 400


@pytest.mark.parametrize(
    ("content", "state"),
    [
        (films.film(), "succeeded"),
        (films.film(140.5), "failed"),
        (films.film(0.4), "failed"),
        (films.film(size=(1280, 1024)), "succeeded"),
        (films.film(size=(720, 1280)), "succeeded"),  # upright
        (films.film(size=(1920, 1080)), "failed"),
        (films.film(size=(1280, 1026)), "failed"),
        (films.film(size=(640, 30)), "failed"),
        (films.film(rate=60.0), "succeeded"),
        (films.film(rate=61.0), "failed"),
        (films.film(codec=b"hvc1"), "failed"),
        (films.film(profile=110), "failed"),  # ten bits a colour
        (films.film(sound=0), "succeeded"),  # silent
        (films.film(sound=5), "failed"),  # HE-AAC
        (b"\0\0\0\x18ftypmp42" + bytes(100), "failed"),  # no index
        (b"kein Film", "failed"),
    ],
)
def test_a_film_is_processed_and_then_shown_or_not(x: PlayedX, content: bytes, state: str) -> None:
    film = x.upload(content)
    assert x.state(film) == state
    assert x.post(media={"media_ids": [film]}).status_code == (201 if state == "succeeded" else 400)


@pytest.mark.parametrize(
    ("made", "state"),
    [
        ({}, "succeeded"),
        ({"sound": False}, "succeeded"),
        ({"size": (720, 1280)}, "succeeded"),
        ({"rate": 90}, "failed"),
        ({"size": (1920, 1080)}, "failed"),
        ({"pix_fmt": "yuv444p"}, "failed"),
        ({"codec": "mpeg4"}, "failed"),
    ],
)
def test_films_as_programs_write_them_are_read_right(
    x: PlayedX, tmp_path: Path, made: dict[str, Any], state: str
) -> None:
    assert x.state(x.upload(clip(tmp_path / "film.mp4", seconds=1.0, **made).read_bytes())) == state


def test_a_film_of_a_telephone_is_read_right(x: PlayedX, tmp_path: Path) -> None:
    film = clip(tmp_path / "film.mov", seconds=1.0, format="mov").read_bytes()
    assert x.state(x.upload(film, "video/quicktime")) == "succeeded"


def animation(size: tuple[int, int] = (8, 8), pictures: int = 2) -> bytes:
    frames = [Image.new("P", size, number % 2) for number in range(pictures)]
    for each in frames:
        each.putpalette([0, 0, 0, 255, 255, 255])
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "state"),
    [
        (animation(), "succeeded"),
        (animation(pictures=350), "succeeded"),
        (animation(pictures=351), "failed"),
        (animation((1281, 8)), "failed"),
        (animation((8, 1081)), "failed"),
        (animation()[:40], "failed"),
        (JPEG, "failed"),
    ],
)
def test_an_animation_is_small_and_short(x: PlayedX, content: bytes, state: str) -> None:
    assert x.state(x.upload(content, "image/gif", "tweet_gif")) == state


def test_a_picture_in_pieces_is_refused_at_its_end(x: PlayedX) -> None:
    made = id_of(x.announce("image/jpeg", "tweet_image", 8))
    x.append(made, b"%PDF-1.7").raise_for_status()
    assert x.finalize(made).status_code == 400


def test_four_pictures_or_one_film_or_one_animation(x: PlayedX) -> None:
    film, moving = x.upload(films.film()), x.upload(animation(), "image/gif", "tweet_gif")
    assert x.state(film) == x.state(moving) == "succeeded"
    pictures = [id_of(x.picture()) for _ in range(4)]
    for ids in ([*pictures, id_of(x.picture())], [pictures[0], film], [film, moving], [pictures[0], moving]):
        assert x.not_posted({"media": {"media_ids": ids}}).status_code == 400
    for ids in (pictures, [film], [moving]):
        assert x.post(media={"media_ids": ids}).status_code == 201


def test_what_is_not_ready_is_not_shown(x: PlayedX) -> None:
    begun = id_of(x.announce("video/mp4", "tweet_video", 4))
    assert x.not_posted({"media": {"media_ids": [begun]}}).status_code == 400


def test_what_nobody_posts_is_forgotten_after_a_day(x: PlayedX) -> None:
    media = id_of(x.picture())
    x.pass_time(DAY)
    assert x.not_posted({"media": {"media_ids": [media]}}).status_code == 400


def captioned(x: PlayedX, captions: bytes) -> dict[str, Any]:
    """What puts these captions beside a film; both are uploaded."""
    film, said = x.upload(films.film()), x.upload(captions, "text/srt", "subtitles")
    track = {"id": said, "language_code": "DE", "display_name": "Deutsch"}
    return {"id": film, "media_category": "TweetVideo", "subtitles": track}


@pytest.mark.parametrize(
    ("said", "track"),
    [
        ({"media_category": "tweet_video"}, {}),
        ({}, {"language_code": "de"}),
        ({}, {"display_name": ""}),
        ({}, {"id": "0"}),
        ({}, {"colour": "red"}),
    ],
)
def test_captions_are_refused(x: PlayedX, said: dict[str, str], track: dict[str, str]) -> None:
    good = captioned(x, SRT)
    bad = good | said | {"subtitles": good["subtitles"] | track}
    assert x.refused("POST", "/2/media/subtitles", json=bad).status_code == 400
    assert x.call("POST", "/2/media/subtitles", json=good).is_success


def test_captions_stand_beside_a_film_and_nothing_else(x: PlayedX) -> None:
    good = captioned(x, SRT)
    turned_round = good | {"id": good["subtitles"]["id"], "subtitles": good["subtitles"] | {"id": good["id"]}}
    assert x.refused("POST", "/2/media/subtitles", json=turned_round).status_code == 400


def test_a_film_with_captions_x_cannot_read_is_not_answered_for(x: PlayedX) -> None:
    said = captioned(x, b"WEBVTT\n\n00:00.000 --> 00:01.000\nGesperrt.")
    x.call("POST", "/2/media/subtitles", json=said).raise_for_status()
    assert x.state(said["id"]) == "succeeded"
    assert x.not_posted({"media": {"media_ids": [said["id"]]}}).status_code == 503
