"""Which files show which posts, and what stands in them."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe

from ausrufer.channels.models import Channel
from ausrufer.concept.facts import City, Link, city
from ausrufer.kernel.clock import utc_now
from ausrufer.posts.models import Topic
from ausrufer.public import dates, feeds, shown
from ausrufer.public.articles import Article, articles
from ausrufer.public.folder import Writing
from ausrufer.public.media import publish

KEPT_FRAGMENTS = 1000
LATEST = 40  # posts on the timeline, on a topic's page and in a feed
POLL_SECONDS = 60  # a reader without the stream asks this often
POLL_IN_CRISIS = 5  # seconds, while one of the newest posts is urgent
ASSETS = Path(__file__).parent / "assets"
STANDING = {"impressum": "Impressum", "datenschutz": "Datenschutz", "barrierefreiheit": "Barrierefreiheit"}


class Site:
    """One writing's view of everything that is shown."""

    def __init__(self, writing: Writing, *, also: str = "", without: str = "") -> None:
        self.writing = writing
        self.rows = shown.shown(writing.listing, also=also, without=without)
        self.now = utc_now()

    @cached_property
    def city(self) -> City:
        return city()

    @cached_property
    def topics(self) -> list[tuple[Topic, int]]:
        """Those that have posts, with their number."""
        counts = shown.counts_by_topic(self.rows)
        return [(each, counts[each.pk]) for each in Topic.objects.all() if each.pk in counts]

    @cached_property
    def profiles(self) -> list[Link]:
        """The city on platforms, where a channel is in use."""
        names = dict(Channel.objects.filter(is_active=True).values_list("platform", "name"))
        return [Link(names[platform], address) for platform, address in self.city.profiles if platform in names]

    def post(self, one: Article) -> None:
        """The post's own page, and its pictures. Raises FileNotFoundError for a picture that is nowhere."""
        for picture in one.rendition.pictures:
            self.writing.list_media(publish(picture), picture.digest, picture.size)
        self.page(shown.page_name(one.address), "post", article=one, title=one.title)

    def timeline(self) -> None:
        latest = articles(self.rows[:LATEST])
        self.page("index.html", "timeline", is_home=True, days=days(latest), newest=newest(latest))
        self.feeds("", self.city.name, latest)
        poll = POLL_IN_CRISIS if any(each.urgent for each in latest[:3]) else POLL_SECONDS
        told = {"newest": newest(latest), "count": sum(number for _, number in self.topics), "poll": poll}
        self.writing.put("latest.json", json.dumps(told))

    def topic(self, topic: Topic) -> None:
        latest = articles(self.rows.filter(release__post__topic=topic)[:LATEST])
        folder = f"thema/{topic.key}/"
        about = {"topic": topic, "title": topic.label, "folder": f"/{folder}", "newest": newest(latest)}
        self.page(f"{folder}index.html", "timeline", days=days(latest), **about)
        self.feeds(folder, f"{self.city.name}: {topic.label}", latest)

    def archive(self) -> list[str]:
        """The list of all months; returns them, newest first."""
        counts = shown.counts_by_month(self.rows)
        months = [(each, dates.month(each), number) for each, number in counts.items()]
        self.page("archiv/index.html", "archive", months=months, title="Archiv")
        return list(counts)

    def month(self, month: str, months: list[str]) -> None:
        """`months` newest first, for the way to the next one."""
        place = months.index(month)
        later, earlier = months[:place][-1:], months[place + 1 :][:1]
        ways = {"later": named(later), "earlier": named(earlier)}
        rows = articles(shown.of_month(self.rows, month))
        self.page(f"archiv/{month}/index.html", "month", days=days(rows), title=dates.month(month), **ways)

    def standing(self) -> None:
        """Pages that change with the concept only, styles and script."""
        for name, title in STANDING.items():
            self.page(f"{name}/index.html", name, title=title)
        self.page("404.html", "missing", title="Diese Seite gibt es nicht")
        for asset in ASSETS.iterdir():
            self.writing.put(asset.name, asset.read_bytes())

    def feeds(self, folder: str, title: str, latest: list[Article]) -> None:
        self.writing.put(f"{folder}feed.atom", feeds.atom(folder, title, self.city, latest))
        self.writing.put(f"{folder}feed.json", feeds.json_feed(folder, title, self.city, latest))

    def page(self, name: str, template: str, **more: Any) -> None:
        context = {"site": self, "city": self.city, "url": settings.PUBLIC_URL, "folder": "/", **more}
        self.writing.put(name, render_to_string(f"public/{template}.html", context))

    @property
    def stand(self) -> str:
        return dates.clock(self.now)

    @property
    def long_stand(self) -> str:
        return dates.stand(self.now)


def newest(latest: list[Article]) -> str:
    return latest[0].address if latest else ""


def named(months: list[str]) -> list[tuple[str, str]]:
    return [(each, dates.month(each)) for each in months]


def days(latest: list[Article]) -> list[dict[str, Any]]:
    return [
        {"day": day, "fragments": [fragment(each) for each in of_day], "label": of_day[0].day_label}
        for day, group in groupby(latest, key=lambda each: each.day)
        for of_day in [list(group)]
    ]


def fragment(one: Article) -> SafeString:
    """The finished article, as it stands in lists and travels in the stream."""
    if one.looks_like not in _fragments:
        if len(_fragments) > KEPT_FRAGMENTS:
            _fragments.clear()
        _fragments[one.looks_like] = render_to_string("public/article.html", {"article": one}).strip()
    return mark_safe(_fragments[one.looks_like])


# Rendering forty articles for each writing would take most of its time; they rarely change.
_fragments: dict[tuple[object, ...], str] = {}
