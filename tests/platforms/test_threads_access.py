"""Connecting Threads, keeping its token fresh, and reading what citizens answered, with the played Threads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from ausrufer.adapter.contract import Connection, Part, Placement
from ausrufer.adapter.errors import LockedOut, Rejected
from ausrufer.adapter.http import Http
from ausrufer.adapter.supplies import Supplies
from ausrufer.kernel.clock import utc_now
from ausrufer.platforms.threads import Threads
from tests.sandbox.playing import TOKEN, StandIn, playing_threads

BACK = "https://redaktion.stadt.example/verbinden/threads"


@pytest.fixture(scope="module")
def standin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    folder: Path = tmp_path_factory.mktemp("access")
    with playing_threads(folder) as found:
        yield found


def threads(standin: StandIn, **secrets: str) -> Threads:
    settings = {"api": standin.origin, "app_id": "4711"}
    http = Http(allowed_origins=[standin.origin])
    return Threads(Supplies(http=http), settings, {"app_secret": "geheim", "access_token": TOKEN, **secrets})


def agreed(platform: Threads, more: str = "") -> dict[str, str]:
    """The parameters with which Threads sends Amira back."""
    answer = httpx.get(platform.connect_url(BACK, "s1") + more, trust_env=False)
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def test_a_person_agrees_and_we_hold_a_token_of_sixty_days(standin: StandIn) -> None:
    platform = threads(standin)
    answer = agreed(platform)
    assert answer["state"] == "s1"
    found = platform.connected({**answer, "code": answer["code"] + "#_"}, BACK)

    assert found.expires_at and timedelta(days=59) < found.expires_at - utc_now() < timedelta(days=61)
    assert found.secrets["app_secret"] == "geheim"
    profile = threads(standin, **found.secrets).profile()
    assert (profile.name, profile.handle) == ("Stadt Trier", "stadt_trier")
    assert "Stadt Trier" in httpx.get(profile.address, trust_env=False).text


def test_a_person_who_declines_connects_nothing(standin: StandIn) -> None:
    platform = threads(standin)
    with pytest.raises(Rejected):
        platform.connected(agreed(platform, "&deny=1"), BACK)


def test_a_code_is_good_for_one_time(standin: StandIn) -> None:
    platform = threads(standin)
    answer = agreed(platform)
    platform.connected(answer, BACK)
    with pytest.raises(LockedOut, match="noch einmal verbinden"):
        platform.connected(answer, BACK)


def test_a_token_is_renewed_when_it_is_a_day_old_and_not_before(standin: StandIn) -> None:
    platform = threads(standin)
    fresh = platform.connected(agreed(platform), BACK)
    assert renewed(standin, fresh).secrets == fresh.secrets

    standin.pass_time(25 * 3600)
    yesterday = {**fresh.secrets, "issued_at": (utc_now() - timedelta(hours=25)).isoformat()}
    again = threads(standin, **yesterday).renew()
    assert again.secrets["access_token"] != fresh.secrets["access_token"]


def renewed(standin: StandIn, connection: Connection) -> Connection:
    return threads(standin, **connection.secrets).renew()


def test_a_token_that_is_no_more_cannot_be_renewed(standin: StandIn) -> None:
    with pytest.raises(LockedOut):
        threads(standin, access_token="von gestern").renew()


def test_what_citizens_answered_is_read_oldest_first_and_ours_left_out(standin: StandIn) -> None:
    standin.told("accounts", username="dora", token="dora-token")
    root = standin.post("Die Brücke ist gesperrt.").json()["id"]
    ours = standin.post("Umleitung über die Nordbrücke.", reply_to_id=root).json()["id"]
    fields = {"media_type": "TEXT", "auto_publish_text": "true"}
    standin.call("POST", "/me/threads", token="dora-token", text="Wie lange?", reply_to_id=root, **fields)
    standin.call("POST", "/me/threads", token="dora-token", text="Danke!", reply_to_id=ours, **fields)
    platform, placement = threads(standin), Placement((Part(root),))

    found = platform.replies(placement)
    assert [(reply.author, reply.text, reply.answers) for reply in found] == [
        ("dora", "Wie lange?", root),
        ("dora", "Danke!", ours),
    ]
    counted = {metric.name: metric.value for metric in platform.metrics(placement)}
    assert counted["replies"] == 3
    assert counted.keys() == {"views", "likes", "replies", "reposts", "quotes", "shares"}


def test_the_days_quotas_are_read_for_posts_answers_and_deletes(standin: StandIn) -> None:
    found = threads(standin).read_limits()

    assert (found["posts_a_day"], found["replies_a_day"], found["deletes_a_day"]) == (250, 1000, 100)
