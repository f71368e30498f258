"""Pages rendered again: one post after it was seen elsewhere, or all of them after the folder was lost."""

from __future__ import annotations

from django.conf import settings

from ausrufer.posts.models import Topic
from ausrufer.public.articles import articles, own_deliveries, shown
from ausrufer.public.folder import PublicFolder
from ausrufer.public.site import Site


def rebuild() -> None:
    """Everything from the database. Raises OSError."""
    with PublicFolder(settings.PUBLIC_FOLDER).writing() as writing:
        site = Site(writing)
        for one in articles(shown()):
            site.post(one)
        lists(site)


def rerender(address: str) -> None:
    """The post's page and every list that may name it. Raises OSError."""
    with PublicFolder(settings.PUBLIC_FOLDER).writing() as writing:
        site = Site(writing)
        for one in articles(own_deliveries().filter(release__post__address=address, placement__isnull=False)):
            site.post(one)
        lists(site)


def lists(site: Site) -> None:
    site.standing()
    latest = site.timeline()
    for topic in Topic.objects.filter(posts__release__isnull=False).distinct():
        site.topic(topic)
    for month in {one.month for one in latest}:
        site.month(month)
