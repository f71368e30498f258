"""Misbehaviour on command: the bad days a real platform has."""

from __future__ import annotations

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.sandbox.playing import TOKEN, StandIn, playing_threads

RECORDED = sorted((Path(__file__).parents[1] / "platforms" / "answers" / "threads").glob("*.json"))
FIELDS = {"access_token": TOKEN, "media_type": "TEXT", "auto_publish_text": "true", "text": "Hochwasser"}


def memory(pid: int) -> int:
    """Megabytes that are resident."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1_000_000


def test_an_answer_lost_after_acceptance_leaves_one_post(standin: StandIn) -> None:
    standin.fault("timeout_after")
    with pytest.raises(httpx.RemoteProtocolError):
        standin.post("Hochwasser")
    assert standin.timeline() == ["Hochwasser"]


def test_a_connection_lost_before_leaves_none_and_only_once(standin: StandIn) -> None:
    standin.fault("timeout_before")
    with pytest.raises(httpx.RemoteProtocolError):
        standin.post("Hochwasser")
    assert standin.timeline() == []
    assert standin.post("Hochwasser").status_code == 200


def test_who_hangs_up_early_has_published_all_the_same(standin: StandIn) -> None:
    standin.fault("slow", milliseconds=300)
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{standin.origin}/me/threads", data=FIELDS, timeout=0.1)
    wait_for_the_post(standin)


def wait_for_the_post(standin: StandIn) -> None:
    end = time.monotonic() + 3
    while not standin.timeline():
        assert time.monotonic() < end, "the post never came"


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("http_500", 500, 2),
        ("rate_limit", 429, 4),
        ("restrict_account", 400, 368),
        ("token_expired", 400, 190),
        ("too_long", 400, 100),
        ("media_not_found", 400, 24),
        ("repeated", 400, 506),
    ],
)
def test_refusals_come_in_metas_shape(standin: StandIn, kind: str, status: int, code: int) -> None:
    standin.fault(kind)
    answer = standin.post("Hochwasser")
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert standin.timeline() == []


def test_being_limited_says_for_how_long(standin: StandIn) -> None:
    standin.fault("rate_limit", seconds=600)
    assert standin.post("Hochwasser").headers["Retry-After"] == "600"


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_whatever_was_recorded_can_be_said_once_more(standin: StandIn, path: Path) -> None:
    """Every row of the sheet's table of errors (section 11), by one switch."""
    recorded = json.loads(path.read_text())
    told = {"status": recorded["status"], "body": recorded["body"], "headers": recorded.get("headers", {})}
    standin.fault("refuse", **told)
    answer, body = standin.post("Hochwasser"), recorded["body"]
    assert (answer.status_code, answer.text if isinstance(body, str) else answer.json()) == (recorded["status"], body)
    assert answer.headers.get("Retry-After") == told["headers"].get("Retry-After")
    assert standin.timeline() == []
    assert standin.post("Hochwasser").is_success


def test_a_gateway_answers_in_html_and_a_redirect_leads_astray(standin: StandIn) -> None:
    for kind in ("html_502", "garbage", "redirect"):
        standin.fault(kind)
    assert "text/html" in standin.post("a").headers["Content-Type"]
    assert standin.post("a").text.startswith("<!doctype")
    assert standin.post("a").headers["Location"] == "http://10.0.0.1/"


def test_a_fault_meets_only_the_calls_it_names(standin: StandIn) -> None:
    standin.fault("http_500", match="status", count=None)
    container = standin.call("POST", "/me/threads", media_type="TEXT", text="Hochwasser").json()["id"]
    assert standin.call("GET", f"/{container}", fields="status").status_code == 500
    assert standin.call("POST", "/me/threads_publish", creation_id=container).status_code == 200
    assert standin.call("GET", "/me/threads", fields="text").status_code == 200
    standin.calm()
    assert standin.call("GET", f"/{container}", fields="status").json()["status"] == "PUBLISHED"


def test_a_blackout_is_dark_for_readers_too_until_it_ends(standin: StandIn) -> None:
    standin.fault("blackout")
    for path in ("/@stadt_trier", "/v1.0/me", "/style.css"):
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(f"{standin.origin}{path}")
    standin.calm()
    assert "Stadt Trier" in standin.page()


def test_two_hundred_megabytes_are_sent_without_being_kept(standin: StandIn) -> None:
    standin.fault("huge")
    before, got = memory(standin.pid), 0
    with httpx.stream("POST", f"{standin.origin}/me/threads", data=FIELDS) as answer:
        for piece in answer.iter_raw():
            got += len(piece)
            if got > 20_000_000:
                break
    assert answer.headers["Content-Length"] == "200000000"
    assert memory(standin.pid) - before < 10


def test_twenty_slow_answers_take_as_long_as_one(standin: StandIn) -> None:
    standin.fault("slow", count=None, milliseconds=300)

    began = time.monotonic()
    with httpx.Client(base_url=standin.origin, trust_env=False) as client, ThreadPoolExecutor(20) as authors:
        list(authors.map(lambda _: client.post("/me/threads", data=FIELDS), range(20)))
    assert time.monotonic() - began < 1.5
    assert len(standin.timeline()) == 20


def test_an_unknown_fault_is_refused(standin: StandIn) -> None:
    for wanted in (
        {"fault": "earthquake"},
        {"fault": "slow", "match": "lunch"},
        {"count": 1},
        {"fault": "slow", "x": 1},
    ):
        assert httpx.post(f"{standin.origin}/_sim/faults", json=wanted).status_code == 400


def test_it_stops_at_once_while_an_answer_hangs(tmp_path: Path) -> None:
    with playing_threads(tmp_path) as standin:
        standin.fault("hang")
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{standin.origin}/me/threads", data=FIELDS, timeout=0.2)
        began = time.monotonic()
    assert time.monotonic() - began < 1
