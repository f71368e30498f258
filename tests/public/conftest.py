"""A town whose own pages are real files, read back as the public web server would serve them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from ausrufer.adapter import registry
from ausrufer.adapter.http import Http
from ausrufer.adapter.supplies import Supplies
from ausrufer.adapter.testing import FakePlatform
from ausrufer.concept import load
from ausrufer.deliveries.models import Delivery
from ausrufer.deliveries.publish import publish
from ausrufer.posts.models import Topic
from ausrufer.public.media import PublicMedia
from ausrufer.public.pages import PublicPages
from ausrufer.public.rebuild import rebuild
from ausrufer.public.stream.files import PublicFiles, Response
from tests import town
from tests.deliveries.conftest import connected, work
from tests.public.cable import Cable
from tests.system import free_ports, until, words_of

ADDRESS = "https://aktuell.stadt.example"


class OwnPages:
    """The public folder, and what Dora reads in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def bytes(self, path: str) -> bytes:
        answer = PublicFiles(self.folder).answer(path, {})
        return content(answer) if answer.status == 200 else b""

    def text(self, path: str) -> str:
        """The page's source; "" when there is none."""
        return self.bytes(path).decode()

    def words(self, path: str = "/") -> str:
        return words_of(self.text(path))

    def posts(self, path: str = "/") -> list[str]:
        """Addresses of the posts on a list, newest first."""
        return [each.split('"', 1)[0] for each in self.text(path).split('<article id="b-')[1:]]

    def json(self, path: str) -> Any:
        return json.loads(self.text(path))

    def answer(self, request: httpx.Request) -> httpx.Response:
        headers = {name.lower(): value for name, value in request.headers.raw}
        found = PublicFiles(self.folder).answer(request.url.raw_path.decode(), headers)
        return httpx.Response(found.status, headers=found.headers, content=content(found))


def content(answer: Response) -> bytes:
    """The bytes a reader gets, also of a large file that is sent from the disk."""
    if span := answer.source:
        return span.path.read_bytes()[span.start : span.start + span.length]
    return answer.body


@pytest.fixture
def pages(db: None, settings: Settings, tmp_path: Path) -> Iterator[OwnPages]:
    """The demo city's own pages, still without a post."""
    settings.PUBLIC_FOLDER, settings.MEDIA_FOLDER = tmp_path / "public", tmp_path / "media"
    settings.PUBLIC_URL = ADDRESS
    load.load(load.read(load.DEMO))
    town.channel("website", position=0)
    own = OwnPages(settings.PUBLIC_FOLDER)
    http = Http(transport=httpx.MockTransport(own.answer))
    before = registry._supplies[0]
    registry.equip(Supplies(http=http, pages=PublicPages(), media=PublicMedia()))
    rebuild()
    yield own
    registry.equip(before)


@pytest.fixture
def threads(pages: OwnPages) -> Iterator[FakePlatform]:
    for platform in connected(FakePlatform("fakethreads", name="Threads"), 10):
        channel = town.channel(platform.key)
        channel.name = "Threads"
        channel.save(update_fields=["name"])
        yield platform


def released(text: str, *, topic: str = "roadworks", **more: object) -> Delivery:
    """Amira publishes; the delivery to the own pages still waits."""
    post = town.written(text, by=town.amira(), about=Topic.objects.get(key=topic), **more)
    publish(post, by=town.amira(), revision=post.revision)
    return own_delivery(post.address)


def published(text: str, *, topic: str = "roadworks", **more: object) -> Delivery:
    """Written, released, delivered, and seen."""
    delivery = released(text, topic=topic, **more)
    work()
    return own_delivery(delivery.release.post.address)


def own_delivery(address: str) -> Delivery:
    rows = Delivery.objects.select_related("release__post__topic")
    return rows.get(release__post__address=address, channel__platform="website")


class Stream:
    """The hub as a process of its own, on the folder and the database of the test."""

    def __init__(self, folder: Path, port: int, log: Path) -> None:
        self.cable = Cable(Path(connection.settings_dict["HOST"]) / ".s.PGSQL.5432")
        database, user = connection.settings_dict["NAME"], connection.settings_dict["USER"]
        self.port, self.log = port, log
        self.address = f"http://127.0.0.1:{port}"
        self.environment = {**os.environ, "DATABASE_URL": self.cable.url(database, user)}
        self.command = [sys.executable, "-m", "ausrufer.public.stream", "--port", str(port), "--folder", str(folder)]
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, env=self.environment, stdout=log, stderr=log)
        until(self.is_there, what="the stream")

    def is_there(self) -> bool:
        try:
            return httpx.get(f"{self.address}/", timeout=2).status_code > 0
        except httpx.HTTPError:
            return False

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)

    def close(self) -> None:
        self.kill()
        self.cable.close()


@pytest.fixture
def stream(transactional_db: None, pages: OwnPages, settings: Settings, tmp_path: Path) -> Iterator[Stream]:
    port = free_ports()
    settings.PUBLIC_URL = f"http://127.0.0.1:{port}"
    running = Stream(pages.folder, port, tmp_path / "stream.log")
    yield running
    running.close()
