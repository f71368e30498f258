"""The X stand-in refuses the posts that X's sheet says X refuses, and whoever calls too often or without right."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.sandbox.playing_x import PlayedX, id_of, words

QUARTER = 900  # seconds


@pytest.mark.parametrize(
    "said",
    [
        {"text": "Wort " * 57},  # 284
        {"text": "trier.de " * 12},  # an address weighs 23, also without its scheme
        {"text": ""},
        {"text": 7},
        {"colour": "red"},
        {"geo": {"place_id": "5a110d312052166f"}},  # known there, not played here
        {"media": {"media_ids": ["0"]}},
        {"media": {"media_ids": []}},
        {"media": {"media_ids": [7]}},
        {"media": "7"},
        {"reply": {}},
        {"reply": {"in_reply_to_tweet_id": 7}},
        {"quote_tweet_id": "sieben"},
        {"poll": {"options": ["Ja"], "duration_minutes": 60}},
        {"poll": {"options": ["Ja", "Nein", "Vielleicht", "Später", "Nie"], "duration_minutes": 60}},
        {"poll": {"options": ["Ja", "x" * 26], "duration_minutes": 60}},
        {"poll": {"options": ["Ja", "Nein"], "duration_minutes": 4}},
        {"poll": {"options": ["Ja", "Nein"], "duration_minutes": 10_081}},
        {"reply_settings": "everybody"},
        {"made_with_ai": "yes"},
    ],
)
def test_a_post_that_is_not_as_it_should_be_is_refused(x: PlayedX, said: dict[str, Any]) -> None:
    answer = x.not_posted(said)
    assert (answer.status_code, answer.json()["title"]) == (400, "invalid-request")


def test_what_else_a_post_may_say_is_taken(x: PlayedX) -> None:
    poll = {"options": ["Ja", "Nein"], "duration_minutes": 5}
    assert x.post(poll=poll, reply_settings="mentionedUsers", made_with_ai=False).status_code == 201


@pytest.mark.parametrize("written", ["Wo ist gesperrt?", "Fragt @stadt_trierer!", "stadt_trier schläft"])
def test_who_did_not_call_us_is_not_answered(x: PlayedX, written: str) -> None:
    answer = x.not_posted({"reply": {"in_reply_to_tweet_id": x.stranger(written)}})
    assert (answer.status_code, answer.json()["type"]) == (403, "about:blank")
    assert "you have not been mentioned" in answer.json()["detail"]


def test_a_post_of_our_own_called_nobody_so_there_are_no_chains(x: PlayedX) -> None:
    first = id_of(x.post())
    assert x.not_posted({"reply": {"in_reply_to_tweet_id": first}}).status_code == 403


def test_who_named_or_quoted_us_is_answered(x: PlayedX) -> None:
    named = x.stranger("Wo ist gesperrt, @Stadt_Trier?")
    quoting = x.stranger("Hört, hört.", quotes=id_of(x.post()))
    for asked in (named, quoting):
        assert x.post(reply={"in_reply_to_tweet_id": asked}).status_code == 201


def test_who_did_not_call_us_is_not_quoted(x: PlayedX) -> None:
    answer = x.not_posted({"quote_tweet_id": x.stranger("Wo ist gesperrt?")})
    assert (answer.status_code, answer.json()["title"]) == (403, "not-authorized-for-resource")
    assert x.post(quote_tweet_id=x.stranger("@stadt_trier ist schnell")).status_code == 201


@pytest.mark.parametrize("said", [{"reply": {"in_reply_to_tweet_id": "12"}}, {"quote_tweet_id": "12"}])
def test_what_nobody_wrote_is_neither_answered_nor_quoted(x: PlayedX, said: dict[str, Any]) -> None:
    answer = x.not_posted(said)
    assert (answer.status_code, answer.json()["title"]) == (404, "resource-not-found")


def test_no_words_are_taken_twice_while_the_first_are_there(x: PlayedX) -> None:
    first = id_of(x.post(text := words()))
    again = x.not_posted({"text": text})
    assert (again.status_code, again.json()["detail"]) == (
        403,
        "You are not allowed to create a Tweet with duplicate content.",
    )
    x.call("DELETE", f"/2/tweets/{first}")
    assert x.post(text).status_code == 201


def test_only_our_own_post_is_deleted(x: PlayedX) -> None:
    answers = [x.call("DELETE", f"/2/tweets/{each}") for each in (x.stranger("Guten Morgen"), "12")]
    assert [(each.status_code, each.json()["title"]) for each in answers] == [
        (403, "not-authorized-for-resource"),
        (404, "resource-not-found"),
    ]


def test_what_is_gone_is_said_beside_what_is_there(x: PlayedX) -> None:
    there = id_of(x.post())
    body = x.call("GET", "/2/tweets", params={"ids": f"{there},12"}).json()
    assert [each["id"] for each in body["data"]] == [there]
    assert [each["title"] for each in body["errors"]] == ["resource-not-found"]
    assert x.call("GET", "/2/tweets").status_code == 400


def test_a_hundred_posts_in_a_quarter_of_an_hour_and_then_none(x: PlayedX) -> None:
    begun = time.time()
    answers = [x.post() for _ in range(100)]
    assert {each.status_code for each in answers} == {201}
    assert [each.headers["x-rate-limit-remaining"] for each in (answers[0], answers[-1])] == ["99", "0"]

    refused = x.not_posted({})
    assert (refused.status_code, refused.json()["title"]) == (429, "rate-limit-exceeded")
    assert refused.headers["x-rate-limit-limit"] == "100"
    assert 0 <= float(refused.headers["x-rate-limit-reset"]) - begun - QUARTER <= 60
    x.pass_time(QUARTER)
    assert x.post().status_code == 201


def test_refused_posts_are_counted_too(x: PlayedX) -> None:
    for left in ("99", "98"):
        assert x.not_posted({"text": ""}).headers["x-rate-limit-remaining"] == left


@pytest.mark.parametrize(
    ("path", "most"), [("/2/users/me", "75"), ("/2/users/4711/tweets", "900"), ("/2/tweets?ids=12", "3500")]
)
def test_every_question_says_how_many_are_left(x: PlayedX, path: str, most: str) -> None:
    headers = x.call("GET", path).headers
    assert (headers["x-rate-limit-limit"], int(headers["x-rate-limit-remaining"])) == (most, int(most) - 1)


def test_one_who_asks_whose_account_it_is_all_the_time_has_to_wait(x: PlayedX) -> None:
    assert [x.call("GET", "/2/users/me").status_code for _ in range(76)] == [200] * 75 + [429]
    assert x.post().status_code == 201  # each call has a limit of its own


def test_a_limit_on_command_says_when_it_ends(x: PlayedX) -> None:
    x.standin.fault("limit", path="/2/tweets", seconds=60)
    headers = x.post().headers
    assert (headers["x-rate-limit-limit"], headers["x-rate-limit-remaining"]) == ("100", "0")
    assert 50 < float(headers["x-rate-limit-reset"]) - time.time() < 70


def test_each_act_has_its_price_and_what_is_refused_has_none(x: PlayedX) -> None:
    text, media = words(), id_of(x.picture())
    described = {"id": media, "metadata": {"alt_text": {"text": "Karte"}}}
    assert x.taken_by("POST", "/2/tweets", json={"text": text}) == 1.5
    assert x.taken_by("POST", "/2/tweets", json={"text": f"{text} auf trier.de"}) == 20
    assert x.taken_by("POST", "/2/tweets", json={"text": text}) == 0
    assert x.taken_by("POST", "/2/media/metadata", json=described) == 0.5
    newest, other = x.standin.posts()[-1]["id"], x.stranger("Guten Morgen")
    assert x.taken_by("GET", "/2/tweets", params={"ids": newest}) == 0.1
    assert x.taken_by("GET", "/2/tweets", params={"ids": newest}) == 0  # once a day
    assert x.taken_by("GET", "/2/tweets", params={"ids": other}) == 0.5
    assert x.taken_by("DELETE", f"/2/tweets/{newest}") == 1
    assert x.taken_by("DELETE", f"/2/tweets/{newest}") == 0


def test_nothing_happens_once_the_credit_is_used_up(x: PlayedX) -> None:
    x.console(cents=1)
    assert x.post().status_code == 201  # begun with a little left
    assert x.console()["cents"] == -0.5

    answer = x.not_posted({})
    assert (answer.status_code, answer.json()["detail"]) == (402, "Your credits are depleted.")
    assert x.call("GET", "/2/users/me").status_code == 402
    x.console(cents=500)
    assert x.post().status_code == 201


def test_after_three_million_posts_in_a_month_none_is_read_and_more_are_written(x: PlayedX) -> None:
    x.console(posts_read=2_999_999)
    newest = id_of(x.post())
    asked = [x.call("GET", "/2/tweets", params={"ids": newest}) for _ in range(2)]
    assert [each.status_code for each in asked] == [200, 429]
    assert asked[1].json()["title"] == "usage-capped"
    assert x.post().status_code == 201


def test_an_app_without_access_is_let_in_nowhere(x: PlayedX) -> None:
    x.console(has_access=False)
    answer = x.not_posted({})
    assert (answer.status_code, answer.json()["title"]) == (403, "client-forbidden")


def test_nobody_without_a_token_is_let_in(x: PlayedX) -> None:
    assert x.not_posted({}, token="falsch").status_code == 401


def test_a_token_may_do_what_was_agreed_to_and_no_more(x: PlayedX) -> None:
    token = x.agree("tweet.read users.read offline.access").json()["access_token"]
    assert x.call("GET", "/2/users/me", token=token).status_code == 200
    assert x.not_posted({}, token=token).status_code == 403
    assert x.call("POST", "/2/media/upload/initialize", token=token, json={}).status_code == 403


@pytest.mark.parametrize("scopes", ["tweet.read", "tweet.read offline.access steuern.erheben"])
def test_nobody_agrees_to_what_there_is_not_or_without_lasting_access(x: PlayedX, scopes: str) -> None:
    assert x.agree(scopes).status_code == 400


def test_an_unknown_call_is_none(x: PlayedX) -> None:
    assert x.call("GET", "/2/taxes").status_code == 404
