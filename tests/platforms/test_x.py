"""What is special about X: it weighs, it costs, and its tokens rotate."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from ausrufer.adapter.errors import Banned, Rejected, Trouble, TryLater, Unclear
from ausrufer.adapter.http import Answer, Http
from ausrufer.adapter.supplies import Supplies
from ausrufer.adapter.testing import RecordingKeep
from ausrufer.platforms.x import X, measure, reading
from tests.platforms.errand import draft, new_order
from tests.platforms.rigs.x import Purse

ANSWERS = sorted((Path(__file__).with_name("answers") / "x").glob("*.json"))
SETTINGS = {"user_id": "1", "handle": "@stadt", "client_id": "app"}


def channel(recorded: Mapping[str, object], purse: Purse | None = None) -> X:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json={"data": []})
        body = recorded["body"]
        content = body if isinstance(body, str) else json.dumps(body)
        headers = cast(dict[str, str], recorded.get("headers", {}))
        return httpx.Response(cast(int, recorded["status"]), headers=headers, content=content)

    supplies = Supplies(http=Http(transport=httpx.MockTransport(answer)), ledger=purse)
    return X(supplies, SETTINGS, {"access_token": "t", "client_secret": "s"}, channel="x")


def answering(recorded: Mapping[str, object]) -> Http:
    status, body = cast(int, recorded["status"]), recorded["body"]
    return Http(transport=httpx.MockTransport(lambda request: httpx.Response(status, json=body)))


POSTED = {"status": 201, "body": {"data": {"id": "7"}}}


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.stem)
def test_every_refusal_of_the_sheet_has_its_next_step(path: Path) -> None:
    recorded = json.loads(path.read_text())
    x = channel(recorded)
    with pytest.raises(Trouble, match=recorded.get("says")) as caught:
        x.send(new_order(), x.render(draft())[0], RecordingKeep())

    assert type(caught.value).__name__ == recorded["expects"]
    if isinstance(caught.value, TryLater):
        assert caught.value.seconds == recorded["seconds"]


@pytest.mark.parametrize(
    ("text", "weight"), [("ü", 1), ("…", 2), ("🚨", 2), ("trier.de", 23), ("https://trier.de/a", 23)]
)
def test_letters_are_weighed_as_x_does(text: str, weight: int) -> None:
    assert measure(text) == weight


@pytest.mark.parametrize(("text", "cents"), [("Ohne Adresse", 1.5), ("Mehr auf trier.de", 20.0)])
def test_an_address_makes_a_post_dear_even_without_its_scheme(text: str, cents: float) -> None:
    purse = Purse()
    x = channel(POSTED, purse)
    x.send(new_order(), x.render(draft(text))[0], RecordingKeep())

    assert purse.spent == {"Beitrag": cents}


def test_asking_whose_account_it_is_costs_money_too_and_is_never_refused() -> None:
    me = {"status": 200, "body": {"data": {"id": "1", "username": "stadt"}}}
    purse = Purse()
    x = X(replace(channel(me, purse).supplies, http=answering(me)), SETTINGS, {"access_token": "t"}, channel="x")
    assert x.profile().handle == "@stadt"
    assert x.profile().handle == "@stadt"

    assert purse.spent == {"Konto gelesen": 1.0}
    assert purse.always == {"Konto gelesen"}


def test_without_money_nothing_is_sent() -> None:
    keep = RecordingKeep()
    x = channel(POSTED, Purse(is_empty=True))
    with pytest.raises(TryLater):
        x.send(new_order(), x.render(draft())[0], keep)

    assert keep.kept == []


def test_a_person_agrees_with_a_challenge_only_our_secret_can_meet() -> None:
    asked = parse_qs(urlsplit(channel(POSTED).connect_url("https://stadt.example/zurueck", "abc")).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == 43


def test_words_that_are_refused_as_a_repetition_twice_are_refused() -> None:
    """Else they would be looked for and sent again for ever."""
    x = channel(json.loads(next(path for path in ANSWERS if path.stem == "duplicate").read_text()))
    wanted, order = x.render(draft())[0], new_order()
    with pytest.raises(Unclear) as first:
        x.send(order, wanted, RecordingKeep())
    with pytest.raises(Rejected, match="steht schon ein Beitrag mit diesen Worten"):
        x.send(replace(order, so_far=first.value.so_far or {}), wanted, RecordingKeep())


@pytest.mark.parametrize(
    "urls", [None, "https://t.co/a", ["https://t.co/a"], [{"url": "https://t.co/a"}], [{"expanded_url": None}]]
)
def test_a_lost_post_is_found_whatever_x_says_of_its_addresses(urls: Any) -> None:
    shown = {"id": "7", "text": "Die Brücke ist gesperrt.", "entities": {"urls": urls}}
    recorded = httpx.Response(200, json={"data": [shown]})
    x = X(Supplies(http=Http(transport=httpx.MockTransport(lambda request: recorded))), SETTINGS, {})
    wanted = replace(x.render(draft())[0], text="Die Brücke ist gesperrt.")

    found = x.find(replace(new_order(), so_far={"before": "6"}), wanted)
    assert found
    assert found.parts[0].id == "7"


@pytest.mark.parametrize("reset", ["\xb2", "soon", "9" * 400])
def test_a_limit_without_a_readable_end_is_waited_for(reset: str) -> None:
    headers = httpx.Headers([(b"x-rate-limit-reset", reset.encode("latin-1"))])
    trouble = reading.reads(Answer(429, headers, b"{}", "X", was_act=False))
    assert isinstance(trouble, TryLater)
    assert 0 < trouble.seconds <= 86_400


@pytest.mark.parametrize("words", ["Your account is suspended.", "Your account is temporarily locked."])
def test_an_account_x_restricted_is_no_lost_login(words: str) -> None:
    body = json.dumps({"title": "Forbidden", "status": 403, "detail": words}).encode()
    trouble = reading.reads(Answer(403, httpx.Headers(), body, "X", was_act=True))
    assert isinstance(trouble, Banned)
    assert str(trouble.sentence) == "X hat das Konto gesperrt."


@pytest.mark.parametrize("seconds", ["soon", [], None, -1, 1e300])
def test_a_fresh_token_is_kept_whatever_x_says_of_its_end(seconds: Any) -> None:
    body = {"access_token": "neu", "refresh_token": "r2", "expires_in": seconds}
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=body))
    x = X(Supplies(http=Http(transport=transport), secrets=Locker()), SETTINGS, {"refresh_token": "r1"})
    assert x.renew().secrets["access_token"] == "neu"


class Locker:
    """Where rotating tokens are kept."""

    def renew(self, channel: str, change: Callable[[Mapping[str, str]], Mapping[str, str]]) -> Mapping[str, str]:
        return change({"refresh_token": "r1"})


def test_an_account_that_cannot_be_read_refuses_no_post() -> None:
    transport, keep = httpx.MockTransport(lambda request: httpx.Response(404, json={})), RecordingKeep()
    x = X(Supplies(http=Http(transport=transport)), SETTINGS, {})
    with pytest.raises(TryLater):
        x.send(new_order(), x.render(draft())[0], keep)
    assert keep.kept == []


def test_an_account_x_says_nothing_of_is_no_empty_account() -> None:
    """X answers 200 and names what went wrong. Else an older post with these words would be taken for a lost one."""
    said = {"errors": [{"title": "Service Unavailable", "detail": "…"}]}
    transport, keep = httpx.MockTransport(lambda request: httpx.Response(200, json=said)), RecordingKeep()
    x = X(Supplies(http=Http(transport=transport)), SETTINGS, {})
    with pytest.raises(TryLater):
        x.send(new_order(), x.render(draft())[0], keep)
    assert keep.kept == []
