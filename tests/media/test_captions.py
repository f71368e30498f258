"""Captions keep their times and words; styles, markup and mistakes do not get through."""

from __future__ import annotations

import pytest

from ausrufer.media.captions import clean_captions
from ausrufer.media.trouble import BadMedia

GOOD = """\ufeffWEBVTT - Sturm\r
\r
STYLE\r
::cue { background: url(https://example.org/zaehlt-mit) }\r
\r
NOTE von Amira\r
\r
erste\r
00:01.000 --> 00:04.000 align:start position:10%\r
<v Amira>Meiden Sie <b>Parks</b> &amp; Wälder.</v>\r
\r
01:00:04.000 --> 01:00:06.500\r
Zwei\r
Zeilen.\r
"""


def test_times_and_words_are_kept_and_nothing_else() -> None:
    assert clean_captions(GOOD.encode(), "sturm.vtt") == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\nMeiden Sie Parks &amp; Wälder.\n\n"
        "01:00:04.000 --> 01:00:06.500\nZwei\nZeilen.\n"
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"1\n00:00:01,000 --> 00:00:04,000\nSRT", "keine Untertiteldatei im Format WebVTT"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nGrüße".encode("latin-1"), "keine Untertiteldatei"),
        (b"WEBVTT\n\n00:04.000 --> 00:01.000\nX", "Zeile 3: Der Untertitel endet, bevor er beginnt"),
        (b"WEBVTT\n\n" + b"9" * 5000 + b":00:04.000 --> 00:05.000\nX", "Zeile 3: Hier fehlt eine Zeitangabe"),
        (b"WEBVTT\n\nnur Worte\nund noch welche", "Zeile 3: Hier fehlt eine Zeitangabe"),
        (b"WEBVTT\n\n00:01,000 --> 00:02,000\nX", "Zeile 3: Hier fehlt eine Zeitangabe"),
        (b"WEBVTT\n", "enthält keinen Untertitel"),
        (b"", "keine Untertiteldatei"),
        (b"WEBVTT" + b" " * 2_000_000, "größer als 2 MB"),
    ],
)
def test_what_players_could_not_show_is_refused_with_the_line(content: bytes, sentence: str) -> None:
    with pytest.raises(BadMedia, match=sentence):
        clean_captions(content, "sturm.vtt")
