"""A storm warning reaches a browser within seconds, through the real processes."""

from __future__ import annotations

import pytest

from tests.push.browser import Browser
from tests.push.service import push_service
from tests.system import System, running_system, until

STORM = "Warnung vor Sturm. Meiden Sie heute Abend Parks und Wälder."
SUBSCRIBE = """
from ausrufer.channels.models import Channel
from ausrufer.push.subscribers import subscribe
Channel.objects.get_or_create(key="push", defaults=dict(platform="push", name="Push", position=40))
subscribe({endpoint!r}, {p256dh!r}, {auth!r})
"""


def subscribed(city: System, endpoint: str) -> Browser:
    browser = Browser()
    city.python(SUBSCRIBE.format(endpoint=endpoint, p256dh=browser.p256dh, auth=browser.auth))
    return browser


@pytest.mark.parametrize("dies", [False, True], ids=["all is well", "the worker is killed"])
def test_a_warning_reaches_the_browser_whole_and_once(dies: bool) -> None:
    with push_service() as service, running_system({"AUSRUFER_ALLOWED_ORIGINS": service.origin}) as city:
        dora = subscribed(city, f"{service.origin}/dora")
        service.answers["/dora"] = [500] if dies else []
        told = city.post(STORM, topic="crisis")
        if dies:
            until(lambda: not service.answers["/dora"], what="the first try")
            city.kill("worker")
        until(lambda: city.states(told["id"]).get("push") == "online", within=90, every=0.2, what="push online")
        [body] = service.bodies("/dora")
        message = dora.message(body)
        assert f"{message['title']} {message['body']}" == STORM
        assert "1 von 1 übergeben" in city.board(told["id"])
