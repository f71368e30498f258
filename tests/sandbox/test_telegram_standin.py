"""The stand-in refuses what the sheet says Telegram refuses (section 3): lengths, files, albums, old posts, haste."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from PIL import Image

from sandbox.telegram.__main__ import Telegram
from sandbox.telegram.errors import Refused
from tests.platforms.rigs.small import Small, playing
from tests.system import until

BOT = "/bot4711:demo-token"
CHAT = {"chat_id": "@stadt_trier"}
NOW = 1_795_392_000.0


def image(width: int = 80, height: int = 60) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, "JPEG")
    return out.getvalue()


def files(content: bytes, kind: str = "photo") -> dict[str, Any]:
    return {kind: ("datei", content, "application/octet-stream")}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    with playing("telegram", tmp_path_factory.mktemp("telegram")) as standin:
        yield standin


@pytest.fixture
def telegram(played: Small) -> Small:
    played.calm()
    return played


def told(telegram: Small, method: str, said: dict[str, Any], **request: Any) -> httpx.Response:
    return telegram.client.post(f"{BOT}/{method}", data={**CHAT, **said}, **request)


def result(telegram: Small, method: str, said: dict[str, Any], **request: Any) -> Any:
    return told(telegram, method, said, **request).raise_for_status().json()["result"]


def refusal(telegram: Small, method: str, said: dict[str, Any], **request: Any) -> str:
    """What is said; and nothing of it is online."""
    before = telegram.posts()
    answer = told(telegram, method, said, **request)
    assert telegram.posts() == before
    assert answer.status_code == answer.json()["error_code"] == 400
    return str(answer.json()["description"])


@pytest.mark.parametrize(
    ("method", "said", "description"),
    [
        ("sendMessage", {"text": "🚨" * 2049}, "message is too long"),  # counted in UTF-16
        ("sendMessage", {"text": " "}, "message text is empty"),
        ("sendMessage", {"text": "\u2028\u202b"}, "message text is empty"),  # nothing of it is kept
        ("sendMessage", {"text": "x", "chat_id": "@andere"}, "chat not found"),
        ("sendMessage", {"text": "x", "reply_parameters": '{"message_id": 99999}'}, "message to be replied not found"),
        ("sendMessage", {"text": "*x*", "parse_mode": "MarkdownV2"}, "reads no parse_mode"),
        ("sendPhoto", {"caption": "x" * 1025}, "caption is too long"),
        ("deleteMessage", {"message_id": "99999"}, "message to delete not found"),
        ("editMessageText", {"message_id": "99999", "text": "x"}, "message to edit not found"),
    ],
)
def test_telegram_refuses(telegram: Small, method: str, said: dict[str, str], description: str) -> None:
    request = {"files": files(image())} if method == "sendPhoto" else {}
    assert description in refusal(telegram, method, said, **request)


def test_a_text_has_4096_units_and_a_caption_1024(telegram: Small) -> None:
    assert result(telegram, "sendMessage", {"text": "ü" * 4096})["text"] == "ü" * 4096
    telegram.calm()
    shown = result(telegram, "sendPhoto", {"caption": "🚨" * 512}, files=files(image()))
    assert shown["caption"] == "🚨" * 512


@pytest.mark.parametrize(
    ("photo", "description"),
    [
        (b"\xff\xd8\xff" + b"x" * 10_000_001, "is too big for a photo"),
        (image(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
        (image(6000, 5000), "PHOTO_INVALID_DIMENSIONS"),
        (b"", "there is no photo in the request"),
    ],
)
def test_a_photo_is_small_and_no_strip(telegram: Small, photo: bytes, description: str) -> None:
    assert description in refusal(telegram, "sendPhoto", {}, files=files(photo))


@pytest.mark.parametrize(("items", "taken"), [(1, False), (2, True), (10, True), (11, False)])
def test_an_album_has_two_to_ten_items(telegram: Small, items: int, taken: bool) -> None:
    media = [{"type": "photo", "media": f"attach://m{place}"} for place in range(items)]
    sent = {f"m{place}": ("bild", image(), "image/jpeg") for place in range(items)}
    before = len(telegram.posts())
    answer = told(telegram, "sendMediaGroup", {"media": json.dumps(media)}, files=sent)
    assert (answer.is_success, len(telegram.posts()) - before) == (taken, items if taken else 0)


def test_an_album_with_one_bad_item_is_none(telegram: Small) -> None:
    media = [
        {"type": "photo", "media": "attach://m0"},
        {"type": "photo", "media": "attach://m1", "caption": "x" * 1025},
    ]
    sent = {name: ("bild", image(), "image/jpeg") for name in ("m0", "m1")}
    assert "caption is too long" in refusal(telegram, "sendMediaGroup", {"media": json.dumps(media)}, files=sent)


def test_no_file_is_over_fifty_megabytes(telegram: Small) -> None:
    answer = told(telegram, "sendVideo", {}, files=files(b"\0" * 51_000_001, "video"))
    assert (answer.status_code, answer.json()["description"]) == (413, "Request Entity Too Large")


@pytest.mark.parametrize(("method", "status"), [("sendMessage", 401), ("raiseTaxes", 404)])
def test_telegram_knows_its_bot_and_its_methods(telegram: Small, method: str, status: int) -> None:
    bot = BOT if status == 404 else "/bot4711:falsch"
    answer = telegram.client.post(f"{bot}/{method}", json={**CHAT, "text": "Hochwasser"})
    assert (answer.status_code, answer.json()["error_code"]) == (status, status)


def test_words_change_only_into_others(telegram: Small) -> None:
    said = {"text": "Hochwasser"}
    post = {"message_id": result(telegram, "sendMessage", said)["message_id"]}
    assert "message is not modified" in refusal(telegram, "editMessageText", said | post)
    assert "message is not modified" in refusal(telegram, "editMessageText", {"text": "Hochwasser\u202b "} | post)
    assert "no text in the message" in refusal(telegram, "editMessageCaption", {"caption": "x"} | post)
    assert result(telegram, "editMessageText", {"text": "Entwarnung"} | post)["text"] == "Entwarnung"


def test_buttons_are_a_hundred_at_most_and_eight_in_a_row(telegram: Small) -> None:
    button = {"text": "Karte", "url": "https://www.trier.de"}
    for rows in ([[button] * 9], [[button] * 8] * 13):
        said = {"text": "x", "reply_markup": json.dumps({"inline_keyboard": rows})}
        assert "reply markup is too long" in refusal(telegram, "sendMessage", said)
    said = {"text": "x", "reply_markup": json.dumps({"inline_keyboard": [[button] * 8] * 12})}
    assert told(telegram, "sendMessage", said).is_success


def test_beyond_a_hundred_entities_the_rest_is_plain_text(telegram: Small) -> None:
    """As python-telegram-bot found out: they are ignored, and nobody is told."""
    text = " ".join(f"https://trier.de/{number}" for number in range(101))
    shown = result(telegram, "sendMessage", {"text": text})
    page = telegram.client.get(f"/stadt_trier/{shown['message_id']}").text
    assert (shown["text"], len(shown["entities"])) == (text, 100)
    assert '<a href="https://trier.de/99">' in page
    assert '<a href="https://trier.de/100">' not in page and "https://trier.de/100" in page


def test_what_is_more_than_plain_is_found_behind_an_emoji(telegram: Small) -> None:
    text = "🚨 Lage: https://trier.de/ä #Hochwasser @stadt_trier, nicht a@stadt_trier.de"
    shown = result(telegram, "sendMessage", {"text": text, "entities": '[{"type": "bold", "offset": 0, "length": 2}]'})
    found = [(each["type"], each["offset"], each["length"]) for each in shown["entities"]]
    assert found == [("bold", 0, 2), ("url", 9, 18), ("hashtag", 28, 11), ("mention", 40, 12)]


@pytest.mark.parametrize(
    ("entity", "description"),
    [
        ({"type": "bold", "offset": 1, "length": 3}, "in a middle of a UTF-16 symbol"),
        ({"type": "bold", "offset": 0, "length": 1}, "in a middle of a UTF-16 symbol"),
        ({"type": "bold", "offset": 0, "length": 99}, "not inside the text"),
        ({"type": "bold", "offset": 0, "length": 0}, "not inside the text"),
        ({"type": "bold", "offset": "0"}, "can't parse MessageEntity"),
    ],
)
def test_entities_are_counted_in_utf16(telegram: Small, entity: dict[str, Any], description: str) -> None:
    assert description in refusal(telegram, "sendMessage", {"text": "🚨 Hochwasser", "entities": json.dumps([entity])})


def test_a_chat_takes_one_message_a_second_and_says_when_the_next(telegram: Small) -> None:
    assert told(telegram, "sendMessage", {"text": "Erstens"}).is_success
    before = telegram.posts()
    answer = told(telegram, "sendMessage", {"text": "Zweitens"})
    assert (answer.status_code, answer.json()) == (
        429,
        {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 1",
            "parameters": {"retry_after": 1},
        },
    )
    assert telegram.posts() == before
    until(lambda: told(telegram, "sendMessage", {"text": "Zweitens"}).is_success, within=3, what="the next second")


def test_looking_changing_and_deleting_need_no_patience(telegram: Small) -> None:
    post = {"message_id": result(telegram, "sendMessage", {"text": "Hochwasser"})["message_id"]}
    assert told(telegram, "getChat", {}).is_success
    assert told(telegram, "editMessageText", {"text": "Entwarnung"} | post).is_success
    assert told(telegram, "deleteMessage", post).is_success


def test_what_is_refused_takes_no_second(telegram: Small) -> None:
    refusal(telegram, "sendMessage", {"text": " "})
    assert told(telegram, "sendMessage", {"text": "Hochwasser"}).is_success


def album_of(items: int) -> dict[str, Any]:
    media = json.dumps([{"type": "photo", "media": f"attach://m{place}"} for place in range(items)])
    return CHAT | {"media": media} | {f"m{place}": image() for place in range(items)}


def test_each_picture_of_an_album_takes_its_second() -> None:
    telegram = Telegram()
    telegram.call("sendMediaGroup", album_of(10), NOW)
    with pytest.raises(Refused, match="retry after 10"):
        telegram.call("sendMessage", CHAT | {"text": "Hochwasser"}, NOW)
    with pytest.raises(Refused, match=r"retry after 1$"):
        telegram.call("sendMessage", CHAT | {"text": "Hochwasser"}, NOW + 9.5)
    telegram.call("sendMessage", CHAT | {"text": "Hochwasser"}, NOW + 10)


def test_after_48_hours_only_a_person_deletes() -> None:
    telegram = Telegram()
    first, second = (
        {"message_id": telegram.call("sendMessage", CHAT | {"text": "Hochwasser"}, NOW + second)["message_id"]}
        for second in (0, 1)
    )
    with pytest.raises(Refused, match="message can't be deleted"):
        telegram.call("deleteMessage", CHAT | first, NOW + 48 * 3600 + 0.5)
    assert telegram.call("deleteMessage", CHAT | second, NOW + 48 * 3600 + 0.5) is True
