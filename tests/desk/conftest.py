"""A town with its own pages and two platforms, people at the desk, and a browser that looks over their shoulder."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Page
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from ausrufer.adapter.capabilities import Capabilities, Look, SendsPictures
from ausrufer.adapter.testing import FakePlatform
from ausrufer.people.models import User
from ausrufer.posts.models import Post
from tests import town
from tests.deliveries.conftest import connected
from tests.desk.social import social_platform
from tests.system import until


@pytest.fixture
def website(db: None, settings: Settings, tmp_path: Path) -> Iterator[FakePlatform]:
    settings.MEDIA_FOLDER = tmp_path
    facts = Capabilities(
        is_own=True,
        can_edit=True,
        can_withdraw=True,
        can_find=True,
        usual_delay=0.0,
        max_pictures=20,
        sends_pictures=SendsPictures.PAGE,
    )
    fake = FakePlatform("website-fake", name="Website", facts=facts)
    fake.platform.look = Look(kind="page", radius=0, shows_first_sentence_large=True)
    yield from named(fake, "Website", 0)


@pytest.fixture
def threads(website: FakePlatform) -> Iterator[FakePlatform]:
    yield from named(FakePlatform("threads-fake", name="Threads"), "Threads", 10)


@pytest.fixture
def mastodon(website: FakePlatform) -> Iterator[FakePlatform]:
    yield from named(FakePlatform("mastodon-fake", name="Mastodon"), "Mastodon", 20)


@pytest.fixture
def social(website: FakePlatform) -> Iterator[FakePlatform]:
    """Whose access is right when its secret is "richtig"; see tests/desk/social.py."""
    yield from named(social_platform(), "Social", 30)


def named(fake: FakePlatform, name: str, position: int) -> Iterator[FakePlatform]:
    for platform in connected(fake, position):
        channel = town.channel(platform.key)
        channel.name = name
        channel.save(update_fields=["name"])
        yield platform


@pytest.fixture
def at_desk(db: None) -> Callable[[User], Client]:
    def logged_in(person: User) -> Client:
        client = Client(headers={"accept-language": "de"})
        client.force_login(person)
        return client

    return logged_in


def entries(post: Post, **changes: object) -> dict[str, object]:
    """What the compose page would send for this draft."""
    post.refresh_from_db()
    return {
        "revision": post.revision,
        "text": post.text,
        "topic": post.topic_id or "",
        "language": post.language,
        "channels": list(post.channels.values_list("key", flat=True)),
        "when": "now",
        "due_at": "",
        **changes,
    }


def picture(color: str = "#0b3b45", size: tuple[int, int] = (640, 400), kind: str = "PNG") -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, kind)
    out.name = f"umleitung.{kind.lower()}"
    out.seek(0)
    return out


ON_PURPOSE = ("net::ERR_CONNECTION_RESET", "status of 401", "status of 404", "Response Status Error Code")


def is_complaint(said: ConsoleMessage) -> bool:
    """A line that a story broke on purpose is none."""
    return said.type == "error" and not any(words in said.text for words in ON_PURPOSE)


@pytest.fixture
def browse(chromium: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """A page in which the person is logged in; ends the test if the page broke its own security policy."""
    opened: list[Page] = []
    complaints: list[str] = []

    def browse_as(
        person: User,
        path: str = "/",
        *,
        width: int = 1280,
        scheme: str = "light",
        script: bool = True,
        language: str = "de-DE",
    ) -> Page:
        client = Client()
        client.force_login(person)
        context = chromium.new_context(
            locale=language,  # a header set later would not be sent
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=script,
            base_url=live_server.url,
        )
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        opened.append(page)
        return page

    yield browse_as
    for page in opened:
        page.context.close()
    until(is_at_rest, what="the end of the last request")  # else the tables are emptied under its hands
    assert complaints == []


def is_at_rest() -> bool:
    """Whether no thread of the live server is busy with the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend' AND state IN ('active', 'idle in transaction')"
        )
        busy: int = cursor.fetchone()[0]
    return busy == 0
