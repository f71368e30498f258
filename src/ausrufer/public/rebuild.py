"""Pages rendered again: one post after it was seen elsewhere, or all of them after the folder was lost."""

from __future__ import annotations

import logging

from django.conf import settings

from ausrufer.posts.models import Topic
from ausrufer.public.articles import Article, articles
from ausrufer.public.folder import PublicFolder
from ausrufer.public.site import Site

log = logging.getLogger("ausrufer.public")

AT_ONCE = 50  # posts in one writing: a new post never waits long for its turn


def rebuild() -> None:
    """Everything from the database; nothing is deleted, whatever the database says. Raises OSError."""
    folder = PublicFolder(settings.PUBLIC_FOLDER)
    with folder.writing() as writing:
        writing.sweep()
        site = Site(writing)
        site.standing()
        every = list(site.rows.values_list("pk", flat=True))
    for first in range(0, len(every), AT_ONCE):
        with folder.writing() as writing:
            site = Site(writing)
            put_posts(site, articles(site.rows.filter(pk__in=every[first : first + AT_ONCE])))
    lists(folder)


def put_posts(site: Site, found: list[Article]) -> None:
    for one in found:
        try:
            site.post(one)
        except FileNotFoundError as error:  # one lost picture is no reason to lose all pages
            log.error("%s is not rendered again: %s", one.address, error)


def rerender(address: str) -> None:
    """The post's page and every list that may name it. Raises OSError."""
    folder = PublicFolder(settings.PUBLIC_FOLDER)
    with folder.writing() as writing:
        site = Site(writing)
        found = articles(site.rows.filter(release__post__address=address))
        put_posts(site, found)
        site.timeline()
    topics(folder)
    archive(folder, only={one.month for one in found})


def lists(folder: PublicFolder) -> None:
    """Each in a writing of its own: a new post gets its turn between them."""
    with folder.writing() as writing:
        Site(writing).timeline()
    topics(folder)
    archive(folder)


def topics(folder: PublicFolder) -> None:
    for topic in Topic.objects.filter(posts__release__isnull=False).distinct():
        with folder.writing() as writing:
            Site(writing).topic(topic)


def archive(folder: PublicFolder, *, only: set[str] | None = None) -> None:
    with folder.writing() as writing:
        months = Site(writing).archive()
    for month in months:
        if only is None or month in only:
            with folder.writing() as writing:
                Site(writing).month(month, months)
