"""One storm warning, eleven channels, Threads down, X over budget: what Amira reads, and what Dora sees."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from tests.journeys.test_main_path import HIDDEN
from tests.newsletter.mailbox import Mailbox, mail_server
from tests.peers.mastodon_mock import MastodonMock, mastodon_mock
from tests.platforms.rigs.small import Small, playing
from tests.push.browser import Browser
from tests.push.service import PushService, push_service
from tests.sandbox.playing_bluesky import HANDLE, PASSWORD, playing_bluesky
from tests.sandbox.playing_bluesky import StandIn as Bluesky
from tests.system import System, running_system, token_of, until, words_of

STORM = "Sturmwarnung für Trier: Bitte meiden Sie bis 22 Uhr Parks, Wälder und das Moselufer."
ALT = "Karte: gesperrte Parks im Stadtgebiet"
ELEVEN = {
    *("website", "threads", "mastodon", "bluesky", "x", "telegram", "facebook", "instagram"),
    *("newsletter", "push", "byhand"),
}
FOLLOWED = {"threads", "mastodon", "bluesky", "telegram"}  # where the picture answers the words
SEVEN = {"mastodon", "bluesky", "telegram", "facebook", "instagram", "newsletter", "push"}
CONNECT = """
from django.utils import timezone
from ausrufer.channels.models import Channel
from ausrufer.newsletter.models import Subscriber
from ausrufer.push.subscribers import subscribe
for number, (key, settings, secrets) in enumerate({channels!r}):
    Channel.objects.create(
        key=key, platform=key, name=key.capitalize(), position=20 + number, settings=settings, secrets=secrets
    )
now = timezone.now()
known = dict(state="confirmed", consent="1", requested_at=now, confirmed_at=now)
for name in ("dora", "egon", "frida"):
    Subscriber.objects.create(address=f"{{name}}@post.example", **known)
subscribe({endpoint!r}, {p256dh!r}, {auth!r})
"""


@dataclass
class Town:
    system: System
    small: dict[str, Small]  # played platforms by their keys
    bluesky: Bluesky
    mastodon: MastodonMock
    mailbox: Mailbox
    push: PushService
    dora: Browser

    def copies(self, text: str) -> dict[str, int]:
        """How often readers see it, on every channel that is a place."""
        shown = {key: standin.timeline() for key, standin in self.small.items()}
        shown |= {"bluesky": self.bluesky.timeline(), "threads": self.system.timeline()}
        shown |= {"mastodon": [re.sub(r"<[^>]+>", "", each) for each in self.mastodon.timeline()]}
        return {key: sum(each.strip().startswith(text) for each in texts) for key, texts in shown.items()}


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with ExitStack() as stack:
        small = {
            key: stack.enter_context(playing(key, folder(tmp_path, key)))
            for key in ("telegram", "x", "facebook", "instagram")
        }
        bluesky = stack.enter_context(playing_bluesky(folder(tmp_path, "bluesky")))
        mastodon = stack.enter_context(mastodon_mock(folder(tmp_path, "mastodon")))
        mailbox, relay = stack.enter_context(mail_server())
        push = stack.enter_context(push_service())
        origins = [bluesky.origin, mastodon.origin, push.origin, *(each.origin for each in small.values())]
        environment = {
            "AUSRUFER_ALLOWED_ORIGINS": " ".join(origins),
            "AUSRUFER_SMTP": relay,
            "AUSRUFER_MAIL_FROM": "Stadt Trier <newsletter@trier.example>",
        }
        system = stack.enter_context(running_system(environment))
        dora = Browser()
        channels = accounts(small, bluesky, mastodon)
        endpoint = f"{push.origin}/dora"
        system.python(CONNECT.format(channels=channels, endpoint=endpoint, p256dh=dora.p256dh, auth=dora.auth))
        yield Town(system, small, bluesky, mastodon, mailbox, push, dora)


def folder(base: Path, name: str) -> Path:
    made = base / name
    made.mkdir()
    return made


def accounts(
    small: dict[str, Small], bluesky: Bluesky, mastodon: MastodonMock
) -> list[tuple[str, Mapping[str, object], dict[str, str]]]:
    """(platform, settings, secrets); X has a budget that one post exceeds."""
    at = {key: standin.origin for key, standin in small.items()}
    home = dict.fromkeys(("service", "appview", "video", "web"), bluesky.origin) | {"handle": HANDLE}
    token = {"access_token": "demo-token"}
    return [
        ("mastodon", {"instance": mastodon.origin}, {"access_token": mastodon.token}),
        ("bluesky", home, {"app_password": PASSWORD}),
        ("x", {"api": at["x"], "user_id": "4711", "handle": "@stadt_trier", "monthly_budget_cents": 1}, token),
        (
            "telegram",
            {"api": at["telegram"], "web": at["telegram"], "channel": "@stadt_trier"},
            {"bot_token": "4711:demo-token"},
        ),
        ("facebook", {"api": at["facebook"], "page": "100200300"}, {"access_token": "demo-page-token"}),
        ("instagram", {"api": at["instagram"], "handle": "stadt_trier"}, token),
        ("newsletter", {}, {}),
        ("push", {}, {}),
        ("byhand", {}, {}),
    ]


def warned(town: Town, map_of_parks: Path) -> str:
    """Amira writes, attaches a picture with its description, and releases to all; the post's address."""
    with closing(town.system.logged_in("amira")) as amira:
        page = amira.get("/schreiben")
        address = page.url.path.split("/")[2]
        crisis = re.findall(r'<option value="(\d+)"[^>]*>Krisenhafte', page.text)[0]
        channels = re.findall(r'name="channels" value="([^"]+)"', page.text)
        said = {"text": STORM, "topic": crisis, "when": "now", "language": "de", "channels": channels}
        entries = {**dict(HIDDEN.findall(page.text)), **said, **token_of(amira)}
        with map_of_parks.open("rb") as file:
            page = amira.post(f"/beitrag/{address}/bilder", data=entries, files={"pictures": file})
        picture = re.findall(r'name="(alt-\d+)"', page.text)[0]
        entries = {**dict(HIDDEN.findall(page.text)), **said, picture: ALT, **token_of(amira)}
        seen = amira.post(page.url, data=entries)
        bar = words_of(seen.text)
        assert "geht erst der Text hinaus, das Bild folgt als Antwort." in bar
        assert "geht beides zugleich hinaus." in bar
        form = {**entries, **dict(HIDDEN.findall(seen.text)), **token_of(amira)}
        answer = amira.post(f"/beitrag/{address}/veroeffentlichen", data=form)
        assert answer.url.path == f"/beitrag/{address}/zustellung", words_of(answer.text)
    return address


def texts(town: Town, address: str) -> dict[str, str]:
    """{channel: state}, without what follows."""
    with closing(town.system.logged_in("amira")) as amira:
        told = amira.get(f"/api/posts/{address}").json()
    return {each["channel"]: each["state"] for each in told["deliveries"]}


def test_one_warning_reaches_every_channel_that_can_be_reached_and_none_twice(town: Town, tmp_path: Path) -> None:
    map_of_parks = tmp_path / "parks.jpg"
    Image.new("RGB", (1200, 900), "darkred").save(map_of_parks)
    town.system.fault("blackout", match="any", count=None)  # Threads is down
    address = warned(town, map_of_parks)

    def reached() -> bool:
        states = texts(town, address)
        return {"website", *SEVEN} <= {key for key, state in states.items() if state == "online"}

    until(reached, within=60, every=0.3, what="the website and seven copies")
    states = texts(town, address)
    assert set(states) == ELEVEN
    assert (states["threads"], states["x"], states["byhand"]) == ("unclear", "waiting", "unclear")
    board = town.system.board(address)
    assert "8 von 11 Kanälen online" in board
    assert "unklar: wird nachgesehen Die Antwort von Threads blieb aus." in board
    assert "folgt als Antwort, 1 Bild wartet folgt dem Text" in board
    assert "X: Das Budget dieses Monats reicht nicht mehr." in board
    assert "von Hand zu übertragen Bitte Text und Bild übertragen und hier bestätigen." in board
    assert "3 von 3 übergeben" in board

    town.system.calm()  # Threads is back
    until(
        lambda: town.system.skip_waiting() and texts(town, address)["threads"] == "online",
        within=60,
        every=0.5,
        what="Threads",
    )
    until(lambda: follow_ups(town, address) == dict.fromkeys(FOLLOWED, "online"), within=60, every=0.3, what="pictures")
    assert town.copies(STORM) == {
        **dict.fromkeys(("telegram", "facebook", "instagram", "bluesky", "threads", "mastodon"), 1),
        "x": 0,
    }
    assert set(town.mailbox.recipients.values()) == {1}
    [body] = town.push.bodies("/dora")
    assert STORM.startswith(town.dora.message(body)["title"])
    assert STORM in words_of(town.system.page(f"{town.system.public}/b/{address}"))


def follow_ups(town: Town, address: str) -> dict[str, str]:
    with closing(town.system.logged_in("amira")) as amira:
        told = amira.get(f"/api/posts/{address}").json()
    return {each["channel"]: each["state"] for each in told["follow_ups"]}
