"""Emil connects the town's account as he would connect the real one."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.sandbox.playing import StandIn, playing_threads

BACK = "http://127.0.0.1:9/zurueck"
DAY = 86_400


def code(standin: StandIn) -> str:
    asked = {"client_id": "1", "redirect_uri": BACK, "scope": "threads_basic", "response_type": "code", "state": "s"}
    answer = httpx.get(f"{standin.origin}/oauth/authorize", params=asked)
    location = answer.headers["Location"]
    assert location.startswith(BACK) and location.endswith("#_")
    assert parse_qs(urlsplit(location).query)["state"] == ["s"]
    return parse_qs(urlsplit(location).query)["code"][0]


def redeem(standin: StandIn, said: str, back: str = BACK) -> httpx.Response:
    form = {"client_id": "1", "client_secret": "2", "code": said, "grant_type": "authorization_code"}
    return httpx.post(f"{standin.origin}/oauth/access_token", data=form | {"redirect_uri": back})


def connect(standin: StandIn) -> str:
    """A long token."""
    short = redeem(standin, code(standin)).json()["access_token"]
    params = {"grant_type": "th_exchange_token", "client_secret": "2", "access_token": short}
    return str(httpx.get(f"{standin.origin}/access_token", params=params).json()["access_token"])


def refresh(standin: StandIn, token: str) -> httpx.Response:
    params = {"grant_type": "th_refresh_token", "access_token": token}
    return httpx.get(f"{standin.origin}/refresh_access_token", params=params)


def test_a_code_becomes_a_token_that_may_post(standin: StandIn) -> None:
    token = connect(standin)
    assert standin.call("GET", "/me", token=token, fields="username").json()["username"] == "stadt_trier"
    assert standin.post("Wir sind da").status_code == 200


def test_a_code_is_good_for_one_use_and_one_address(standin: StandIn) -> None:
    used = code(standin)
    redeem(standin, used)
    for answer in (redeem(standin, used), redeem(standin, code(standin), "http://127.0.0.1:9/anders")):
        assert answer.status_code == 400
        assert answer.json()["error_type"] == "OAuthException"


def test_who_refuses_is_sent_back_without_a_code(standin: StandIn) -> None:
    asked = {"redirect_uri": BACK, "scope": "threads_basic", "response_type": "code", "deny": "1"}
    location = httpx.get(f"{standin.origin}/oauth/authorize", params=asked).headers["Location"]
    assert parse_qs(urlsplit(location).query)["error"] == ["access_denied"]


def test_a_token_lives_sixty_days_unless_it_is_refreshed(tmp_path: Path) -> None:
    with playing_threads(tmp_path) as standin:
        old = connect(standin)
        assert refresh(standin, old).json()["error"]["code"] == 190
        standin.pass_time(30 * DAY)
        new = refresh(standin, old).json()["access_token"]
        standin.pass_time(31 * DAY)
        assert standin.call("GET", "/me", token=old).json()["error"]["code"] == 190
        assert standin.call("GET", "/me", token=new).status_code == 200
        facts = standin.call("GET", "/debug_token", token=new, input_token=old).json()["data"]
        assert facts["is_valid"] is False


def test_a_token_without_the_scope_may_read_only(standin: StandIn) -> None:
    standin.told("accounts", username="praktikum", token="nur-lesen", scopes=["threads_basic"])
    assert standin.call("GET", "/me/threads", token="nur-lesen").status_code == 200
    answer = standin.call("POST", "/me/threads", token="nur-lesen", media_type="TEXT", text="a")
    assert answer.json()["error"]["code"] == 10
    post = standin.post("Hochwasser").json()["id"]
    for tail in ("replies", "conversation", "insights"):
        refused = standin.call("GET", f"/{post}/{tail}", token="nur-lesen", metric="views")
        assert refused.json()["error"]["code"] == 10


def test_a_place_needs_a_permission_of_its_own(standin: StandIn) -> None:
    assert standin.post("Hochwasser", location_id="17").json()["error"]["code"] == 10


def test_only_a_short_token_is_exchanged(standin: StandIn) -> None:
    params = {"grant_type": "th_exchange_token", "client_secret": "2", "access_token": connect(standin)}
    error = httpx.get(f"{standin.origin}/access_token", params=params).json()["error"]
    assert (error["code"], error["error_subcode"]) == (452, 4279019)
