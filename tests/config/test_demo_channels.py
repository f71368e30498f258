"""The demo city's channels: given once, moved along with the ports, and left alone where people changed them."""

from __future__ import annotations

import pytest

from ausrufer.channels.models import Channel
from ausrufer.config.demo import GIVEN, open_channels
from ausrufer.config.first_steps import open_own_channel

ALL = ["website", "threads", "bluesky", "telegram", "facebook", "instagram", "x", "byhand"]


@pytest.fixture(autouse=True)
def everything_is_wanted(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUSRUFER_DEMO_CHANNELS", raising=False)


def started(port: int = 8080) -> dict[str, Channel]:
    """The channels after a start, by their keys, in their order."""
    open_own_channel()
    open_channels(port)
    return {each.key: each for each in Channel.objects.all()}


def test_there_is_one_of_every_kind_and_the_quick_ones_are_chosen() -> None:
    city = started()
    assert list(city) == ALL
    chosen = [key for key, each in city.items() if each.chosen_by_default]
    assert chosen == ["website", "threads", "bluesky", "telegram", "facebook"]
    assert city["x"].settings["monthly_budget_cents"] == 200
    assert city["telegram"].settings["api"] == "http://127.0.0.1:8084"
    assert not any(each.doubt for each in city.values())


def test_another_port_moves_every_address_of_a_stand_in() -> None:
    started(8080)
    city = started(9000)
    bluesky = city["bluesky"].settings
    assert {bluesky[name] for name in ("service", "appview", "video", "web")} == {"http://127.0.0.1:9003"}
    assert city["x"].settings["api"] == "http://127.0.0.1:9007"
    assert not any(":80" in str(each.settings) for each in city.values())


def test_what_people_changed_stays() -> None:
    city = started(8080)
    city["bluesky"].settings["service"] = "https://pds.trier.example"
    city["byhand"].name, city["byhand"].chosen_by_default = "Aushang", True
    city["x"].settings["monthly_budget_cents"] = 5000
    for each in city.values():
        each.save()
    city = started(9000)
    assert city["bluesky"].settings["service"] == "https://pds.trier.example"
    assert (city["byhand"].name, city["byhand"].chosen_by_default) == ("Aushang", True)
    assert city["x"].settings["monthly_budget_cents"] == 5000


def test_what_was_removed_or_stopped_does_not_come_back() -> None:
    city = started(8080)
    city["threads"].delete()
    city["facebook"].delete()
    Channel.objects.filter(key="telegram").update(is_active=False)
    city = started(9000)
    assert list(city) == [key for key in ALL if key not in ("threads", "facebook")]
    assert not city["telegram"].is_active


def test_a_city_from_before_gets_the_others_once() -> None:
    open_own_channel()
    before = {"api": "http://127.0.0.1:8082", "handle": "stadt_trier"}
    Channel.objects.create(key="threads", platform="threads", name="Unser Threads", position=10, settings=before)
    city = started(9000)
    assert list(city) == ALL
    assert (city["threads"].name, city["threads"].settings["api"]) == ("Unser Threads", "http://127.0.0.1:9002")
    city["instagram"].delete()
    assert "instagram" not in started(9000)


def test_who_connected_the_platform_before_keeps_that_channel_alone() -> None:
    open_own_channel()
    Channel.objects.create(key="bluesky", platform="bluesky", name="Amt", settings={"handle": "trier.de"})
    city = started()
    assert [each.name for each in city.values() if each.platform == "bluesky"] == ["Amt"]
    assert started(9000)["bluesky"].settings == {"handle": "trier.de"}


def test_a_city_may_have_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUSRUFER_DEMO_CHANNELS", "threads")
    city = started()
    assert list(city) == ["website", "threads"]
    assert city["website"].settings[GIVEN] == {"threads": "http://127.0.0.1:8082"}
