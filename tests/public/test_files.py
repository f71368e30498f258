"""The public folder over HTTP, as browsers, feed readers and attackers ask for it."""

from __future__ import annotations

import gzip
from pathlib import Path

import brotli
import pytest

from ausrufer.public.folder import PublicFolder
from ausrufer.public.stream.files import PublicFiles, Response
from tests.public.conftest import content

PAGE = "<p>Die Saarstraße ist gesperrt.</p>" * 30


@pytest.fixture
def files(tmp_path: Path) -> PublicFiles:
    (tmp_path / "secret.txt").write_text("geheim")
    with PublicFolder(tmp_path / "public").writing() as writing:
        for name in ("index.html", "b/7k4q2m/index.html", "feed.atom", "feed.json", "live.js", "style.css"):
            writing.put(name, PAGE)
        writing.put("media/bild.jpg", bytes(range(200)) * 10)
        writing.put("media/worte.vtt", "WEBVTT")
        writing.put("404.html", "<h1>Diese Seite gibt es nicht</h1>")
    return PublicFiles(tmp_path / "public")


def ask(files: PublicFiles, path: str, **headers: str) -> Response:
    return files.answer(path, {name.replace("_", "-").encode(): value.encode() for name, value in headers.items()})


@pytest.mark.parametrize("path", ["/", "/b/7k4q2m", "/b/7k4q2m/", "/b/7k4q2m?von=mail", "//b//7k4q2m"])
def test_a_page_is_found(files: PublicFiles, path: str) -> None:
    assert ask(files, path).body.decode() == PAGE


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/b/../../secret.txt",
        "/..%2fsecret.txt",
        "/.lock",
        "/b/%2e%2e%5csecret.txt",
        "/%00",
        "/link.txt",
        "/" + "a" * 5000,
        "/%ff%fe",
        "http://stadt.example/../secret.txt",
        "*",
        "",
    ],
)
def test_nothing_outside_of_the_folder_is_ever_read(files: PublicFiles, path: str) -> None:
    (files.root / "link.txt").symlink_to(files.root.parent / "secret.txt")
    answer = ask(files, path)
    assert b"geheim" not in answer.body
    assert answer.status == (404 if path else 200)


def test_a_missing_page_says_so_in_german(files: PublicFiles) -> None:
    answer = ask(files, "/b/gibtsnicht")
    assert answer.status == 404
    assert "Diese Seite gibt es nicht" in answer.body.decode()
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("gzip;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.0,gzip;q=0", ""),
        ("identity", ""),
        ("bread", ""),
        ("", ""),
    ],
)
def test_the_reader_chooses_the_encoding(files: PublicFiles, accepted: str, encoding: str) -> None:
    answer = ask(files, "/", accept_encoding=accepted)
    assert answer.headers.get("Content-Encoding", "") == encoding
    opened = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[encoding](answer.body)
    assert opened.decode() == PAGE


@pytest.mark.parametrize("accepted", ["br", "gzip", ""])
def test_what_the_reader_has_already_is_not_sent_again(files: PublicFiles, accepted: str) -> None:
    tag = ask(files, "/", accept_encoding=accepted).headers["ETag"]
    answer = ask(files, "/", accept_encoding=accepted, if_none_match=f'"anders", W/{tag}')
    assert (answer.status, answer.body) == (304, b"")


def test_a_page_written_anew_is_seen_at_once(files: PublicFiles) -> None:
    tag = ask(files, "/").headers["ETag"]
    with PublicFolder(files.root).writing() as writing:
        writing.put("index.html", PAGE.replace("gesperrt", "geöffnet"))
    answer = ask(files, "/", if_none_match=tag)
    assert answer.status == 200
    assert "geöffnet" in answer.body.decode()


@pytest.mark.parametrize(
    ("span", "status", "length", "named"),
    [
        ("bytes=0-99", 206, 100, "bytes 0-99/2000"),
        ("bytes=1990-", 206, 10, "bytes 1990-1999/2000"),
        ("bytes=-5", 206, 5, "bytes 1995-1999/2000"),
        ("bytes=0-99999", 206, 2000, "bytes 0-1999/2000"),
        ("bytes=2000-", 416, 0, "bytes */2000"),
        ("bytes=9-3", 416, 0, "bytes */2000"),
        ("bytes=0-1,5-6", 200, 2000, None),
        ("bytes=a-b", 200, 2000, None),
        ("seiten=1-2", 200, 2000, None),
    ],
)
def test_a_part_of_a_picture_can_be_asked_for(
    files: PublicFiles, span: str, status: int, length: int, named: str | None
) -> None:
    answer = ask(files, "/media/bild.jpg", range=span)
    assert (answer.status, len(answer.body), answer.headers.get("Content-Range")) == (status, length, named)


FILM = bytes(range(256)) * 4000  # large enough to be sent from the disk


@pytest.mark.parametrize(
    ("span", "status", "start", "length"),
    [
        (None, 200, 0, 1_024_000),
        ("bytes=0-", 206, 0, 1_024_000),
        ("bytes=1000000-1000099", 206, 1_000_000, 100),
        ("bytes=-500", 206, 1_023_500, 500),
        ("bytes=1023000-9999999", 206, 1_023_000, 1000),
    ],
)
def test_a_film_is_sent_in_the_part_that_was_asked_for(
    files: PublicFiles, span: str | None, status: int, start: int, length: int
) -> None:
    (files.root / "media" / "film.mp4").write_bytes(FILM)
    answer = ask(files, "/media/film.mp4", **({"range": span} if span else {}))
    assert (answer.status, answer.headers["Content-Type"]) == (status, "video/mp4")
    assert answer.source
    assert (answer.source.start, answer.source.length) == (start, length)
    assert content(answer) == FILM[start : start + length]


def test_a_film_that_did_not_change_is_not_sent_again(files: PublicFiles) -> None:
    (files.root / "media" / "film.mp4").write_bytes(FILM)
    tag = ask(files, "/media/film.mp4").headers["ETag"]
    assert ask(files, "/media/film.mp4", if_none_match=tag).status == 304
    assert ask(files, "/media/film.mp4", range="bytes=0-9", if_range=tag).status == 206
    assert ask(files, "/media/film.mp4", range="bytes=1024000-").status == 416


def test_a_part_of_an_older_version_is_not_glued_to_a_newer_one(files: PublicFiles) -> None:
    assert ask(files, "/media/bild.jpg", range="bytes=0-9", if_range='"alt"').status == 200


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/feed.atom", "application/atom+xml; charset=utf-8"),
        ("/feed.json", "application/json; charset=utf-8"),
        ("/live.js", "text/javascript; charset=utf-8"),
        ("/style.css", "text/css; charset=utf-8"),
        ("/media/bild.jpg", "image/jpeg"),
        ("/media/worte.vtt", "text/vtt; charset=utf-8"),
    ],
)
def test_every_file_says_what_it_is_and_is_safe(files: PublicFiles, path: str, kind: str) -> None:
    headers = ask(files, path).headers
    assert headers["Content-Type"] == kind
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_pictures_may_be_kept_for_ever_and_pages_are_asked_for_again(files: PublicFiles) -> None:
    assert "immutable" in ask(files, "/media/bild.jpg").headers["Cache-Control"]
    assert ask(files, "/").headers["Cache-Control"] == "no-cache"
