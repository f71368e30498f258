"""Which files show which posts, and what stands in them."""

from __future__ import annotations

import json
from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from ausrufer.concept.facts import city
from ausrufer.kernel.clock import local, utc_now
from ausrufer.posts.models import Topic
from ausrufer.public import feeds
from ausrufer.public.articles import Article, articles, shown
from ausrufer.public.folder import Writing
from ausrufer.public.media import PublicMedia

KEPT_FRAGMENTS = 1000
LATEST = 40  # posts on the timeline, on a topic's page and in a feed
POLL_SECONDS = 60  # a reader without the stream asks this often; 5 while a crisis is on
ASSETS = Path(__file__).parent / "assets"


class Site:
    """One writing's view of everything that is shown; reads the database once per page kind."""

    def __init__(self, writing: Writing, *, also: str = "") -> None:
        self.writing = writing
        self.also = also
        self.city = city()
        self.stamp = local(utc_now())

    def post(self, one: Article) -> None:
        """The post's own page, and its pictures."""
        for picture in one.rendition.pictures:
            name = PublicMedia().publish(picture.digest)
            self.writing.list_media(name, picture.digest, picture.size)
        self.page(f"b/{one.address}/index.html", "post", article=one, title=one.title)

    def timeline(self) -> list[Article]:
        latest = articles(shown(also=self.also)[:LATEST])
        counts = self.counts()
        months = sorted({each.month for each in latest}, reverse=True)
        self.page("index.html", "timeline", days=days(latest), topics=counts, months=months, feed="/feed.atom")
        self.feeds("", self.city.name, latest)
        newest = latest[0].address if latest else ""
        poll = 5 if any(each.urgent for each in latest[:3]) else POLL_SECONDS
        self.writing.put(
            "latest.json", json.dumps({"newest": newest, "count": sum(n for _, n in counts), "poll": poll})
        )
        return latest

    def topic(self, topic: Topic) -> None:
        latest = articles(shown(also=self.also).filter(release__post__topic=topic)[:LATEST])
        folder = f"thema/{topic.key}/"
        self.page(
            f"{folder}index.html",
            "timeline",
            days=days(latest),
            topics=self.counts(),
            topic=topic,
            title=topic.label,
            feed=f"/{folder}feed.atom",
        )
        self.feeds(folder, f"{self.city.name}: {topic.label}", latest)

    def month(self, month: str) -> None:
        year, number = map(int, month.split("-"))
        rows = shown(also=self.also).filter(release__clicked_at__year=year, release__clicked_at__month=number)
        self.page(
            f"archiv/{month}/index.html",
            "timeline",
            days=days(articles(rows)),
            topics=self.counts(),
            month=month,
            title=f"Beiträge im Monat {number}/{year}",
            feed="/feed.atom",
        )

    def standing(self) -> None:
        """Pages that change with the concept only, styles and script."""
        for name in ("impressum", "datenschutz", "barrierefreiheit"):
            self.page(f"{name}/index.html", name)
        self.page("404.html", "missing")
        for asset in ASSETS.iterdir():
            self.writing.put(asset.name, asset.read_bytes())

    def counts(self) -> list[tuple[Topic, int]]:
        numbers: Counter[int] = Counter()
        rows = shown(also=self.also).order_by().values_list("release__post__topic").annotate(number=Count("id"))
        for topic, number in rows:
            numbers[topic] = number
        return [(topic, numbers[topic.pk]) for topic in Topic.objects.all() if numbers[topic.pk]]

    def feeds(self, folder: str, title: str, latest: list[Article]) -> None:
        self.writing.put(f"{folder}feed.atom", feeds.atom(folder, title, self.city, latest))
        self.writing.put(f"{folder}feed.json", feeds.json_feed(folder, title, self.city, latest))

    def page(self, name: str, template: str, **more: Any) -> None:
        context = {"city": self.city, "stamp": f"{self.stamp:%H:%M}", "url": settings.PUBLIC_URL, **more}
        self.writing.put(name, render_to_string(f"public/{template}.html", context))


def days(latest: list[Article]) -> list[dict[str, Any]]:
    return [
        {"day": day, "fragments": [fragment(each) for each in of_day], "label": of_day[0].day_label}
        for day, group in groupby(latest, key=lambda each: each.day)
        for of_day in [list(group)]
    ]


def fragment(one: Article) -> SafeString:
    """The finished article, as it stands in lists and travels in the stream."""
    version = (one.key, one.rendition.text, one.elsewhere)
    if version not in _fragments:
        if len(_fragments) > KEPT_FRAGMENTS:
            _fragments.clear()
        _fragments[version] = render_to_string("public/article.html", {"article": one})
    return mark_safe(_fragments[version])


# Rendering forty articles for each writing would take most of its time; they rarely change.
_fragments: dict[tuple[object, ...], str] = {}
