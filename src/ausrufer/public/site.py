"""Which files show which posts, and what stands in them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from ausrufer.concept.facts import City, Link, city
from ausrufer.deliveries.models import Change
from ausrufer.kernel.clock import utc_now
from ausrufer.public import dates, entries, feeds
from ausrufer.public.articles import Article
from ausrufer.public.entries import Entry
from ausrufer.public.folder import Writing
from ausrufer.public.media import publish
from ausrufer.public.overview import Overview, ShownTopic, overview

LATEST = 40  # posts on the timeline, on a topic's page and in a feed
POLL_SECONDS = 60  # a reader without the stream asks this often
POLL_IN_CRISIS = 5  # seconds, while one of the newest posts is urgent
ASSETS = Path(__file__).parent / "assets"
STANDING = {"impressum": "Impressum", "datenschutz": "Datenschutz", "barrierefreiheit": "Barrierefreiheit"}


class Site:
    """One writing's view of everything that is shown; reads the database once for each subject."""

    def __init__(self, writing: Writing) -> None:
        self.writing = writing
        self.now = utc_now()

    @cached_property
    def city(self) -> City:
        return city()

    @cached_property
    def newest(self) -> list[Entry]:
        return entries.latest(LATEST)

    @cached_property
    def overview(self) -> Overview:
        return overview()

    @property
    def topics(self) -> list[tuple[ShownTopic, int]]:
        """Those with posts, in the concept's order."""
        return self.overview.topics

    @cached_property
    def months(self) -> dict[str, int]:
        return entries.months()

    @property
    def profiles(self) -> list[Link]:
        """The city on platforms, where a channel is in use."""
        names = {each.platform: each.name for each in self.overview.channels if each.is_active}
        return [Link(names[platform], address) for platform, address in self.city.profiles if platform in names]

    @property
    def redirects(self) -> list[tuple[str, str]]:
        """What to say in the place of channels that were stopped: (name, words)."""
        return [(each.name, each.redirect) for each in self.overview.channels if each.redirect]

    @property
    def stand(self) -> str:
        return dates.clock(self.now)

    @property
    def long_stand(self) -> str:
        return dates.stand(self.now)

    def post(self, one: Article) -> None:
        """The post's own page, and its pictures and videos. Raises FileNotFoundError for one that is nowhere."""
        for each in publish(one.rendition):
            self.writing.list_media(each.name, each.digest, each.size)
        self.page(page_name(one.address), "post", article=one, title=one.title)

    def withdrawn(self, address: str, why: Change) -> None:
        """In the place of the post's page."""
        about = {"at": dates.stand(why.clicked_at), "reason": why.reason, "title": "Zurückgenommen"}
        self.page(page_name(address), "withdrawn", **about)

    def timeline(self) -> None:
        self.list_page("", self.newest, is_home=True)
        poll = POLL_IN_CRISIS if any(each.urgent for each in self.newest[:3]) else POLL_SECONDS
        latest = {"newest": first(self.newest), "count": self.overview.total, "poll": poll}
        self.writing.put("latest.json", json.dumps(latest))

    def main_feeds(self) -> None:
        self.feeds("", self.city.name, self.newest)

    def topic(self, topic: ShownTopic) -> None:
        newest, folder = entries.latest(LATEST, topic=topic.key), f"thema/{topic.key}/"
        self.list_page(folder, newest, topic=topic, title=topic.label)
        self.feeds(folder, f"{self.city.name}: {topic.label}", newest)

    def list_page(self, folder: str, newest: Sequence[Entry], **more: Any) -> None:
        shown = {"days": days(newest), "newest": first(newest), "folder": f"/{folder}"}
        self.page(f"{folder}index.html", "timeline", **shown, **more)

    def archive(self) -> None:
        """The list of all months."""
        months = [(each, dates.month(each), number) for each, number in self.months.items()]
        self.page("archiv/index.html", "archive", months=months, title="Archiv")

    def month(self, month: str) -> None:
        keys = list(self.months)
        place = keys.index(month)
        later, earlier = keys[:place][-1:], keys[place + 1 :][:1]
        ways = {"later": named(later), "earlier": named(earlier)}
        shown = days(entries.of_month(month))
        self.page(f"archiv/{month}/index.html", "month", days=shown, title=dates.month(month), **ways)

    def standing(self) -> None:
        """Pages that change with the concept only, styles and script."""
        for name, title in STANDING.items():
            self.page(f"{name}/index.html", name, title=title)
        self.page("404.html", "missing", title="Diese Seite gibt es nicht")
        for asset in ASSETS.iterdir():
            self.writing.put(asset.name, asset.read_bytes())

    def feeds(self, folder: str, title: str, newest: Sequence[Entry]) -> None:
        moment = max((each.updated_at for each in newest), default=None)
        atom = feeds.atom(folder, title, self.city, [each.atom for each in newest], moment)
        self.writing.put(f"{folder}feed.atom", atom)
        items = [each.item for each in newest]
        self.writing.put(f"{folder}feed.json", feeds.json_feed(folder, title, self.city, items))

    def page(self, name: str, template: str, **more: Any) -> None:
        context = {"site": self, "city": self.city, "url": settings.PUBLIC_URL, "folder": "/", **more}
        self.writing.put(name, render_to_string(f"public/{template}.html", context))


def page_name(address: str) -> str:
    return f"b/{address}/index.html"


def first(newest: Sequence[Entry]) -> str:
    return newest[0].post if newest else ""


def named(months: list[str]) -> list[tuple[str, str]]:
    return [(each, dates.month(each)) for each in months]


def days(newest: Sequence[Entry]) -> list[dict[str, Any]]:
    return [
        {
            "day": day.isoformat(),
            "label": of_day[0].day_label,
            "fragments": mark_safe("\n".join(each.fragment for each in of_day)),
        }
        for day, group in groupby(newest, key=lambda each: each.day)
        for of_day in [list(group)]
    ]
