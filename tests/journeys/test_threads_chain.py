"""kill -9 of the dispatcher between the parts of a chain: every part is online once, in order."""

from __future__ import annotations

import json

import httpx

from ausrufer.adapter.contract import Draft
from ausrufer.adapter.http import Http
from ausrufer.adapter.supplies import Supplies
from ausrufer.platforms.threads import Threads
from tests.system import System, until

LONG = " ".join(f"Satz {number} über die gesperrte Römerbrücke und ihre Umleitung." for number in range(20))


def release_as_chain(city: System) -> tuple[str, list[str]]:
    """The post's address and the parts; Threads is held until its approved rendition is the chain."""
    nowhere = Http(transport=httpx.MockTransport(lambda request: httpx.Response(500)))
    wanted = Threads(Supplies(http=nowhere), {}, {}).render(Draft(LONG, "https://stadt.example/b/x", when_long="chain"))
    parts = [wanted[0].text, *wanted[0].more]
    channel = "from ausrufer.channels.models import Channel; from django.utils.timezone import now\n"
    city.python(channel + "Channel.objects.filter(key='threads').update(paused_at=now())")
    told = city.post(LONG)
    changes = {"text": parts[0], "more": parts[1:], "wording": "chain", "link": "", "topic": ""}
    city.python(
        channel
        + "import json; from ausrufer.posts.models import FrozenRendition\n"
        + "wanted = FrozenRendition.objects.filter(channel__key='threads', rank=0).latest('pk')\n"
        + f"wanted.body |= json.loads({json.dumps(changes)!r}); wanted.save()\n"
        + "Channel.objects.filter(key='threads').update(paused_at=None)\n"
    )
    return str(told["id"]), parts


def test_a_dispatcher_killed_between_two_parts_leaves_each_online_once(city: System) -> None:
    city.fault("slow", match="any_act", milliseconds=1500, count=None)
    address, parts = release_as_chain(city)
    city.skip_waiting()
    until(lambda: city.timeline()[-1:] == [parts[0]], what="the first part")
    city.kill("dispatcher")
    city.calm()
    until(lambda: city.states(address).get("threads") == "online", within=90, every=0.5, what="the whole chain")

    assert [text for text in city.timeline() if text in parts] == parts
