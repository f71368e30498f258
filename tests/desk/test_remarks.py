"""What Amira reads beside the button about several channels: each is named where a sentence is true of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils.translation import override

from ausrufer.adapter.contract import Draft, Video
from ausrufer.desk.compose_page import shortened_words
from ausrufer.desk.previews import condition, count_words
from ausrufer.desk.remarks import film_words, follow_words, shown_words
from ausrufer.desk.templatetags.desk import said
from ausrufer.posts.render import ChannelRenditions, rendered
from tests import town
from tests.platforms.rigs import picture

FILM = Video("ab" * 32, 1280, 720, 60.0, 9_000_000, "Der Wasserstand")
AWAITED = replace(FILM, digest="", awaited="key", seconds=0.0, size=0)
SHORT = Draft("Die Mosel steigt.", "https://stadt.example/b/1")
pytestmark = pytest.mark.django_db


def on(draft: Draft, *platforms: str) -> list[ChannelRenditions]:
    return [rendered(town.channel(each), draft) for each in ("website", *platforms)]


def test_in_a_crisis_each_channel_is_named_where_the_sentence_is_true() -> None:
    crisis = replace(SHORT, urgent=True, pictures=(picture("bruecke"),))
    assert follow_words(on(crisis, "mastodon", "facebook", "x")) == [
        "Auf Mastodon geht erst der Text hinaus, das Bild folgt als Antwort.",
        "Auf Facebook und X geht beides zugleich hinaus.",
    ]


def test_in_a_crisis_a_film_is_a_link_where_nobody_can_answer() -> None:
    seen = on(replace(SHORT, urgent=True, videos=(FILM,)), "telegram", "x")
    assert follow_words(seen) == ["Auf Telegram geht erst der Text hinaus, das Video folgt als Antwort."]
    assert shown_words(seen) == ["X zeigt den ganzen Text mit Link."]
    assert shortened_words(seen[-1], 0, 1) == "ohne Video: Text mit Link"
    assert seen[1].follow_ups[0].text.startswith("Video zur Meldung:")


def test_a_picture_and_a_link_to_the_film_are_not_called_too_long() -> None:
    [_, x] = on(replace(SHORT, urgent=True, videos=(FILM,), pictures=(picture("bruecke"),)), "x")
    assert (x.wanted.wording, shortened_words(x, 1, 1)) == ("linked", "ohne Video: Text mit Link")


def test_a_channel_that_needs_a_picture_does_not_fall_back_to_text() -> None:
    first, second = film_words(on(replace(SHORT, videos=(AWAITED,)), "mastodon", "instagram"))
    assert "gewartet (Mastodon), dann geht dort der Text mit Link hinaus." in first
    assert second == ("Instagram wartet, bis das Video umgewandelt ist: Ohne Bild oder Video geht dort nichts hinaus.")


def test_what_is_true_of_several_channels_is_one_sentence() -> None:
    seen = on(replace(SHORT, text="Die Mosel steigt. " * 60), "threads", "bluesky", "x")
    assert shown_words(seen) == ["Threads, Bluesky und X erscheinen gekürzt mit Link."]
    assert condition(seen[1], seen[1].fallbacks[0]) == "Wenn Threads den Text zu lang findet: noch kürzer mit Link"


def test_in_english_pieces_and_numbers_are_english() -> None:
    [_, telegram] = on(SHORT, "telegram")
    with override("en"):
        assert said("ganzer Text, 1 Bild, 2 Videos") == "whole text, 1 picture, 2 videos"
        assert count_words(telegram.wanted) == "17 of 4,096"
    assert count_words(telegram.wanted) == "17 von 4.096"
