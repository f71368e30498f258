"""Which files show which posts, and what stands in them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from ausrufer.concept.facts import city
from ausrufer.kernel.clock import local, utc_now
from ausrufer.posts.models import Topic
from ausrufer.public import entries, feeds
from ausrufer.public.articles import MONTHS, Article
from ausrufer.public.folder import Writing
from ausrufer.public.media import PublicMedia
from ausrufer.public.models import PublicEntry

LATEST = 40  # posts on the timeline, on a topic's page and in a feed
POLL_SECONDS = 60  # a reader without the stream asks this often; 5 while a crisis is on
CRISIS_SECONDS = 5
ASSETS = Path(__file__).parent / "assets"


class Site:
    """One writing's view of everything that is shown."""

    def __init__(self, writing: Writing) -> None:
        self.writing = writing
        self.city = city()
        self.stamp = local(utc_now())
        self.counts = entries.counts()

    def post(self, one: Article) -> None:
        """The post's own page, and its pictures."""
        for picture in one.rendition.pictures:
            name = PublicMedia().publish(picture.digest)
            self.writing.list_media(name, picture.digest, picture.size)
        self.page(f"b/{one.address}/index.html", "post", article=one, title=one.title)

    def timeline(self) -> None:
        newest = entries.latest(LATEST)
        self.page("index.html", "timeline", days=days(newest), topics=self.counts, months=self.months(), is_home=True)
        total = sum(number for _, number in self.counts)
        poll = CRISIS_SECONDS if any(each.urgent for each in newest[:3]) else POLL_SECONDS
        latest = {"newest": newest[0].post if newest else "", "count": total, "poll": poll}
        self.writing.put("latest.json", json.dumps(latest))
        self.feeds("", self.city.name, newest)

    def topic(self, topic: Topic) -> None:
        newest, folder = entries.latest(LATEST, topic=topic.key), f"thema/{topic.key}/"
        more = {"topic": topic, "title": topic.label, "feed": f"/{folder}feed.atom"}
        self.page(f"{folder}index.html", "timeline", days=days(newest), topics=self.counts, **more)
        self.feeds(folder, f"{self.city.name}: {topic.label}", newest)

    def month(self, month: str) -> None:
        year, number = map(int, month.split("-"))
        rows = list(PublicEntry.objects.filter(day__year=year, day__month=number))
        more = {"month": month, "title": f"{MONTHS[number - 1]} {year}"}
        self.page(f"archiv/{month}/index.html", "timeline", days=days(rows), topics=self.counts, **more)

    def standing(self) -> None:
        """Pages that change with the concept only, styles and script."""
        for name in ("impressum", "datenschutz", "barrierefreiheit"):
            self.page(f"{name}/index.html", name)
        self.page("404.html", "missing")
        for asset in ASSETS.iterdir():
            self.writing.put(asset.name, asset.read_bytes())

    def months(self) -> list[tuple[str, str]]:
        return [(month, f"{MONTHS[int(month[5:]) - 1]} {month[:4]}") for month in entries.months()]

    def feeds(self, folder: str, title: str, newest: Sequence[PublicEntry]) -> None:
        moment = newest[0].released_at if newest else None
        atom = feeds.atom(folder, title, self.city, [each.atom for each in newest], moment)
        self.writing.put(f"{folder}feed.atom", atom)
        self.writing.put(
            f"{folder}feed.json", feeds.json_feed(folder, title, self.city, [each.item for each in newest])
        )

    def page(self, name: str, template: str, **more: Any) -> None:
        context = {"city": self.city, "stamp": f"{self.stamp:%H:%M}", "url": settings.PUBLIC_URL, **more}
        self.writing.put(name, render_to_string(f"public/{template}.html", context))


def days(newest: Sequence[PublicEntry]) -> list[dict[str, Any]]:
    return [
        {
            "day": day.isoformat(),
            "label": of_day[0].day_label,
            "fragments": mark_safe("".join(each.fragment for each in of_day)),
        }
        for day, group in groupby(newest, key=lambda each: each.day)
        for of_day in [list(group)]
    ]
