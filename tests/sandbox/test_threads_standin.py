"""The stand-in behaves as the sheet says Threads does: writing, reading, refusing."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from tests.sandbox.playing import TOKEN, StandIn, playing_threads
from tests.system import until

RIVER = "Die Mosel steigt: Uferstraße ab 18 Uhr gesperrt."


SPOILER = {"entity_type": "SPOILER", "offset": 0, "length": 1}
OVERLAPPING = {
    "plaintext": "Hochwasser",
    "text_with_styling_info": [
        {"offset": 0, "length": 4, "styling_info": ["bold"]},
        {"offset": 3, "length": 2, "styling_info": ["italic"]},
    ],
}


FIVE = " ".join(f"https://trier.de/{number}" for number in range(5))
LINKED = {"plaintext": "Hochwasser", "link_attachment_url": "https://trier.de/6"}


def trouble(answer: httpx.Response) -> tuple[int, int, int]:
    error = answer.json()["error"]
    assert {"message", "type", "code", "is_transient", "fbtrace_id", "error_user_msg"} <= error.keys()
    return answer.status_code, error["code"], error.get("error_subcode", 0)


def test_a_text_is_online_after_one_request_and_dora_can_read_it(standin: StandIn) -> None:
    post_id = standin.post(RIVER).json()["id"]
    shown = standin.call("GET", f"/{post_id}", fields="id,permalink,timestamp,text,shortcode").json()
    assert shown["text"] == RIVER
    assert RIVER in httpx.get(shown["permalink"]).text
    assert RIVER in standin.page()
    assert "Nachgestelltes Threads für die Demo" in standin.page()


def test_parameters_may_come_as_form_or_json_and_without_a_version(standin: StandIn) -> None:
    fields = {"access_token": TOKEN, "media_type": "TEXT", "auto_publish_text": "true"}
    httpx.post(f"{standin.origin}/me/threads", data=fields | {"text": "Formular"})
    httpx.post(f"{standin.origin}/v1.0/me/threads", json={**fields, "auto_publish_text": True, "text": "JSON"})
    assert standin.timeline() == ["Formular", "JSON"]


def test_nothing_is_public_before_the_second_request(standin: StandIn) -> None:
    container = standin.call("POST", "/me/threads", media_type="TEXT", text=RIVER).json()["id"]
    assert standin.timeline() == []
    published = standin.call("POST", "/me/threads_publish", creation_id=container).json()["id"]
    assert standin.call("GET", f"/{container}", fields="status").json()["status"] == "PUBLISHED"
    assert standin.posts()[0]["id"] == published


def test_a_published_post_has_no_status(standin: StandIn) -> None:
    answer = standin.call("GET", f"/{standin.post(RIVER).json()['id']}", fields="status")
    assert trouble(answer)[:2] == (400, 100)
    assert answer.json()["error"]["type"] == "THApiException"


def test_publishing_too_early_finds_nothing(slow_standin: StandIn) -> None:
    container = slow_standin.call("POST", "/me/threads", media_type="TEXT", text=RIVER).json()["id"]
    early = slow_standin.call("POST", "/me/threads_publish", creation_id=container)
    assert trouble(early) == (400, 24, 4279009)
    assert early.json()["error"]["is_transient"] is False
    slow_standin.pass_time(20)
    assert slow_standin.call("GET", f"/{container}", fields="status").json()["status"] == "FINISHED"
    assert slow_standin.call("POST", "/me/threads_publish", creation_id=container).status_code == 200


def test_a_container_nobody_publishes_expires_after_a_day(tmp_path: Path) -> None:
    with playing_threads(tmp_path) as standin:
        container = standin.call("POST", "/me/threads", media_type="TEXT", text=RIVER).json()["id"]
        standin.pass_time(86_401)
        assert standin.call("GET", f"/{container}", fields="status").json()["status"] == "EXPIRED"
        assert trouble(standin.call("POST", "/me/threads_publish", creation_id=container)) == (400, 24, 4279009)


@pytest.mark.parametrize(
    ("text", "is_taken"), [("a" * 500, True), ("a" * 501, False), ("ä" * 250, True), ("ä" * 250 + "a", False)]
)
def test_five_hundred_are_counted_in_bytes(standin: StandIn, text: str, is_taken: bool) -> None:
    answer = standin.post(text)
    assert (answer.status_code == 200) is is_taken
    assert standin.timeline() == ([text] if is_taken else [])


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"media_type": "POSTCARD", "text": "a"}, "media_type"),
        ({"media_type": "TEXT"}, "text"),
        ({"media_type": "IMAGE"}, "image_url"),
        ({"media_type": "TEXT", "text": "a", "topic_tag": "St. Paulin"}, "topic_tag"),
        ({"media_type": "TEXT", "text": " ".join(f"https://trier.de/{n}" for n in range(6))}, "LINK_LIMIT_EXCEEDED"),
        ({"media_type": "IMAGE", "image_url": "http://127.0.0.1:1/a.jpg", "alt_text": "a" * 1001}, "alt_text"),
        ({"media_type": "CAROUSEL", "children": "1"}, "children"),
        ({"media_type": "CAROUSEL", "children": ",".join("1" * 21)}, "children"),
        ({"media_type": "TEXT", "text": "a", "reply_control": "nobody"}, "reply_control"),
        ({"media_type": "TEXT", "text": "a", "quote_post_id": "12"}, "quote_post_id"),
        ({"media_type": "TEXT", "text": "a", "topic_tag": "a" * 51}, "topic_tag"),
        ({"media_type": "TEXT", "text": "a", "is_spoiler_media": "true"}, "is_spoiler_media"),
        ({"media_type": "TEXT", "text": "a", "text_entities": json.dumps([SPOILER] * 11)}, "text_entities"),
        ({"media_type": "TEXT", "text": "a", "text_entities": '[{"entity_type":"BOLD"}]'}, "text_entities"),
        (
            {"media_type": "TEXT", "text": "a", "allowlisted_country_codes": "DE,Lux"},
            "GEO_GATING_INVALID_COUNTRY_CODES",
        ),
        ({"media_type": "TEXT", "text": "a", "gif_attachment": '{"gif_id":"1","provider":"TENOR"}'}, "gif_attachment"),
        ({"media_type": "TEXT", "text": "a", "text_attachment": json.dumps({"plaintext": "a" * 10_001})}, "plaintext"),
        ({"media_type": "TEXT", "text": "a", "text_attachment": json.dumps(OVERLAPPING)}, "overlap"),
        ({"media_type": "TEXT", "text": "a", "is_ghost_post": "true", "enable_reply_approvals": "true"}, "ghost"),
        ({"media_type": "CAROUSEL", "children": "1,2", "link_attachment": "https://trier.de"}, "link_attachment"),
        ({"media_type": "TEXT", "text": "a", "poll_attachment": '{"option_a":"ja"}'}, "poll_attachment"),
        ({"media_type": "TEXT", "text": "a", "reply_to_id": "12"}, "reply_to_id"),
        ({"media_type": "TEXT", "text": "a", "alt_text": "Karte"}, "alt_text"),
        ({"media_type": "TEXT", "text": "a", "children": "1,2"}, "children"),
        ({"media_type": "TEXT", "text": "a", "allowlisted_country_codes": "DE,LU"}, "FEATURE_NOT_AVAILABLE"),
        ({"media_type": "TEXT", "text": FIVE, "link_attachment": "https://trier.de/6"}, "LINK_LIMIT_EXCEEDED"),
        ({"media_type": "TEXT", "text": FIVE, "text_attachment": json.dumps(LINKED)}, "LINK_LIMIT_EXCEEDED"),
    ],
)
def test_what_meta_does_not_take_is_refused_by_name(standin: StandIn, fields: dict[str, str], said: str) -> None:
    answer = standin.call("POST", "/me/threads", **fields)
    assert trouble(answer)[:2] == (400, 100)
    assert said in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("counting", "text", "is_taken"),
    [
        ("utf8_bytes", "a" * 495 + "’’’", False),  # 498 characters, 504 bytes
        ("emoji_bytes", "ä" * 496 + "🌊", True),
        ("emoji_bytes", "ä" * 497 + "🌊", False),
        ("codepoints", "ä" * 499 + "🌊", True),
    ],
)
def test_three_readings_of_five_hundred_can_be_chosen(
    standin: StandIn, counting: str, text: str, is_taken: bool
) -> None:
    standin.set(counting=counting)
    assert (standin.post(text).status_code == 200) is is_taken


def test_a_post_may_be_out_before_it_can_be_read(standin: StandIn) -> None:
    standin.set(shown_after=60)
    post_id = standin.post(RIVER).json()["id"]
    assert trouble(standin.call("GET", f"/{post_id}", fields="id")) == (400, 24, 4279009)
    assert RIVER not in standin.page()
    assert standin.timeline() == [RIVER]
    standin.set(shown_after=0)
    assert standin.call("GET", f"/{post_id}", fields="id").json() == {"id": post_id}


def test_a_container_just_finished_may_not_be_found(standin: StandIn) -> None:
    container = standin.call("POST", "/me/threads", media_type="TEXT", text=RIVER).json()["id"]
    standin.set(race=1.0)
    assert standin.call("GET", f"/{container}", fields="status").json()["status"] == "FINISHED"
    assert trouble(standin.call("POST", "/me/threads_publish", creation_id=container)) == (400, 24, 4279009)
    standin.calm()
    assert standin.call("POST", "/me/threads_publish", creation_id=container).status_code == 200


def test_every_account_has_its_own_timeline_and_quota(standin: StandIn) -> None:
    standin.told("accounts", username="feuerwehr", token="rot")
    standin.post("Stadt")
    standin.call("POST", "/me/threads", token="rot", media_type="TEXT", text="Wache", auto_publish_text="true")
    assert (standin.timeline("stadt_trier"), standin.timeline("feuerwehr")) == (["Stadt"], ["Wache"])
    left = standin.call("GET", "/me/threads_publishing_limit", token="rot", fields="quota_usage").json()["data"]
    assert left == [{"quota_usage": 1}]


def test_an_unknown_token_is_told_first(standin: StandIn) -> None:
    assert trouble(standin.call("POST", "/me/threads", token="fremd", media_type="POSTCARD"))[:2] == (400, 190)


def test_the_101st_deletion_of_a_day_waits_for_tomorrow(standin: StandIn) -> None:
    standin.set(deletes=1)
    first, second = (standin.post(RIVER).json()["id"] for _ in range(2))
    assert standin.call("DELETE", f"/{first}").is_success
    assert trouble(standin.call("DELETE", f"/{second}"))[:2] == (400, 4)


def test_the_251st_post_of_a_day_waits_for_tomorrow(tmp_path: Path) -> None:
    with playing_threads(tmp_path) as standin, httpx.Client(base_url=standin.origin, trust_env=False) as client:
        fields = {"access_token": TOKEN, "media_type": "TEXT", "auto_publish_text": "true", "text": RIVER}
        assert {client.post("/me/threads", data=fields).status_code for _ in range(250)} == {200}
        assert trouble(standin.post("noch einer"))[:2] == (400, 4)
        left = standin.call("GET", "/me/threads_publishing_limit", fields="quota_usage,config").json()["data"][0]
        assert left == {"quota_usage": 250, "config": {"quota_total": 250, "quota_duration": 86400}}
        standin.pass_time(86_401)
        assert standin.post("am nächsten Tag").status_code == 200


def test_the_own_posts_come_newest_first_and_answers_stand_elsewhere(standin: StandIn) -> None:
    first = standin.post("eins").json()["id"]
    standin.post("zwei")
    standin.post("Antwort", reply_to_id=first)
    mine = standin.call("GET", "/me/threads", fields="text,timestamp", limit="25").json()
    assert [each["text"] for each in mine["data"]] == ["zwei", "eins"]
    replies = standin.call("GET", f"/{first}/replies", fields="text").json()["data"]
    assert [each["text"] for each in replies] == ["Antwort"]
    page = standin.call("GET", "/me/threads", fields="text", limit="1", after=mine["data"][0]["id"]).json()
    assert [each["text"] for each in page["data"]] == ["eins"]


def test_a_list_is_not_read_in_two_directions_at_once(standin: StandIn) -> None:
    post = standin.post(RIVER).json()["id"]
    assert trouble(standin.call("GET", "/me/threads", before=post, after=post))[:2] == (400, 100)


def test_who_may_choose_countries_says_so_of_herself(standin: StandIn) -> None:
    standin.told("accounts", username="feuerwehr", token="rot", geo_gating=True)
    shown = standin.call("GET", "/me", token="rot", fields="is_eligible_for_geo_gating").json()
    assert shown["is_eligible_for_geo_gating"] is True
    said = {"media_type": "TEXT", "text": RIVER, "allowlisted_country_codes": "DE,LU"}
    assert standin.call("POST", "/me/threads", token="rot", **said).is_success


def test_a_deleted_post_is_gone_for_everybody(standin: StandIn) -> None:
    post_id = standin.post(RIVER).json()["id"]
    permalink = standin.posts()[0]["permalink"]
    assert standin.call("DELETE", f"/{post_id}").json() == {"success": True, "deleted_id": post_id}
    assert httpx.get(permalink).status_code == 404
    assert standin.timeline() == []
    assert standin.state(all="1")["posts"][0]["deleted"] is True
    assert trouble(standin.call("GET", f"/{post_id}", fields="id"))[:2] == (400, 24)


def test_posts_and_tokens_survive_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    arguments = ("--delay", "none", "--state", str(file))
    with playing_threads(tmp_path, *arguments) as standin:
        standin.told("accounts", username="feuerwehr", token="rot")
        standin.post("vorher")
        until(lambda: file.exists() and "vorher" in file.read_text(), within=3, what="the file")
        standin.post("gerade noch")
    with playing_threads(tmp_path, *arguments) as standin:
        standin.post("nachher")
        assert standin.timeline() == ["vorher", "gerade noch", "nachher"]
        assert len({post["shortcode"] for post in standin.posts()}) == 3
        assert standin.call("GET", "/me", token="rot", fields="username").json()["username"] == "feuerwehr"
        assert "gerade noch" in standin.page()
    assert len(json.loads(file.read_text())["posts"]) == 3


def test_nothing_a_post_says_becomes_markup(standin: StandIn) -> None:
    standin.post('<script>alert("x")</script> https://trier.de/"onmouseover="x')
    assert "<script>" not in standin.page()
    assert '"onmouseover' not in standin.page()
