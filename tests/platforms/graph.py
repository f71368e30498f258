"""A Threads in memory whose answers have the documented shapes, for stories no program needs to be started for."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from ausrufer.adapter.http import Http
from ausrufer.adapter.supplies import Supplies
from ausrufer.kernel.clock import utc_now
from ausrufer.platforms.threads import Threads
from tests.platforms.rigs import media

ANSWERS = Path(__file__).with_name("answers") / "threads"
Special = Callable[[httpx.Request], httpx.Response | None]
ids = itertools.count(17_841_400_000_000_001)  # never the same in two stories, as on Threads


def answered(name: str) -> httpx.Response:
    stored = json.loads((ANSWERS / f"{name}.json").read_text())
    body = stored["body"]
    content = body if isinstance(body, str) else json.dumps(body)
    return httpx.Response(stored["status"], headers=stored.get("headers"), content=content)


@dataclass
class Graph:
    """Remembers what it was asked; `special` answers first, when a story wants something else."""

    special: Special = lambda request: None
    statuses: list[str] = field(default_factory=list)  # of containers, one per look; then FINISHED
    requests: list[httpx.Request] = field(default_factory=list)
    containers: dict[str, dict[str, str]] = field(default_factory=dict)
    posts: list[dict[str, Any]] = field(default_factory=list)

    def connect(self, **limits: Any) -> Threads:
        supplies = Supplies(http=Http(transport=httpx.MockTransport(self.answer)), media=media())
        return Threads(supplies, {"handle": "stadt_trier"}, {"access_token": "geheim"}, limits)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if special := self.special(request):
            return special
        path, fields = path_of(request), fields_of(request)
        if request.method == "DELETE":
            self.posts = [post for post in self.posts if f"/{post['id']}" != path]
            return httpx.Response(200, json={"success": True, "deleted_id": path[1:]})
        if request.method == "POST" and path == "/me/threads_publish":
            return self.publish(self.containers.pop(fields["creation_id"]))
        if request.method == "POST" and fields.get("auto_publish_text") == "true":
            return self.publish(fields)
        if request.method == "POST":
            container = str(next(ids))
            self.containers[container] = fields
            return httpx.Response(200, json={"id": container})
        return self.show(path)

    def show(self, path: str) -> httpx.Response:
        if path in ("/me/threads", "/me/replies"):
            return httpx.Response(200, json={"data": self.posts[::-1], "paging": {"cursors": {}}})
        if path[1:] in self.containers:
            status = self.statuses.pop(0) if self.statuses else "FINISHED"
            return httpx.Response(200, json={"status": status, "id": path[1:]})
        found = [post for post in self.posts if f"/{post['id']}" == path]
        return httpx.Response(200, json=found[0]) if found else answered("media_not_found")

    def publish(self, fields: dict[str, str], at: datetime | None = None) -> httpx.Response:
        post = {"id": str(next(ids)), "text": fields["text"]}
        post["permalink"] = f"https://www.threads.net/@stadt_trier/post/{post['id']}"
        post["timestamp"] = (at or utc_now()).strftime("%Y-%m-%dT%H:%M:%S+0000")
        self.posts.append(post)
        return httpx.Response(200, json={"id": post["id"]})

    @property
    def calls(self) -> list[str]:
        """What was asked, in order; ids are left out."""
        return [f"{each.method} {'/ID' if path_of(each)[1:].isdigit() else path_of(each)}" for each in self.requests]

    def sent(self) -> list[dict[str, str]]:
        return [fields_of(each) for each in self.requests if each.method == "POST"]


def path_of(request: httpx.Request) -> str:
    return request.url.path.removeprefix("/v1.0")


def fields_of(request: httpx.Request) -> dict[str, str]:
    return dict(httpx.QueryParams(request.content.decode())) | dict(request.url.params)


def is_publishing(request: httpx.Request) -> bool:
    return path_of(request) == "/me/threads_publish" or "auto_publish_text" in fields_of(request)


def once(wanted: Callable[[httpx.Request], bool], *names: str) -> Special:
    """These stored answers, one after the other, to the requests that are wanted."""
    left = list(names)
    return lambda request: answered(left.pop(0)) if left and wanted(request) else None
