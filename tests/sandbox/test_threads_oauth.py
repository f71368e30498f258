"""Emil connects the town's account as he would connect the real one."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from sandbox.threads.accounts import SCOPES
from tests.sandbox.playing import StandIn, playing_threads

BACK = "http://127.0.0.1:9/zurueck"
DAY = 86_400


ASKED = {"client_id": "1", "redirect_uri": BACK, "scope": "threads_basic,threads_delete", "response_type": "code"}
FORM = {"client_id": "1", "client_secret": "2", "grant_type": "authorization_code"}


def authorize(standin: StandIn, **more: str) -> httpx.Response:
    return httpx.get(f"{standin.origin}/oauth/authorize", params=ASKED | more)


def code(standin: StandIn) -> str:
    location = authorize(standin, state="s").headers["Location"]
    assert location.startswith(BACK) and location.endswith("#_")
    assert parse_qs(urlsplit(location).query)["state"] == ["s"]
    return parse_qs(urlsplit(location).query)["code"][0]


def redeem(standin: StandIn, said: str, back: str = BACK, **more: str) -> httpx.Response:
    form = FORM | {"code": said, "redirect_uri": back} | more
    return httpx.post(f"{standin.origin}/oauth/access_token", data=form)


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
    elsewhere = redeem(standin, code(standin), "http://127.0.0.1:9/anders")
    for answer in (redeem(standin, used), elsewhere, redeem(standin, code(standin), client_secret="")):
        assert answer.status_code == 400
        assert answer.json()["error_type"] == "OAuthException"


def test_who_refuses_is_sent_back_without_a_code(standin: StandIn) -> None:
    location = authorize(standin, deny="1").headers["Location"]
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


@pytest.mark.parametrize("odd", [{"scope": "threads_delete"}, {"client_id": ""}, {"response_type": "token"}])
def test_nobody_is_asked_to_agree_to_something_odd(standin: StandIn, odd: dict[str, str]) -> None:
    assert authorize(standin, **odd).json()["error"]["code"] == 100


def test_a_token_may_do_what_was_agreed_to_and_so_may_its_successors(standin: StandIn) -> None:
    post, token = standin.post("Hochwasser").json()["id"], connect(standin)
    refused = standin.call("POST", "/me/threads", token=token, media_type="TEXT", text="a")
    assert refused.json()["error"]["code"] == 10
    assert standin.call("DELETE", f"/{post}", token=token).json()["success"]
    facts = standin.call("GET", "/debug_token", token=token, input_token=token).json()["data"]
    assert facts["scopes"] == ["threads_basic", "threads_delete"]


@pytest.mark.parametrize("extra", [{"location_id": "17"}, {"crossreshare_to_ig": "true"}])
def test_a_place_and_a_story_elsewhere_need_permissions_of_their_own(standin: StandIn, extra: dict[str, str]) -> None:
    assert standin.post("Hochwasser", **extra).json()["error"]["code"] == 10


def test_only_who_may_search_or_be_mentioned_answers_strangers(standin: StandIn) -> None:
    standin.told("accounts", username="dora", token="dora-token")
    standin.told("accounts", username="emil", token="emil-token", scopes=list(SCOPES))
    root = standin.post("Hochwasser").json()["id"]
    text = {"media_type": "TEXT", "auto_publish_text": "true", "text": "Wie lange?"}
    hers = standin.call("POST", "/me/threads", token="dora-token", reply_to_id=root, **text).json()["id"]
    for above in (root, hers):
        refused = standin.call("POST", "/me/threads", token="emil-token", reply_to_id=above, **text)
        assert refused.json()["error"]["code"] == 10
    assert standin.post("Bis 18 Uhr.", reply_to_id=hers).is_success


def test_only_a_short_token_is_exchanged(standin: StandIn) -> None:
    params = {"grant_type": "th_exchange_token", "client_secret": "2", "access_token": connect(standin)}
    error = httpx.get(f"{standin.origin}/access_token", params=params).json()["error"]
    assert (error["code"], error["error_subcode"]) == (452, 4279019)
